"""The tables of conversations, and every change of them. What is asked of them stands in `reading`."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, NamedTuple

import sqlalchemy as sa

from kb_server.activity import storage as activity
from kb_server.db import counters
from kb_server.db.prepared import Prepared
from kb_server.db.schema import Number, Text, metadata
from kb_server.documents import storage as documents
from kb_server.threads import origins, questions
from kb_server.threads.models import DELETED, OPEN, SETTLED, SHOWN, Comment, Thread
from kb_server.writing import storage as writing

_OF_THREAD = (
    *("page", "section", "section_title", "kind", "title", "author", "created_at", "state", "settled_by", "settled_at"),
    *("reason", "build", "digest", "fate"),
)
_OF_QUOTE = ("exact", "prefix", "suffix")
_OF_PLACE = ("page", "section", "section_title", "build", "digest", "fate")
_OF_COMMENT = ("thread", "author", "body", "html", "renderer", "created_at", "edited_at", "state")
_ENCODED = json.JSONEncoder(sort_keys=True).encode


def _texts(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, Text, nullable=False) for name in names]


threads = sa.Table(
    "threads",
    metadata,
    sa.Column("id", Text, primary_key=True),
    sa.Column("number", Number, nullable=False, unique=True),
    *_texts(*_OF_THREAD, *_OF_QUOTE),
    sa.Column("position", Number, nullable=False),
    sa.Column("shown", Number, nullable=False),
)
comments = sa.Table(  # SQLite's key is the number, and the id unique: then the rows lie in the order they were said
    "comments",
    metadata,
    sa.Column("id", Text, primary_key=True),
    sa.Column("number", Number, nullable=False, unique=True),
    *_texts(*_OF_COMMENT, "mentions"),
    sa.Column("version", Number, nullable=False),
)
versions = sa.Table(
    "comment_versions",
    metadata,
    sa.Column("comment", Text, primary_key=True),
    sa.Column("version", Number, primary_key=True),
    *_texts("body", "at"),
)
reactions = sa.Table(
    "reactions",
    metadata,
    sa.Column("comment", Text, primary_key=True),
    sa.Column("person_id", Text, primary_key=True),
    *_texts("at"),
)
flags = sa.Table(
    "flags",
    metadata,
    sa.Column("comment", Text, primary_key=True),
    sa.Column("person_id", Text, primary_key=True),
    *_texts("reason", "at"),
    sa.Column("open", Number, nullable=False),
)


class Numbers(NamedTuple):
    """The numbers that something said takes: of the comment, of its document, of the line in the log."""

    said: int
    document: int
    line: int


def add_thread(connection: sa.Connection, new: Thread) -> None:
    """Write a new conversation."""
    quote = {name: getattr(new.quote, name) if new.quote else "" for name in _OF_QUOTE}
    row = {name: getattr(new, name) for name in ("id", "number", *_OF_THREAD, "shown")}
    position = new.quote.position if new.quote else 0
    connection.execute(_ADD_THREAD, row | quote | {"position": position})


def add_comment(connection: sa.Connection, new: Comment) -> None:
    """Write what somebody said."""
    row = {name: getattr(new, name) for name in ("id", "number", *_OF_COMMENT, "version")}
    _ADD_COMMENT.run(connection, **row, mentions=_ENCODED(new.mentions))


def change_comment(connection: sa.Connection, before: Comment, now: Comment) -> None:
    """Write a comment's new text, and keep what it said before."""
    past = {"comment": before.id, "version": before.version, "body": before.body}
    past["at"] = before.edited_at or before.created_at
    connection.execute(sa.insert(versions).values(past))
    values = {name: getattr(now, name) for name in ("body", "html", "renderer", "edited_at", "version")}
    values["mentions"] = _ENCODED(now.mentions)
    connection.execute(sa.update(comments).where(comments.c.id == now.id).values(values))


def rewrite(connection: sa.Connection, now: Comment) -> None:
    """Write a comment's text with a name taken out of it: no edit, and nothing is kept of what it was."""
    values = {"body": now.body, "html": now.html, "mentions": _ENCODED(now.mentions)}
    connection.execute(sa.update(comments).where(comments.c.id == now.id).values(values))


def rewrite_version(connection: sa.Connection, comment_id: str, version: int, body: str) -> None:
    """The same for what it said before."""
    which = (versions.c.comment == comment_id) & (versions.c.version == version)
    connection.execute(sa.update(versions).where(which).values(body=body))


def forget(connection: sa.Connection, person_id: str) -> None:
    """Forget what of a person's doings nobody else needs: what they flagged, and how they sent what they said."""
    connection.execute(sa.delete(flags).where(flags.c.person_id == person_id))
    writing.forget_sendings_of(connection, person_id)


def empty_comment(connection: sa.Connection, comment_id: str) -> None:
    """Take a comment's text away, of now and of before; that there was one stays."""
    connection.execute(sa.delete(versions).where(versions.c.comment == comment_id))
    gone = {"body": "", "html": "", "mentions": "{}", "state": DELETED}
    connection.execute(sa.update(comments).where(comments.c.id == comment_id).values(gone))


def set_state(connection: sa.Connection, comment_id: str, state: str) -> None:
    """Hide a comment, or show it again."""
    connection.execute(sa.update(comments).where(comments.c.id == comment_id).values(state=state))


