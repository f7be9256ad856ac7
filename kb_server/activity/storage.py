"""The log's table. A line is written in the transaction of what it tells of, and never changed.

It holds opaque ids and digests, never names or prose, so that it can stay whole when a person is erased.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import sqlalchemy as sa

from kb_server.db import counters
from kb_server.db.prepared import Prepared
from kb_server.db.schema import Number, Text, metadata

activity = sa.Table(
    "activity",
    metadata,
    sa.Column("seq", Number, primary_key=True),
    *(sa.Column(name, Text, nullable=False) for name in ("at", "actor", "verb", "subject", "data")),
)

_LINES = sa.insert(activity)
_APPEND = Prepared(_LINES)
_ENCODED = json.JSONEncoder(sort_keys=True).encode

COUNTER = "activity"
"""The counter of the lines."""
THE_BUILD = "build"
"""The actor of what a published build brings about."""
THE_CLOCK = "clock"
"""The actor of what the time brings about."""


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the log. `at` is UTC, ISO 8601."""

    seq: int
    at: str
    actor: str
    verb: str
    subject: str
    data: Mapping[str, object]


def record(  # noqa: PLR0913  -- the parts of a line
    connection: sa.Connection,
    *,
    actor: str,
    verb: str,
    subject: str,
    data: Mapping[str, object],
    at: str = "",
    number: int = 0,
) -> int:
    """Append one line; gives its sequence number. `at` is when it happened, if that is not now.

    `number` is one that was taken of `COUNTER` in this transaction, for this line.
    """
    seq = number or counters.take(connection, COUNTER)
    line = {"seq": seq, "at": at or now(), "actor": actor, "verb": verb, "subject": subject}
    _APPEND.run(connection, **line, data=_ENCODED(data))
    return seq


def record_each(connection: sa.Connection, verb: str, subjects: Sequence[str]) -> None:
    """Append a line for each of these, of what they did themselves; one number after the other."""
    if not subjects:
        return
    first, at = counters.take(connection, COUNTER, len(subjects)), now()
    lines = [
        {"seq": seq, "at": at, "actor": one, "verb": verb, "subject": one, "data": "{}"}
        for seq, one in enumerate(subjects, first)
    ]
    connection.execute(_LINES, lines)


def events_after(connection: sa.Connection, seq: int, limit: int = 100) -> list[Event]:
    """The lines after a cursor, oldest first."""
    query = sa.select(activity).where(activity.c.seq > seq).order_by(activity.c.seq).limit(limit)
    return [Event(**{**row, "data": json.loads(row["data"])}) for row in connection.execute(query).mappings()]


def events_of(connection: sa.Connection, verbs: Collection[str], limit: int) -> list[Event]:
    """The last lines that tell of these, latest first."""
    query = sa.select(activity).where(activity.c.verb.in_(verbs)).order_by(activity.c.seq.desc()).limit(limit)
    return [Event(**{**row, "data": json.loads(row["data"])}) for row in connection.execute(query).mappings()]


def events_about(
    connection: sa.Connection,
    subjects: sa.CompoundSelect[tuple[str]] | Collection[str],
    verbs: Collection[str],
    before: int,
    limit: int,
) -> list[Event]:
    """The last lines before a number that tell of one of these things, latest first."""
    told = activity.c.subject.in_(subjects) & activity.c.verb.in_(verbs) & (activity.c.seq < before)
    query = sa.select(activity).where(told).order_by(activity.c.seq.desc()).limit(limit)
    return [Event(**{**row, "data": json.loads(row["data"])}) for row in connection.execute(query).mappings()]


def now() -> str:
    """This moment in UTC, ISO 8601 to the second."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
