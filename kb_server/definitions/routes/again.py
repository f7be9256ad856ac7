"""What could not be said of a definition, why, and everything that was typed: no word is lost.

Where the form still stands on its page it is filled in there. Where it does not (who sends it is signed out, has
answered meanwhile or speaks for that team no more, the page or a case has gone, the store cannot be asked) what was
typed stands on a page of its own, which needs nothing but itself.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, g, request
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from kb_server.definitions.pages import facts_of
from kb_server.definitions.routes import answers, saying, sorting
from kb_server.definitions.routes.answers import Gone
from kb_server.people.permissions import may
from kb_server.web import drafting
from kb_server.web.again import Again
from kb_server.web.context import build
from kb_server.web.gate import actor, must
from kb_server.web.words import words_for
from kb_server.words import t

TYPED_IN = tuple(f"definitions.{name}" for name in ("say", "declare", "sort", "add_case"))
"""The routes whose forms people write in."""
WRITTEN = ("reason", "own", "title", "text")
"""The fields people write in; reasons for cases are numbered."""


def add(routes: Blueprint) -> None:
    """Put these routes into the blueprint."""
    routes.get("/definitions/draft/<secret>/")(draft)


def draft(secret: str) -> Response:
    """What somebody was writing before they signed in, ready to be sent."""
    must("definition.visit")
    fields = drafting.taken_up(secret)
    return filled(fields.pop("path"), {**fields, "draft": secret}, note=t("talk.draft"))


def filled(path: str, fields: dict[str, str], *, status: int = 200, **more: Any) -> Response:  # noqa: ANN401
    """The form at `path`, filled in: on its own page where it stands there, else by itself."""
    error = more.pop("error", None)
    more["words"] = words_for(status) if status != HTTPStatus.OK else None
    if not isinstance(error, (DBAPIError, PoolTimeout)) and _reads(path):
        try:
            shown = sorting.shown if path.split("/")[3:4] == ["cases"] else saying.shown
            return shown(path.split("/")[2], fields, status=status, **more)
        except (Gone, DBAPIError, PoolTimeout):
            pass  # what was typed is worth more than the page around it
    return answers.bare("definitions/again.html", status=status, path=path, typed=_typed(fields), fields=fields, **more)


def _reads(path: str) -> bool:
    """Whether the page is there, and who asks is one who may read it."""
    page = build().pages.get(path.split("/")[2])
    return page is not None and facts_of(page) is not None and "actor" in g and may(actor(), "definition.visit")


def _typed(fields: dict[str, str]) -> list[tuple[str, str, str]]:
    """What somebody wrote, field by field: its name, what it is called, and the words."""
    labels = {
        "reason": t("definition.not_yet_because"),
        "own": t("definition.own"),
        "title": t("sorting.add.title"),
        "text": t("sorting.add.text"),
    }
    return [
        (name, labels.get(name, t("sorting.reason")), value)
        for name, value in fields.items()
        if value and name.partition("-")[0] in WRITTEN
    ]


def _kept(_error: Exception) -> dict[str, str]:
    """All that was sent: where a form has numbered fields, which they are depends on what was shown."""
    return {name: value for name, value in request.form.items() if value}


CHOSEN = frozenset({"old", "says", "team"})
again = Again(
    TYPED_IN, (*WRITTEN, *CHOSEN), _kept, filled, lambda _: {}, drafts="/definitions/draft/{}/", chosen=CHOSEN
)
"""What could not be said, why, and everything that was typed."""
