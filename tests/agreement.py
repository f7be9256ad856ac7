"""Whether what was said, its lines in the log, what can be found of it and what is counted tell the same."""

from __future__ import annotations

import json
from collections import Counter

import sqlalchemy as sa

from kb_server.writing import markdown

SAYING = ("thread.started", "comment.posted")
Row = sa.Row[tuple[object, ...]]


def what_was_said(connection: sa.Connection) -> dict[str, str]:
    """The text of each comment by its id, in a store where nothing was taken back, hidden or moved.

    Raises AssertionError where anything disagrees.
    """
    comments = _all(connection, "SELECT id, number, thread, body, html FROM comments ORDER BY number")
    lines = [
        (row.verb, json.loads(row.data)) for row in _all(connection, "SELECT verb, data FROM activity ORDER BY seq")
    ]
    lines = [(verb, data) for verb, data in lines if verb.startswith(("thread.", "comment."))]
    said = [data["comment"] for verb, data in lines if verb in SAYING]
    assert said == [comment.id for comment in comments], "the log tells of each once, in the order it was said"
    _are_found(connection, comments)
    _are_counted(connection, comments)
    for page, changes in Counter(data["page"] for _, data in lines).items():
        assert _counter(connection, f"talk:{page}") == changes, "who has the page learns of every change"
    return {str(comment.id): str(comment.body) for comment in comments}


def _are_found(connection: sa.Connection, comments: list[Row]) -> None:
    found = _all(connection, "SELECT ref, text FROM documents WHERE kind = 'conversation' AND hidden = 0")
    wanted = {f"comment:{comment.id}": markdown.plain(str(comment.html)) for comment in comments}
    assert {row.ref: row.text for row in found} == wanted
    assert len(found) == len(wanted)


def _are_counted(connection: sa.Connection, comments: list[Row]) -> None:
    shown = {row.id: row.shown for row in _all(connection, "SELECT id, shown FROM threads")}
    assert shown == Counter(comment.thread for comment in comments), "no conversation is empty or counts wrongly"
    assert [comment.number for comment in comments] == list(range(1, len(comments) + 1)), "no number is lost"
    assert _counter(connection, "comments") == len(comments)
    assert _counter(connection, "threads") == len(shown)
    sent = [row.comment for row in _all(connection, "SELECT comment FROM sendings WHERE key <> ''")]
    assert Counter(sent) == Counter(comment.id for comment in comments), "each was sent under a key of its own"


def _counter(connection: sa.Connection, name: str) -> int:
    return connection.scalar(sa.text("SELECT value FROM counters WHERE name = :name"), {"name": name}) or 0


def _all(connection: sa.Connection, query: str) -> list[Row]:
    return list(connection.execute(sa.text(query)))
