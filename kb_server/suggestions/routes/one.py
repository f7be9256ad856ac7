"""One suggestion over HTTP, at the address that lasts."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, Response, request

from kb_server.people.permissions import may
from kb_server.suggestions import reading, single
from kb_server.suggestions.applying import saying
from kb_server.suggestions.routes import answers
from kb_server.web import live
from kb_server.web.context import build, kb
from kb_server.writing import drafts
from kb_server.writing.forms import number


def add(routes: Blueprint) -> None:
    """Put these routes into the blueprint."""
    routes.get("/s/<name>/")(one)


def one(name: str) -> Response:
    """A suggestion by itself."""
    by, served = live.by(), build()
    with kb().database.read() as connection:
        found = answers.found(connection, name)
        typed = _typed(connection)
        etag = answers.tag(connection)
        if not typed and (ready := live.at_hand(etag)):
            return ready
        shown = single.one(connection, by, served.pages, found, after=number(request.args.get("after", "")))
        before = reading.versions_of(connection, found.number) if found.edited_at else []
    kept = "" if typed else etag
    preview = kb().preview_of(saying.branch(found)) if shown.applied and may(by.actor, "preview.see") else ""
    more: dict[str, Any] = {"versions": before, "roster": by.roster, "preview": preview}
    more["forge"] = bool(kb().settings.forge_token)
    return answers.page("suggestions/one.html", etag=kept, one=shown, key=etag, typed=typed, **more)


def _typed(connection: sa.Connection) -> str:
    """What somebody was writing when they found that this was asked already."""
    given = request.args.get("draft", "")
    return drafts.found(connection, given, live.writer(), datetime.now(UTC)).get("body", "") if given else ""
