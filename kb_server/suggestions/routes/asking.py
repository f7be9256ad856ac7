"""How somebody asks a team for something: from the board, a page, a passage, a conversation, or as an idea."""

from __future__ import annotations

import re

import sqlalchemy as sa
from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as BaseResponse

from kb_server.documents import reading as documents
from kb_server.errors import KbError
from kb_server.suggestions import service
from kb_server.suggestions.models import Asking
from kb_server.suggestions.proposing import teams
from kb_server.suggestions.routes import answers, troubles
from kb_server.web import drafting, live
from kb_server.web.context import kb
from kb_server.web.gate import must
from kb_server.words import t
from kb_server.writing import drafts, text
from kb_server.writing.forms import QUOTE, Form
from kb_server.writing.models import Place

GIVEN = ("page", "section", "title", "to_team", "from_team", *QUOTE)
"""What an address may propose."""
_THREAD = re.compile(r"th_\w{1,40}", re.ASCII)


def add(routes: Blueprint) -> None:
    """Put these routes into the blueprint."""
    routes.get("/suggestions/new/")(new)
    routes.get("/suggestions/new/part/")(part)
    routes.post("/suggestions/")(ask)
    routes.get("/suggestions/draft/<secret>/")(draft)


def new() -> Response:
    """The form to ask with, filled in as far as it is known what it is about."""
    fields = {name: request.args[name] for name in GIVEN if request.args.get(name)}
    with kb().database.read() as connection:
        fields["key"] = answers.tag(connection)
        if thread := request.args.get("thread", ""):
            fields |= {"thread": thread, "body": _said_in(connection, thread)}
    place = _place(fields)
    return answers.page(
        "suggestions/new.html", place=place, fields=fields, teams=teams(live.by(), place, fields), fault={}
    )


def part() -> Response:
    """The fields that make an idea about a page a suggestion, for our own script."""
    place = _place(dict(request.args))
    return answers.part("suggestions/fields.html", fields={}, teams=teams(live.by(), place, {}), place=place, fault={})


def ask() -> BaseResponse:
    """Ask. Whoever has not said whom is asked that first, with everything they typed."""
    by, form = live.by(), answers.form()
    page, section = form["page"] or request.args.get("page", ""), form["section"]
    if form["preview"]:
        return troubles.previewed(text.preview(by, form["body"]))
    place = answers.place(page, section)
    if "to_team" not in form.fields:
        return _whom(form, page)
    with kb().database.transaction() as connection:
        asking = Asking(form.said, form["to_team"], form["from_team"], form["title"], place, form.passage)
        made = service.ask(connection, by, asking)
        drafts.forget(connection, form["draft"], live.writer())
    return live.done(f"s/{made.number}/")


def draft(secret: str) -> Response:
    """What somebody was writing before they signed in, ready to be sent."""
    must("talk")
    fields = drafting.taken_up(secret)
    return troubles.filled(fields.pop("path"), {**fields, "draft": secret}, note=t("talk.draft"))


def _whom(form: Form, page: str) -> BaseResponse:
    """The same form, and to whom it goes; our own script is led to it."""
    text.checked(form["body"])
    fields = form.kept() | {"page": page}
    if not live.is_part():
        return troubles.filled("/suggestions/", fields, note=t("suggestion.new.which"))
    given = drafting.lay_by(fields | {"path": "/suggestions/"})
    return live.to(f"suggestions/draft/{given}/")


def _place(fields: dict[str, str]) -> Place | None:
    """What it is about; of a section that has gone, its page; of a page that has gone, nothing."""
    for section in (fields.get("section", ""), ""):
        try:
            return answers.place(fields.get("page", ""), section)
        except KbError:
            fields.pop("section", None)
    return None


def _said_in(connection: sa.Connection, thread: str) -> str:
    """What a conversation began with, and the way to it."""
    said = documents.first_at(connection, f"t/{thread}/") if _THREAD.fullmatch(thread) else None
    if said is None:
        return ""
    title, words = said
    plain = title.translate({ord(sign): None for sign in "[]\\"})
    link = t("suggestion.new.thread", title=plain, url=f"{request.script_root}/t/{thread}/")
    return f"{words}\n\n{link}"
