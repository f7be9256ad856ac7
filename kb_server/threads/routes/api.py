"""Conversations for programs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from flask import Blueprint
from pydantic import Field, TypeAdapter
from sqlalchemy import Connection

from kb_server.errors import NotFound
from kb_server.threads import attaching, moderation, reading, service
from kb_server.threads.acts import thread_of
from kb_server.threads.models import HIDDEN, Comment, Thread, Topic, ids_in
from kb_server.threads.outcomes import DONE, GONE, MADE, MAY
from kb_server.threads.routes import answers, shapes, showing
from kb_server.web.api import Answer, Fault, Operation, Unusable, cursors, operation
from kb_server.web.api.shared import Keyed
from kb_server.web.context import kb
from kb_server.web.gate import actor
from kb_server.words import t
from kb_server.writing.models import By, Marked, Place, Said

NUMBER = TypeAdapter(Annotated[int, Field(ge=1, lt=1 << 63)])
TAG = "Conversations"


def blueprint() -> Blueprint:
    """All routes for programs."""
    routes = Blueprint("talk_api", __name__)

    def add(path: str, method: str, view: Operation) -> None:
        routes.add_url_rule(f"/api/v1/{path}", view_func=view, methods=[method])

    for path, method, view in (
        ("threads", "GET", threads),
        ("threads", "POST", start),
        ("threads/<thread_id>", "GET", thread),
        ("threads/<thread_id>/comments", "GET", comments),
        ("threads/<thread_id>/comments", "POST", answer),
        ("threads/<thread_id>/settlement", "PUT", settle),
        ("threads/<thread_id>/settlement", "DELETE", reopen),
        ("threads/<thread_id>/place", "PUT", move),
        ("threads/<thread_id>/passage", "PUT", attach),
        ("comments/<comment_id>", "GET", comment),
        ("comments/<comment_id>", "PUT", edit),
        ("comments/<comment_id>", "DELETE", delete),
        ("comments/<comment_id>/agreement", "PUT", agree),
        ("comments/<comment_id>/agreement", "DELETE", disagree),
        ("comments/<comment_id>/flag", "PUT", flag),
    ):
        add(path, method, view)
    return routes


# ── Reading ───────────────────────────────────────────────────────────────


@operation(TAG, answers={200: "The conversations, the latest first."})
def threads(query: shapes.Listed) -> shapes.Threads:
    """What people talk about on a page."""
    of = ("threads", query.page, query.state)
    with kb().database.read() as connection:
        before = cursors.read(query.cursor, NUMBER, *of) or 0
        found = reading.threads_on(connection, query.page, query.state, before=before, most=query.limit + 1)
        shown, following = cursors.cut(found, query.limit, lambda one: one.number, *of)
        names = showing.names(connection, {one.author for one in shown})
    if not found:
        answers.place_at(query.page)
    return shapes.Threads(threads=[showing.thread(one, names) for one in shown], next=following)


@operation(TAG, answers={200: "The conversation."})
def thread(path: shapes.OneThread) -> Answer[shapes.Thread]:
    """A conversation, without what is said in it."""
    with kb().database.read() as connection:
        found = _found(connection, path)
        etag = answers.tag(connection, found.page)
        return Answer(showing.thread(found, showing.names(connection, {found.author})), etag=etag)


@operation(TAG, answers={200: "The comments, in the order they were said."})
def comments(path: shapes.OneThread, query: shapes.Part) -> shapes.Comments:
    """What is said in a conversation."""
    with kb().database.read() as connection:
        found = _found(connection, path)
        after = cursors.read(query.cursor, NUMBER, "comments", found.id) or 0
        rows = reading.comments_after(connection, found.id, actor().id, after=after, most=query.limit + 1)
        shown, following = cursors.cut(rows, query.limit, lambda one: one.number, "comments", found.id)
        names = showing.names(connection, ids_in(shown))
    return shapes.Comments(comments=[showing.comment(one, names) for one in shown], next=following)


@operation(TAG, answers={200: "The comment."})
def comment(path: shapes.OneComment) -> Answer[shapes.Comment]:
    """Something said. Its `ETag` is what an edit has to match."""
    with kb().database.read() as connection:
        return showing.answered(connection, _one(connection, path))


# ── Saying ────────────────────────────────────────────────────────────────


@operation(TAG, answers=MADE, errors=MAY)
def start(body: shapes.Start, headers: Keyed) -> Answer[shapes.Comment]:
    """Begin a conversation."""
    place = answers.place_at(body.page, body.section)
    passage = Marked(body.quote.exact, body.quote.prefix, body.quote.suffix) if body.quote else None
    with kb().database.transaction() as connection:
        said = Said(body.body, headers.key, strict=True)
        made = service.start(connection, answers.by(), Topic(place, body.kind, passage), said)
        return showing.answered(connection, made, 201)


@operation(TAG, answers=MADE, errors=MAY)
def answer(path: shapes.OneThread, body: shapes.Words, headers: Keyed) -> Answer[shapes.Comment]:
    """Say something in a conversation."""
    with kb().database.transaction() as connection:
        found = _found(connection, path)
        said = Said(body.body, headers.key, strict=True)
        made = service.answer(connection, answers.by(), found, answers.place_of(found), said)
        return showing.answered(connection, made, 201)


@operation(TAG, answers={200: "The comment as it is now."}, errors=MAY | GONE)
def edit(path: shapes.OneComment, headers: shapes.Matching, body: shapes.Words) -> Answer[shapes.Comment]:
    """Change what you have said. Refused when it was changed since you read it."""
    with kb().database.transaction() as connection:
        before = _one(connection, path)
        said = Said(body.body, version=_version(headers.match))
        return showing.answered(
            connection, service.edit(connection, answers.by(), before, _place(connection, before), said)
        )


@operation(TAG, answers=DONE, errors=MAY)
def delete(path: shapes.OneComment) -> Answer[None]:
    """Take back what you have said: its text is gone for good, that there was one stays."""
    return _with_comment(path, service.delete)


@operation(TAG, answers=DONE, errors=MAY | GONE)
def agree(path: shapes.OneComment) -> Answer[None]:
    """Agree with what somebody said."""
    return _with_comment(path, service.agree)


@operation(TAG, answers=DONE, errors=MAY | GONE)
def disagree(path: shapes.OneComment) -> Answer[None]:
    """Agree no longer."""
    return _with_comment(path, lambda *given: service.agree(*given, does=False))


@operation(TAG, answers=DONE, errors=MAY | GONE)
def flag(path: shapes.OneComment, body: shapes.Objection) -> Answer[None]:
    """Tell the liaisons that something should not stand there."""

    def act(connection: Connection, by: By, said: Comment, place: Place) -> None:
        moderation.flag(connection, by, said, place, body.reason)

    return _with_comment(path, act)


# ── What becomes of a conversation ────────────────────────────────────────


@operation(TAG, answers=DONE, errors=MAY | GONE)
def settle(path: shapes.OneThread, body: shapes.Reason) -> Answer[None]:
    """Settle a conversation, and say how."""

    def act(connection: Connection, by: By, found: Thread, place: Place) -> None:
        service.settle(connection, by, found, place, body.reason)

    return _with_thread(path, act)


@operation(TAG, answers=DONE, errors=MAY)
def reopen(path: shapes.OneThread) -> Answer[None]:
    """Open a settled conversation again."""
    return _with_thread(path, service.reopen)


@operation(TAG, answers=DONE, errors=MAY)
def move(path: shapes.OneThread, body: shapes.Where) -> Answer[None]:
    """Let a conversation hang on another page, or another section."""
    to = answers.place_at(body.page, body.section)

    def act(connection: Connection, by: By, found: Thread, place: Place) -> None:
        service.move(connection, by, found, place, to)

    return _with_thread(path, act)


@operation(TAG, answers=DONE, errors=MAY)
def attach(path: shapes.OneThread, body: shapes.Attached) -> Answer[None]:
    """Say which passage a conversation is about: that of a gone one, or another one."""
    to, words = answers.place_at(body.page, body.section), body.quote
    passage = Marked(words.exact, words.prefix, words.suffix)

    def act(connection: Connection, by: By, found: Thread, place: Place) -> None:
        attaching.attach(connection, by, found, place, to, passage)

    return _with_thread(path, act)


# ── Shared by all of them ─────────────────────────────────────────────────


def _with_thread(path: shapes.OneThread, act: Callable[[Connection, By, Thread, Place], None]) -> Answer[None]:
    with kb().database.transaction() as connection:
        found = _found(connection, path)
        act(connection, answers.by(), found, answers.place_of(found))
    return Answer(None)


def _with_comment(path: shapes.OneComment, act: Callable[[Connection, By, Comment, Place], None]) -> Answer[None]:
    with kb().database.transaction() as connection:
        said = _one(connection, path)
        act(connection, answers.by(), said, _place(connection, said))
    return Answer(None)


def _found(connection: Connection, path: shapes.OneThread) -> Thread:
    found = reading.thread(connection, path.thread_id)
    if found is None or not found.shown:
        raise NotFound(t("talk.no_thread"))
    return found


def _one(connection: Connection, path: shapes.OneComment) -> Comment:
    found = reading.comment(connection, path.comment_id, actor().id)
    if found is None or found.state == HIDDEN:
        raise NotFound(t("talk.no_comment"))
    return found


def _place(connection: Connection, said: Comment) -> Place:
    return answers.place_of(thread_of(connection, said))


def _version(match: str) -> int:
    text = match.removeprefix("W/").strip('"')
    if not text.isascii() or not text.isdigit() or len(text) > 9:  # noqa: PLR2004
        raise Unusable(Fault(detail="If-Match must be the ETag of the comment.", parameter="If-Match"))
    return int(text)
