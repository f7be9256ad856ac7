"""What a definition says, for whoever meets its term on another page: the text in force, and how it stands."""

from __future__ import annotations

from flask import Blueprint, Response

from kb_server.definitions.quoting import quote
from kb_server.definitions.routes import answers
from kb_server.pages import binding
from kb_server.web import live
from kb_server.web.context import kb


def add(routes: Blueprint) -> None:
    """Put these routes into the blueprint."""
    routes.get("/d/<page_id>/quote/")(quoted)


def quoted(page_id: str) -> Response:
    """A definition in one sentence, as a part of another page; asked for afresh each time it is shown."""
    found, _ = answers.found(page_id)
    with kb().database.read() as connection:
        one = quote(connection, page_id)
    etag = answers.tag(one)
    said = binding.sentence(one.text or binding.definition_in(found.sections))
    return live.at_hand(etag) or answers.part("definitions/quote.html", etag=etag, quote=one, said=said)
