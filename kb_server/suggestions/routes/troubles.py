"""When something is in the way of asking or answering: what it is, beside the field, and all that was typed."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

import sqlalchemy as sa
from flask import Response, request

from kb_server.errors import KbError, NotFound
from kb_server.suggestions import history, single
from kb_server.suggestions.faults import Stale, StaleRemark, Wrong
from kb_server.suggestions.models import Suggestion
from kb_server.suggestions.proposing import ANSWERS, Answering, planned, teams
from kb_server.suggestions.routes import answers
from kb_server.suggestions.states import ACTS
from kb_server.web import live
from kb_server.web.again import Again
from kb_server.web.context import build, kb
from kb_server.web.words import words_for
from kb_server.words import t
from kb_server.writing import markdown
from kb_server.writing.forms import QUOTE
from kb_server.writing.marking import PassageGone
from kb_server.writing.models import Place
from kb_server.writing.names import Names
from kb_server.writing.places import SectionGone
from kb_server.writing.text import TEAM, Ready

TYPED_IN = tuple(f"suggestions.{name}" for name in ("ask", "act", "edit", "remark", "edit_remark"))
"""The routes whose forms people write in."""
FIELDS = {"words": "body"}
"""What a field is called in our forms, where services call it something else."""


def filled(path: str, fields: dict[str, str], *, status: int = 200, **more: Any) -> Response:  # noqa: ANN401
    """The form at `path`, filled in."""
    error = more.pop("error", None)
    with kb().database.read() as connection:
        now = _suggestion(connection, path)
        given = {
            "action": path,
            "fields": fields,
            "words": words_for(status) if status != HTTPStatus.OK else None,
            "fault": {_field(error): str(error)} if isinstance(error, Wrong) else {},
            "kind": _kind(path, fields),
            "teams": teams(live.by(), _place(fields), fields),
            "answering": _answering(now, fields) if now else None,
            "one": now,
            "author": Names(connection, {now.author}, build().roster).name(now.author) if now else "",
            **(_as_it_is(connection, error.current) if isinstance(error, Stale) else _current(error)),
        }
    return answers.page("suggestions/again.html", status=status, **{**more, **given})


def previewed(ready: Ready) -> Response:
    """How a text will look: as a part, or above the form it came from."""
    roster = build().roster
    names = {handle: one.name for handle, one in roster.people.items()}
    names |= {TEAM + key: team.name for key, team in roster.teams.items()}
    shown = markdown.named(ready.made.html, lambda one: names.get(one, one))
    if live.is_part():
        return answers.part("suggestions/preview.html", preview=shown)
    return filled(request.path, answers.form().kept(), preview=shown)


def kept(error: Exception) -> dict[str, str]:
    """What was typed, as it can be sent once more."""
    fields = {"page": request.args.get("page", "")} if "page" in request.args else {}
    fields |= answers.form().kept()
    if isinstance(error, (PassageGone, SectionGone)):
        fields = {name: value for name, value in fields.items() if name not in QUOTE}
    if isinstance(error, SectionGone):
        fields.pop("section", None)
    if isinstance(error, NotFound):  # the page has gone: what was to be said about it can be said all the same
        fields = {name: value for name, value in fields.items() if name not in {"page", "section", *QUOTE}}
    if isinstance(error, (Stale, StaleRemark)):
        fields["version"] = str(error.current.version)
    return fields


def _field(error: Wrong) -> str:
    return FIELDS.get(error.field, error.field)


def _place(fields: dict[str, str]) -> Place | None:
    try:
        return answers.place(fields.get("page", ""), "")
    except KbError:
        return None


def _kind(path: str, fields: dict[str, str]) -> str:
    """What the form at a path is for: asking, answering in one of four ways, another act, or a text alone."""
    if not path.startswith("/s/"):
        return "ask"
    if path.endswith("/edit/"):
        return "edit"
    act = fields.get("act", "")
    return ("answer" if act in ANSWERS else "act") if act in ACTS else "text"


def _suggestion(connection: sa.Connection, path: str) -> Suggestion | None:
    try:
        return answers.found(connection, path.split("/")[2]) if path.startswith("/s/") else None
    except NotFound:
        return None


def _answering(one: Suggestion, fields: dict[str, str]) -> Answering | None:
    return planned(live.by(), one, ANSWERS) if fields.get("act") else None


def _current(error: Exception | None) -> dict[str, Any]:
    """Which field is in the way, or what somebody else has made of the same meanwhile."""
    if isinstance(error, Wrong):
        return {"field": _field(error)}
    if isinstance(error, StaleRemark):
        return {"current": error.current.body, "version": error.current.version}
    if not isinstance(error, Stale):
        return {}
    with kb().database.read() as connection:
        return _as_it_is(connection, error.current)


def _as_it_is(connection: sa.Connection, one: Suggestion) -> dict[str, Any]:
    """The suggestion that somebody else was faster with, and who that was."""
    if request.path.endswith("/edit/"):
        stands = f"{one.title}\n\n{one.body}"
    else:
        stands = single.stands(one, Names(connection, {one.owner} - {""}, build().roster), build().roster)
    return {"current": stands, "version": one.version, "detail": _faster(connection, one)}


def _faster(connection: sa.Connection, one: Suggestion) -> str:
    """Who answered a moment before, in a sentence."""
    lines = history.history(connection, one)
    actor = lines[-1][0].actor if lines else ""
    names = Names(connection, {actor} - {""}, build().roster)
    return t("suggestion.answer.first", name=names.name(actor) if actor else t("talk.somebody"))


again = Again(
    TYPED_IN, ("body", "title", "act"), kept, filled, _current, "/suggestions/draft/{}/", chosen=frozenset({"act"})
)
