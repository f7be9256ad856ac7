"""The tables of suggestions, and every change of them. What is asked of them stands in `reading`."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from typing import Any

import sqlalchemy as sa

from kb_server.db import counters
from kb_server.db.schema import Number, Text, metadata
from kb_server.suggestions.models import DELETED, Remark, Suggestion
from kb_server.writing import storage as writing

CHANGED = "suggestions.changed"
"""The counter that tells whoever has a list of suggestions whether it is still as it was."""

_OF_PLACE = ("page", "section", "section_title", "build", "digest")
_OF_QUOTE = ("exact", "prefix", "suffix")
_OF_TEXT = ("title", "body", "html", "renderer", "created_at", "edited_at")
_STANDING = ("state", "since", "due", "passed", "answered_at", "in_time", "owner", "by_when", "before")
_NUMBERS = ("left", "into", "votes", "version")
_OF_REMARK = ("id", "act", "state", "body", "html", "renderer", "created_at", "edited_at")
_SAID = ("body", "html", "renderer", "edited_at", "version")


def _texts(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, Text, nullable=False) for name in names]


def _numbers(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, Number, nullable=False) for name in names]


suggestions = sa.Table(
    "suggestions",
    metadata,
    sa.Column("number", Number, primary_key=True, autoincrement=False),
    *_texts("author", "from_team", "to_team", *_STANDING, *_OF_PLACE, *_OF_QUOTE, *_OF_TEXT, "mentions"),
    # Both words mean something in SQL.
    sa.Column("left_over", Number, key="left", nullable=False),
    sa.Column("joined", Number, key="into", nullable=False),
    *_numbers("votes", "version", "hidden", "position"),
)
versions = sa.Table(
    "suggestion_versions",
    metadata,
    sa.Column("suggestion", Number, primary_key=True, autoincrement=False),
    sa.Column("version", Number, primary_key=True, autoincrement=False),
    *_texts("title", "body", "at"),
)
votes = sa.Table(
    "suggestion_votes",
    metadata,
    sa.Column("suggestion", Number, primary_key=True, autoincrement=False),
    sa.Column("person_id", Text, primary_key=True),
    *_texts("at"),
)
labels = sa.Table(
    "suggestion_labels",
    metadata,
    sa.Column("label", Text, primary_key=True),
    sa.Column("suggestion", Number, primary_key=True, autoincrement=False),
)
remarks = sa.Table(
    "remarks",
    metadata,
    sa.Column("id", Text, primary_key=True),
    *_numbers("number", "suggestion", "version"),
    *_texts("author", *_OF_REMARK[1:], "mentions"),
)
remark_versions = sa.Table(
    "remark_versions",
    metadata,
    sa.Column("remark", Text, primary_key=True),
    sa.Column("version", Number, primary_key=True, autoincrement=False),
    *_texts("body", "at"),
)


def next_number(connection: sa.Connection) -> int:
    """The number of a new suggestion."""
    return counters.take(connection, "suggestions")


def next_remark(connection: sa.Connection) -> int:
    """The number of a new remark."""
    return counters.take(connection, "remarks")


def changed(connection: sa.Connection) -> None:
    """Note that suggestions are not what they were: whoever has a list asks by this number."""
    counters.take(connection, CHANGED)


def add(connection: sa.Connection, *new: Suggestion) -> None:
    """Write a new suggestion, or many."""
    connection.execute(sa.insert(suggestions), [_row(one) for one in new])


def _row(new: Suggestion) -> dict[str, Any]:
    plain = ("number", "author", "from_team", "to_team", *_STANDING, *_OF_PLACE, *_OF_TEXT, *_NUMBERS)
    row = {name: getattr(new, name) for name in plain}
    row |= {name: getattr(new.quote, name) if new.quote else "" for name in _OF_QUOTE}
    row |= {"position": new.quote.position if new.quote else 0, "hidden": int(new.hidden)}
    return row | {"mentions": _json(new.mentions)}


def change(connection: sa.Connection, number: int, **values: object) -> None:
    """Write some of a suggestion's columns."""
    connection.execute(sa.update(suggestions).where(suggestions.c.number == number).values(values))


def stand(connection: sa.Connection, now: Suggestion) -> None:
    """Write how a suggestion stands now: its state and all that goes with it, but no text."""
    names = ("to_team", *_STANDING, "left", "into", "version")
    change(connection, now.number, **{name: getattr(now, name) for name in names})


def reword(connection: sa.Connection, before: Suggestion, now: Suggestion) -> None:
    """Write a suggestion's new title and text, and keep what it said before."""
    past = {"suggestion": before.number, "version": before.version, "title": before.title, "body": before.body}
    connection.execute(sa.insert(versions).values(past | {"at": before.edited_at or before.created_at}))
    values = {name: getattr(now, name) for name in ("title", *_SAID)}
    change(connection, now.number, **values, mentions=_json(now.mentions))


