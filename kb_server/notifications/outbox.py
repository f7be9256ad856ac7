"""The mail that has not gone out yet: what is due, who is just sending it, and what could not be sent.

Somebody who sends holds a lease for a while; when a server is killed, its lease runs out and another one goes on. So a
message may go out twice, with the same id, and none is lost. No time in it is trusted beyond what an honest clock can
have written: a clock that jumps makes something go out early, never late.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from kb_server.db.schema import Number, Text, metadata
from kb_server.notifications.models import HOURLY
from kb_server.people.secret import stamp

WAITS, DEAD = "waits", "dead"
LEASE = timedelta(minutes=5)
APART = timedelta(minutes=5)
"""How far the clocks of two servers may be apart, and how long one may have waited for its turn to write."""
HOUR = timedelta(hours=1)
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=6)
TRIES = 12
"""Until nobody tries any more by themselves: two days."""

outbox = sa.Table(
    "outbox",
    metadata,
    sa.Column("id", Text, primary_key=True),
    *(sa.Column(name, Text, nullable=False) for name in ("person_id", "source", "subject", "reason", "ref", "actor")),
    *(sa.Column(name, Text, nullable=False) for name in ("at", "bundle", "state", "due_at", "lease", "leased_until")),
    sa.Column("trouble", Text, nullable=False),
    *(sa.Column(name, Number, nullable=False) for name in ("seq", "tries")),
)


@dataclass(frozen=True, slots=True)
class Queued:
    """One event for one person; all of a ``bundle`` go out as one message, whose id it is."""

    id: str
    person_id: str
    source: str
    subject: str
    reason: str
    ref: str
    actor: str
    seq: int
    at: str
    bundle: str
    tries: int


@dataclass(frozen=True, slots=True)
class Leased:
    """A message that is ours to send for a while: what it tells of, in order."""

    bundle: str
    lease: str
    rows: Sequence[Queued]


@dataclass(frozen=True, slots=True)
class Standing:
    """How the queue stands; ``due`` is when the first of what waits should have gone, "" if nothing waits."""

    waiting: int
    dead: int
    due: str


_QUEUED = sa.select(*(outbox.c[name] for name in Queued.__slots__)).order_by(outbox.c.seq)


def queued(row: dict[str, object], how: str, now: datetime) -> dict[str, object]:
    """One event for one person as it is queued: for now, or for the next full hour together with whatever comes."""
    due, bundle = (_next_hour(now), _bundle(row, now)) if how == HOURLY else (now, row["id"])
    new = {"bundle": bundle, "state": WAITS, "due_at": stamp(due), "lease": "", "leased_until": "", "trouble": ""}
    return row | new | {"tries": 0}


def add(connection: sa.Connection, rows: Sequence[dict[str, object]]) -> None:
    """Queue what is `queued`, for however many."""
    if rows:
        connection.execute(sa.insert(outbox), rows)


def is_due(connection: sa.Connection, now: datetime) -> bool:
    """Whether there is anything to send."""
    return connection.scalar(sa.select(outbox.c.id).where(_due(now)).limit(1)) is not None


def take(connection: sa.Connection, now: datetime) -> Leased | None:
    """The next message to send, and a lease of it that ends by itself. Nobody else gets it meanwhile."""
    bundle = connection.scalar(sa.select(outbox.c.bundle).where(_due(now)).order_by(outbox.c.due_at).limit(1))
    if bundle is None:
        return None
    lease = secrets.token_hex(8)
    mine = (outbox.c.bundle == bundle) & (outbox.c.state == WAITS)
    connection.execute(sa.update(outbox).where(mine).values(lease=lease, leased_until=stamp(now + LEASE)))
    rows = connection.execute(_QUEUED.where(mine)).mappings()
    return Leased(bundle, lease, [Queued(**row) for row in rows])


def is_alone(taken: Leased) -> bool:
    """Whether a message tells of one event, and is to be sent for the first time."""
    first = taken.rows[0]
    return taken.bundle == first.id and not first.tries


def put_off(connection: sa.Connection, person_id: str, now: datetime) -> None:
    """Let all that somebody would get one by one come together at the next full hour."""
    alone = (outbox.c.person_id == person_id) & (outbox.c.bundle == outbox.c.id) & (outbox.c.tries == 0)
    values = {"bundle": _bundle({"person_id": person_id}, now), "due_at": stamp(_next_hour(now))}
    which = alone & (outbox.c.state == WAITS)
    connection.execute(sa.update(outbox).where(which).values(values | {"lease": "", "leased_until": ""}))


def done(connection: sa.Connection, taken: Leased) -> None:
    """It was sent, or is not to be sent any more."""
    connection.execute(sa.delete(outbox).where(_held(taken)))


def give_back(connection: sa.Connection, taken: Leased) -> None:
    """It was not tried, and waits as before."""
    connection.execute(sa.update(outbox).where(_held(taken)).values(lease="", leased_until=""))


def failed(connection: sa.Connection, taken: Leased, trouble: str, now: datetime, *, final: bool) -> bool:
    """It could not be sent: it is tried again after a pause that grows, or no more; gives whether that is so."""
    tries = max(row.tries for row in taken.rows) + 1
    is_dead = final or tries >= TRIES
    pause = min(FIRST_PAUSE * 4 ** (tries - 1), LONGEST_PAUSE)
    values = {"tries": tries, "trouble": trouble, "state": DEAD if is_dead else WAITS, "due_at": stamp(now + pause)}
    connection.execute(sa.update(outbox).where(_held(taken)).values(values | {"lease": "", "leased_until": ""}))
    return is_dead


def release_all(connection: sa.Connection) -> None:
    """Forget all leases: whoever had them is no more."""
    connection.execute(sa.update(outbox).where(outbox.c.lease != "").values(lease="", leased_until=""))


def revive(connection: sa.Connection, now: datetime) -> int:
    """Try once more, now, what was given up and what waits for its next try; gives how many."""
    again = (outbox.c.state == DEAD) | (outbox.c.tries > 0)
    values = {"state": WAITS, "tries": 0, "due_at": stamp(now), "trouble": "", "lease": "", "leased_until": ""}
    return connection.execute(sa.update(outbox).where(again).values(values)).rowcount


def forget(connection: sa.Connection, person_id: str) -> None:
    """Send somebody nothing more."""
    connection.execute(sa.delete(outbox).where(outbox.c.person_id == person_id))


def forget_subjects(connection: sa.Connection, ids: Sequence[str]) -> None:
    """Send nothing more about these subjects."""
    connection.execute(sa.delete(outbox).where(outbox.c.subject.in_(ids)))


def standing(connection: sa.Connection) -> Standing:
    """How the queue stands."""
    counted = sa.select(outbox.c.state, sa.func.count(), sa.func.min(outbox.c.due_at))
    rows = {row[0]: row for row in connection.execute(counted.group_by(outbox.c.state))}
    waiting, dead = rows.get(WAITS), rows.get(DEAD)
    return Standing(waiting[1] if waiting else 0, dead[1] if dead else 0, waiting[2] if waiting else "")


def listed(connection: sa.Connection, most: int) -> Sequence[sa.RowMapping]:
    """What is in the queue, what was given up first."""
    columns = [outbox.c[name] for name in ("id", "person_id", "reason", "at", "state", "due_at", "tries", "trouble")]
    ordered = sa.select(*columns).order_by(outbox.c.state, outbox.c.due_at, outbox.c.seq).limit(most)
    return connection.execute(ordered).mappings().all()


def _held(taken: Leased) -> sa.ColumnElement[bool]:
    return (outbox.c.bundle == taken.bundle) & (outbox.c.lease == taken.lease)


def _due(now: datetime) -> sa.ColumnElement[bool]:
    """What is due and nobody sends. A time farther ahead than any of ours can be was written by a clock that erred."""
    at, lease = outbox.c.due_at, outbox.c.leased_until
    is_time = (at <= stamp(now)) | (at > stamp(now + LONGEST_PAUSE + APART))
    is_free = (lease <= stamp(now)) | (lease > stamp(now + LEASE + APART))
    return (outbox.c.state == WAITS) & is_time & is_free


def _next_hour(now: datetime) -> datetime:
    return now.replace(minute=0, second=0, microsecond=0) + HOUR


def _bundle(row: Mapping[str, object], now: datetime) -> str:
    return hashlib.sha256(f"{row['person_id']}\0{stamp(_next_hour(now))}".encode()).hexdigest()[:32]
