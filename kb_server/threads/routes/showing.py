"""Conversations and comments as programs get them."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection

from kb_server.threads.finding import url_of
from kb_server.threads.models import Comment, Thread, ids_in
from kb_server.threads.routes import shapes
from kb_server.web.api import Answer
from kb_server.web.api.shared import Quote, person
from kb_server.web.context import build
from kb_server.writing import markdown
from kb_server.writing.names import Names


def names(connection: Connection, ids: Iterable[str]) -> Names:
    """What people are called, by the served build."""
    return Names(connection, ids, build().roster)


def answered(connection: Connection, said: Comment, status: int = 0) -> Answer[shapes.Comment]:
    """A comment as an answer; with a `status`, one that was just made."""
    shown = comment(said, names(connection, ids_in([said])))
    headers = {"Location": f"/api/v1/comments/{said.id}"} if status else {}
    return Answer(shown, status, etag=str(said.version), headers=headers)


def thread(found: Thread, called: Names) -> shapes.Thread:
    """A conversation."""
    return shapes.Thread(
        id=found.id,
        page=found.page,
        section=found.section,
        kind=found.kind,
        title=found.title,
        state=found.state,
        reason=found.reason,
        author=person(found.author, called),
        created_at=found.created_at,
        comments=found.shown,
        quote=Quote.model_validate(found.quote) if found.quote else None,
        fate=found.fate,
        url=url_of(found.id),
    )


def comment(said: Comment, called: Names) -> shapes.Comment:
    """Something said."""
    return shapes.Comment(
        id=said.id,
        thread=said.thread,
        author=person(said.author, called),
        body=said.body,
        html=str(markdown.named(said.html, called.name)),
        state=said.state,
        version=said.version,
        created_at=said.created_at,
        edited_at=said.edited_at,
        agrees=said.agrees,
        agreed=said.mine,
        url=url_of(said.thread, said.id),
    )
