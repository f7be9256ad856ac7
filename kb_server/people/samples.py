"""Sample activity: what features make up for a first visitor, so that a new wiki shows what it is for.

A feature says by a `Sample` how its own is written and taken away. Whatever is written is marked in the same
transaction: so it is known for certain, called a sample wherever it is shown, and taken away without touching anything
else.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

import sqlalchemy as sa

from kb_server.db.meta import meta
from kb_server.db.schema import Text, metadata
from kb_server.pages.manifest import Page
from kb_server.people.roster import Roster

samples = sa.Table("samples", metadata, sa.Column("ref", Text, primary_key=True))
"""What is made up, by its id."""

STATE = "sample"
"""The key in `meta` under which it stands whether there is sample activity; without it there never was."""
THERE, REMOVED = "there", "removed"
SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Stage:
    """Where sample activity is to take place: who there is, the pages of the build that is served, and what time it is.

    All of it lies before `now`.
    """

    roster: Roster
    pages: Mapping[str, Page]
    build: str
    now: datetime


@dataclass(frozen=True, slots=True)
class Taken:
    """What was taken away: the ids of what others may speak of, and how many of what, in words for a terminal.

    ``kept`` are the addresses of what stays, because somebody has really written there.
    """

    ids: tuple[str, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    kept: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sample:
    """A feature's sample activity. `remove` takes away all of it but what somebody has really written in since."""

    name: str
    write: Callable[[sa.Connection, Stage], None]
    remove: Callable[[sa.Connection], Taken]


def working_days_ago(now: datetime, days: int, at: str) -> datetime:
    """When something took place: at its time of day, so many working days before now."""
    day, left = now.date(), days
    while left:
        day -= timedelta(days=1)
        left -= day.weekday() < SATURDAY
    return datetime.combine(day, time.fromisoformat(at), now.tzinfo)


def state(connection: sa.Connection) -> str:
    """Whether there is sample activity: THERE, REMOVED, or "" where there never was any."""
    return connection.scalar(sa.select(meta.c.value).where(meta.c.key == STATE)) or ""


def set_state(connection: sa.Connection, value: str) -> None:
    """Remember whether there is sample activity, for good."""
    connection.execute(_STATE, {"key": STATE, "value": value})


def mark(connection: sa.Connection, refs: Iterable[str]) -> None:
    """Remember that these are samples."""
    for ref in refs:
        connection.execute(_MARK, {"ref": ref})


def unmark(connection: sa.Connection, refs: Collection[str]) -> None:
    """Forget that these are samples: they are gone."""
    connection.execute(sa.delete(samples).where(samples.c.ref.in_(sorted(refs))))


def are_marked(connection: sa.Connection, refs: Collection[str]) -> bool:
    """Whether each of these is a sample."""
    query = sa.select(sa.func.count()).where(samples.c.ref.in_(sorted(set(refs))))
    return connection.scalar(query) == len(set(refs))


def marked(connection: sa.Connection, beginning: str) -> list[str]:
    """The ids of samples that begin like this."""
    found = connection.scalars(sa.select(samples.c.ref).where(samples.c.ref.startswith(beginning, autoescape=True)))
    return sorted(found)


def is_sample(ref: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
    """Whether a row with this id is a sample, for a query of whatever table."""
    return sa.exists(sa.select(samples.c.ref).where(samples.c.ref == ref))


_MARK = sa.text("INSERT INTO samples (ref) VALUES (:ref) ON CONFLICT DO NOTHING")
_STATE = sa.text(
    "INSERT INTO meta (key, value) VALUES (:key, :value) ON CONFLICT (key) DO UPDATE SET value = excluded.value"
)
