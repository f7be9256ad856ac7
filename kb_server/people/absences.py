"""Being away: until when, as each person says it of themselves, and who does meanwhile what waits for them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from kb_server.activity.storage import record
from kb_server.db import counters
from kb_server.db.prepared import Prepared
from kb_server.db.schema import Text, metadata
from kb_server.errors import Invalid
from kb_server.people import storage
from kb_server.people.models import Actor
from kb_server.people.permissions import require
from kb_server.people.roster import Listed, Roster
from kb_server.people.secret import stamp
from kb_server.people.service import person_for
from kb_server.words import t

LONGEST = timedelta(days=366)

absences = sa.Table(
    "absences",
    metadata,
    sa.Column("person_id", Text, sa.ForeignKey("people.id"), primary_key=True),
    *(sa.Column(name, Text, nullable=False) for name in ("until", "deputy", "at")),
)

Away = Mapping[str, str]
"""The handles of those who are away, each with that of whom they named to stand in; "" where they named nobody."""


@dataclass(frozen=True, slots=True)
class Absence:
    """That somebody is away up to and including the day ``until``; ``deputy`` is a person's id, or ""."""

    until: date
    deputy: str = ""


# ── What one says of oneself ──────────────────────────────────────────────


def absence(connection: sa.Connection, person_id: str, today: date) -> Absence | None:
    """That somebody is away today or later on; None where they are not."""
    row = connection.execute(sa.select(absences).where(absences.c.person_id == person_id)).one_or_none()
    found = Absence(date.fromisoformat(row.until), row.deputy) if row else None
    return found if found and found.until >= today else None


def may_stand_in(actor: Actor, roster: Roster) -> list[Listed]:
    """Who of the teams file could stand in for somebody: whoever shares a team with them."""
    return [one for one in roster.people.values() if one.handle != actor.handle and actor.teams.intersection(one.teams)]


def go(connection: sa.Connection, actor: Actor, roster: Roster, until: str, deputy: str, now: datetime) -> None:  # noqa: PLR0913, PLR0917
    """Be away up to and including a day (ISO), and let somebody (a handle) stand in. Raises Invalid."""
    require(actor, "account")
    day = _day(until, _today(now))
    if deputy and deputy not in {one.handle for one in may_stand_in(actor, roster)}:
        raise Invalid(t("away.no_deputy"))
    chosen = person_for(connection, deputy, roster, now).id if deputy else ""
    row = {"person_id": actor.id, "until": day.isoformat(), "deputy": chosen, "at": stamp(now)}
    connection.execute(_GOES, row)
    counters.take(connection, storage.SEEN)
    data = {"until": row["until"], "deputy": chosen}
    record(connection, actor=actor.id, verb="absence.said", subject=actor.id, data=data, at=stamp(now))


def come_back(connection: sa.Connection, actor: Actor, now: datetime) -> None:
    """Be there again. Saying so twice changes nothing."""
    require(actor, "account")
    if connection.execute(sa.delete(absences).where(absences.c.person_id == actor.id)).rowcount:
        counters.take(connection, storage.SEEN)
        record(connection, actor=actor.id, verb="absence.ended", subject=actor.id, data={}, at=stamp(now))


# ── Who stands in ─────────────────────────────────────────────────────────


def away(connection: sa.Connection, now: datetime) -> Away:
    """Who of the teams file is away at this moment, and whom they named to stand in; one query."""
    return dict(_AWAY.run(connection, today=_today(now).isoformat()))


def present(roster: Roster, handles: Iterable[str], gone: Away, teams: Iterable[str] = ()) -> list[str]:
    """These people as far as they are there, and who stands in for the others; nobody where all are away.

    Whom somebody named comes before whom the teams file names: for these `teams`, or for any. Deputies who are away
    have deputies; nobody is asked twice.
    """
    deputies = _deputies(roster, teams)
    return list(dict.fromkeys(there for handle in handles for there in _there(handle, roster, gone, deputies)))


def standing_in(
    connection: sa.Connection, roster: Roster, handles: Iterable[str], now: datetime, teams: Iterable[str] = ()
) -> list[str]:
    """Who has to act instead of these people, each once; whoever has nobody to stand in stays."""
    wanted, gone, deputies = list(dict.fromkeys(handles)), away(connection, now), _deputies(roster, teams)
    return list(dict.fromkeys(one for handle in wanted for one in _there(handle, roster, gone, deputies) or [handle]))


def _deputies(roster: Roster, teams: Iterable[str]) -> dict[str, list[str]]:
    """Who stands in for whom by the teams file."""
    found: dict[str, list[str]] = {}
    for key in tuple(teams) or roster.teams:
        for handle, deputies in (roster.teams[key].deputies if key in roster.teams else {}).items():
            found.setdefault(handle, []).extend(deputies)
    return found


def _there(handle: str, roster: Roster, gone: Away, deputies: Mapping[str, Sequence[str]]) -> list[str]:
    """Who is there of a person, else of their deputies, else of those deputies' deputies."""
    line, seen = [handle], {handle}
    while line:
        if there := [one for one in line if one not in gone]:
            return there
        named = [deputy for one in line for deputy in ((gone[one],) if gone[one] else deputies.get(one, ()))]
        line = [one for one in dict.fromkeys(named) if one in roster.people and one not in seen]
        seen.update(line)
    return []


# ── What is held about a person ───────────────────────────────────────────


def held(connection: sa.Connection, person_id: str, now: datetime) -> dict[str, Any] | None:
    """That somebody is away, for their export."""
    found = absence(connection, person_id, _today(now))
    return {"until": found.until.isoformat(), "stands_in": found.deputy} if found else None


def forget(connection: sa.Connection, person_id: str) -> None:
    """Forget that somebody is away, and for whom they stand in."""
    connection.execute(sa.delete(absences).where(absences.c.person_id == person_id))
    connection.execute(sa.update(absences).where(absences.c.deputy == person_id).values(deputy=""))


def _day(text: str, today: date) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise Invalid(t("away.no_day")) from error
    if not today <= day <= today + LONGEST:
        raise Invalid(t("away.no_day"))
    return day


def _today(now: datetime) -> date:
    return now.astimezone(UTC).date()


_STAND_IN = storage.people.alias()
_AWAY = Prepared(
    sa.select(storage.people.c.handle, sa.func.coalesce(_STAND_IN.c.handle, "").label("deputy"))
    .join(absences, absences.c.person_id == storage.people.c.id)
    .outerjoin(_STAND_IN, _STAND_IN.c.id == absences.c.deputy)
    .where((absences.c.until >= sa.bindparam("today")) & (storage.people.c.handle != ""))
)
_GOES = sa.text(
    "INSERT INTO absences (person_id, until, deputy, at) VALUES (:person_id, :until, :deputy, :at) "
    "ON CONFLICT (person_id) DO UPDATE SET until = excluded.until, deputy = excluded.deputy, at = excluded.at"
)