def count_shown(connection: sa.Connection, thread_id: str) -> int:
    """Count a conversation's comments that everybody may read anew, and keep the number; gives it."""
    readable = (comments.c.thread == thread_id) & (comments.c.state == SHOWN)
    shown = connection.scalar(sa.select(sa.func.count()).select_from(comments).where(readable)) or 0
    change_thread(connection, thread_id, shown=shown)
    return shown


def change_thread(connection: sa.Connection, thread_id: str, **values: object) -> None:
    """Write some of a conversation's columns."""
    connection.execute(sa.update(threads).where(threads.c.id == thread_id).values(values))


def one_more(connection: sa.Connection, thread_id: str) -> None:
    """Count one more comment."""
    _ONE_MORE.run(connection, of=thread_id)


def move(connection: sa.Connection, moved: Thread) -> None:
    """Write where a conversation hangs now."""
    quote = {name: getattr(moved.quote, name) for name in (*_OF_QUOTE, "position")} if moved.quote else {}
    change_thread(connection, moved.id, **{name: getattr(moved, name) for name in _OF_PLACE}, **quote)


def carried(connection: sa.Connection, along: Iterable[Thread]) -> None:
    """Write where conversations hang that have gone along with their passages."""
    rows = [
        {"of": one.id}
        | {name: getattr(one, name) for name in _OF_PLACE}
        | {name: getattr(one.quote, name, "") for name in _OF_QUOTE}
        | {"position": one.quote.position if one.quote else 0}
        for one in along
    ]
    if rows:
        connection.execute(_CARRY, rows)


def settle(connection: sa.Connection, thread_id: str, *, by: str, at: str, reason: str) -> None:
    """Write that a conversation is settled."""
    change_thread(connection, thread_id, state=SETTLED, settled_by=by, settled_at=at, reason=reason)


def reopen(connection: sa.Connection, thread_id: str) -> None:
    """Write that a conversation is open again."""
    change_thread(connection, thread_id, state=OPEN, settled_by="", settled_at="", reason="")


def add_reaction(connection: sa.Connection, comment_id: str, person_id: str, at: str) -> bool:
    """Write that somebody agrees; gives whether they did not before."""
    row = {"comment": comment_id, "person_id": person_id, "at": at}
    return bool(connection.execute(_ONCE, row).rowcount)


def remove_reaction(connection: sa.Connection, comment_id: str, person_id: str) -> bool:
    """Forget that somebody agrees; gives whether they did."""
    theirs = (reactions.c.comment == comment_id) & (reactions.c.person_id == person_id)
    return bool(connection.execute(sa.delete(reactions).where(theirs)).rowcount)


def add_flag(connection: sa.Connection, comment_id: str, person_id: str, reason: str, at: str) -> bool:
    """Write that somebody objects to a comment; gives whether they did not before."""
    row = {"comment": comment_id, "person_id": person_id, "reason": reason, "at": at, "open": 1}
    return bool(connection.execute(_FLAG, row).rowcount)


def close_flags(connection: sa.Connection, comment_id: str) -> None:
    """Write that somebody has seen to what was objected to."""
    connection.execute(sa.update(flags).where(flags.c.comment == comment_id).values(open=0))


def remove_thread(connection: sa.Connection, gone: Thread) -> None:
    """Take a conversation away with all that was said in it, as if it had never been."""
    said = sa.select(comments.c.id).where(comments.c.thread == gone.id)
    writing.forget_sendings_that_made(connection, said)
    for table in (versions, reactions, flags):
        connection.execute(sa.delete(table).where(table.c.comment.in_(said)))
    connection.execute(sa.delete(comments).where(comments.c.thread == gone.id))
    origins.forget(connection, gone.id)
    questions.forget(connection, gone.id)
    connection.execute(sa.delete(threads).where(threads.c.id == gone.id))
    page_changed(connection, gone.page)


def next_number(connection: sa.Connection) -> int:
    """The next number of conversations."""
    return counters.take(connection, "threads")


def take_numbers(connection: sa.Connection, page: str) -> Numbers:
    """What something said takes: its own number, and those of its document, the page's change and the log's line."""
    names = ("comments", documents.COUNTER, f"talk:{page}", activity.COUNTER)
    said, document, _, line = counters.take_each(connection, *names)
    return Numbers(said, document, line)


def page_changed(connection: sa.Connection, page: str) -> None:
    """Note that what is said on a page is not what it was: whoever has it asks by this number."""
    counters.take(connection, f"talk:{page}")


# What everybody does all the time is put together once: that takes longer than doing it.
_ADD_THREAD, _ADD_COMMENT = sa.insert(threads), Prepared(sa.insert(comments))
_ONE_MORE = Prepared(sa.update(threads).where(threads.c.id == sa.bindparam("of")).values(shown=threads.c.shown + 1))
_CARRY = (
    sa.update(threads)
    .where(threads.c.id == sa.bindparam("of"))
    .values({name: sa.bindparam(name) for name in (*_OF_PLACE, *_OF_QUOTE, "position")})
)
_ONCE = sa.text(
    "INSERT INTO reactions (comment, person_id, at) VALUES (:comment, :person_id, :at) ON CONFLICT DO NOTHING"
)
_FLAG = sa.text(
    "INSERT INTO flags (comment, person_id, reason, at, open) VALUES (:comment, :person_id, :reason, :at, :open)"
    " ON CONFLICT DO NOTHING"
)
