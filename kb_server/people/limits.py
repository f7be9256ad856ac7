"""How often somebody may do something. Counted in the store, so that it holds for every node and after a restart.

What is counted is a digest of who did what, and it is forgotten when its time is over. The address of a machine is
never part of it: behind one of those stands a whole office, and it can be forged. A time farther ahead than a limit
reaches was written by a clock that erred, and counts no more: nobody is kept out for longer than the limit says.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from kb_server.db.prepared import Prepared
from kb_server.db.schema import Number, Text, metadata
from kb_server.errors import KbError
from kb_server.people.secret import digest, stamp

allowances = sa.Table(
    "allowances",
    metadata,
    sa.Column("key", Text, primary_key=True),
    sa.Column("used", Number, nullable=False),
    sa.Column("until", Text, nullable=False),
)
# Of a limit that was begun before only the number changes, and no index with it.
_ONE_MORE = Prepared(
    sa.text(
        "UPDATE allowances SET used = used + 1 WHERE key = :key AND until > :now AND until <= :until RETURNING used"
    )
)
_CLEAR = sa.delete(allowances).where(allowances.c.until <= sa.bindparam("now"))
# One that has run out begins anew, so that those of others need not be looked at each time; so does one that reaches
# farther than the limit. Whoever writes does so alone (`db.sqlite`, `db.postgresql`): nobody has begun it meanwhile.
_BEGIN = Prepared(
    sa.text(
        "INSERT INTO allowances (key, used, until) VALUES (:key, 1, :until) ON CONFLICT (key) DO UPDATE SET "
        "used = 1, until = excluded.until RETURNING used"
    )
)


class TooOften(KbError):  # noqa: N818  -- it reads as what was done
    """Somebody did this too often; `seconds` from now they may again."""

    def __init__(self, seconds: int) -> None:
        super().__init__("That was very often in a short time. Wait a little, then go on.")
        self.seconds = max(1, seconds)


@dataclass(frozen=True, slots=True)
class Limit:
    """So many times `within` a while, counted from the first of them. `name` tells one limit from another."""

    name: str
    most: int
    within: timedelta


def spend(connection: sa.Connection, limit: Limit, who: str, now: datetime) -> None:
    """Count that `who` does this once more. Raises TooOften, and then it is not counted if the transaction ends so."""
    at = stamp(now)
    one = {"key": _key(limit, who), "until": stamp(now + limit.within)}
    used: int = _ONE_MORE.value(connection, **one, now=at) or _BEGIN.value(connection, **one)
    if used == 1:
        connection.execute(_CLEAR, {"now": at})
    if used > limit.most:
        raise _too_often(connection, limit, who, now)


def require_left(connection: sa.Connection, limit: Limit, who: str, now: datetime) -> None:
    """Raise TooOften where `who` may not do this now; nothing is counted."""
    until = allowances.c.until
    valid = (allowances.c.key == _key(limit, who)) & (until > stamp(now)) & (until <= stamp(now + limit.within))
    if (connection.scalar(sa.select(allowances.c.used).where(valid)) or 0) >= limit.most:
        raise _too_often(connection, limit, who, now)


def give_back(connection: sa.Connection, limit: Limit, who: str) -> None:
    """Forget what `who` did: it came to a good end."""
    connection.execute(sa.delete(allowances).where(allowances.c.key == _key(limit, who)))


def _too_often(connection: sa.Connection, limit: Limit, who: str, now: datetime) -> TooOften:
    until = connection.scalar(sa.select(allowances.c.until).where(allowances.c.key == _key(limit, who)))
    left = datetime.fromisoformat(until) - now if until else limit.within
    return TooOften(int(left.total_seconds()))


def _key(limit: Limit, who: str) -> str:
    return digest(f"{limit.name}\0{who}")