def rewrite(connection: sa.Connection, now: Suggestion) -> None:
    """Write a suggestion with a name taken out of it: no edit, and nothing is kept of what it was."""
    change(connection, now.number, title=now.title, body=now.body, html=now.html, mentions=_json(now.mentions))


def rewrite_version(connection: sa.Connection, number: int, version: int, title: str, body: str) -> None:
    """The same for what it said before."""
    which = (versions.c.suggestion == number) & (versions.c.version == version)
    connection.execute(sa.update(versions).where(which).values(title=title, body=body))


def set_labels(connection: sa.Connection, number: int, names: Collection[str]) -> None:
    """Write a suggestion's labels."""
    connection.execute(sa.delete(labels).where(labels.c.suggestion == number))
    if names:
        connection.execute(sa.insert(labels), [{"label": name, "suggestion": number} for name in names])


def add_vote(connection: sa.Connection, number: int, person_id: str, at: str) -> list[int]:
    """Write that somebody agrees; gives what they did not agree with before."""
    row = {"suggestion": number, "person_id": person_id, "at": at}
    return [number] if connection.execute(_VOTE, row).rowcount else []


def remove_votes(connection: sa.Connection, numbers: Iterable[int], person_id: str) -> list[int]:
    """Forget that somebody agrees with any of these; gives those they agreed with."""
    theirs = votes.c.suggestion.in_(list(numbers)) & (votes.c.person_id == person_id)
    found = list(connection.scalars(sa.select(votes.c.suggestion).where(theirs).order_by(votes.c.suggestion)))
    connection.execute(sa.delete(votes).where(theirs))
    return found


def add_remark(connection: sa.Connection, *new: Remark) -> None:
    """Write what somebody said, or many did."""
    plain = (*_OF_REMARK, "number", "suggestion", "version", "author")
    rows = [{name: getattr(one, name) for name in plain} | {"mentions": _json(one.mentions)} for one in new]
    connection.execute(sa.insert(remarks), rows)


def change_remark(connection: sa.Connection, before: Remark, now: Remark) -> None:
    """Write a remark's new text, and keep what it said before."""
    past = {"remark": before.id, "version": before.version, "body": before.body}
    connection.execute(sa.insert(remark_versions).values(past | {"at": before.edited_at or before.created_at}))
    values = {name: getattr(now, name) for name in _SAID}
    _write_remark(connection, now.id, **values, mentions=_json(now.mentions))


def rewrite_remark(connection: sa.Connection, now: Remark) -> None:
    """Write a remark with a name taken out of it: no edit, and nothing is kept of what it was."""
    _write_remark(connection, now.id, body=now.body, html=now.html, mentions=_json(now.mentions))


def rewrite_remark_version(connection: sa.Connection, remark_id: str, version: int, body: str) -> None:
    """The same for what it said before."""
    which = (remark_versions.c.remark == remark_id) & (remark_versions.c.version == version)
    connection.execute(sa.update(remark_versions).where(which).values(body=body))


def empty_remark(connection: sa.Connection, remark_id: str) -> None:
    """Take a remark's text away, of now and of before; that there was one stays."""
    connection.execute(sa.delete(remark_versions).where(remark_versions.c.remark == remark_id))
    _write_remark(connection, remark_id, body="", html="", mentions="{}", state=DELETED)


def set_remark_state(connection: sa.Connection, remark_id: str, state: str) -> None:
    """Hide a remark, or show it again."""
    _write_remark(connection, remark_id, state=state)


def remove(connection: sa.Connection, number: int) -> list[str]:
    """Take a suggestion away with all that was said about it, as if it had never been; gives the ids of remarks."""
    here = remarks.c.suggestion == number
    said = list(connection.scalars(sa.select(remarks.c.id).where(here)))
    writing.forget_sendings_that_made(connection, sa.select(remarks.c.id).where(here))
    writing.forget_sendings_that_made(connection, sa.select(sa.literal(f"S-{number}")))
    connection.execute(sa.delete(remark_versions).where(remark_versions.c.remark.in_(said)))
    connection.execute(sa.delete(remarks).where(here))
    for table in (versions, votes, labels):
        connection.execute(sa.delete(table).where(table.c.suggestion == number))
    connection.execute(sa.delete(suggestions).where(suggestions.c.number == number))
    changed(connection)
    return said


def _write_remark(connection: sa.Connection, remark_id: str, **values: object) -> None:
    connection.execute(sa.update(remarks).where(remarks.c.id == remark_id).values(values))


def _json(mentions: object) -> str:
    return json.dumps(mentions, sort_keys=True)


_VOTE = sa.text(
    "INSERT INTO suggestion_votes (suggestion, person_id, at) VALUES (:suggestion, :person_id, :at)"
    " ON CONFLICT DO NOTHING"
)
