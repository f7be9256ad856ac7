"""What time alone brings about: an answer that is late is passed on, once, first to the liaison and then to the head.

A feature says by a `Clocked` what of it waits for an answer. Each thing is passed on in a transaction of its own: an
update that finds it as it was, and a line in the log. So whoever is killed in between, or ticks beside another, neither
leaves one out nor says it twice; and what became late while nobody ticked is said in the order in which it did.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from kb_server import clock
from kb_server.clock import Calendar
from kb_server.clock.calendar import to_data
from kb_server.db import Database
from kb_server.db.schema import Text, metadata
from kb_server.people.roster import Roster, Team
from kb_server.people.secret import stamp

LIAISON, HEAD = "liaison", "head"
"""To whom something late is passed."""
AT_ONCE = 10
"""Things in one transaction that are due at another time by a new calendar."""
NEXT: Mapping[str, str] = {"": LIAISON, LIAISON: HEAD}

calendars = sa.Table(
    "calendars",
    metadata,
    sa.Column("kind", Text, primary_key=True),
    sa.Column("team", Text, primary_key=True),
    sa.Column("calendar", Text, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that waits for a team's answer, due at ``due``; ``left`` working seconds were left at ``since``.

    ``passed`` is to whom it was passed, "" where it was not yet.
    """

    id: str
    team: str
    since: str
    left: int
    due: str
    passed: str


@dataclass(frozen=True, slots=True)
class Clocked:
    """What waits in one feature, and how it is written down that it is due at another time, or passed on.

    ``late`` gives all that was due before a moment and is not passed to the head yet; ``running`` what waits for a team
    and is not passed on at all. The last two give whether it still was as it is said to be.
    """

    kind: str
    late: Callable[[sa.Connection, str], Sequence[Waiting]]
    running: Callable[[sa.Connection, str], Sequence[Waiting]]
    put_off: Callable[[sa.Connection, Waiting, str, datetime], bool]
    pass_on: Callable[[sa.Connection, Waiting, str, datetime], bool]


@dataclass(frozen=True, slots=True)
class Passed:
    """That something was passed on now, which was due at ``due``."""

    kind: str
    id: str
    team: str
    to: str
    due: str


def tick(database: Database, roster: Roster, clocked: Sequence[Clocked], now: datetime) -> list[Passed]:
    """Pass on what is late at `now`; gives what that was, in the order in which it became so.

    Without teams nothing is done: then it is not known who we are.
    """
    if not roster.teams:
        return []
    for one in clocked:
        _follow_calendars(database, roster, one, now)
    with database.read() as connection:
        steps = [step for one in clocked for step in _steps(connection, roster, one, now)]
    done = []
    for _, waiting, one, to in sorted(steps, key=lambda step: step[0]):
        with database.transaction() as connection:
            if one.pass_on(connection, waiting, to, now):
                done.append(Passed(one.kind, waiting.id, waiting.team, to, waiting.due))
    return done


Step = tuple[datetime, Waiting, Clocked, str]
"""When something has to be passed on, and to whom."""


def _steps(connection: sa.Connection, roster: Roster, one: Clocked, now: datetime) -> Iterator[Step]:
    """What is to be passed on by now; to both, one after the other, where nobody has ticked for long."""
    for waiting in one.late(connection, stamp(now)):
        due, calendar = datetime.fromisoformat(waiting.due), calendar_of(roster, waiting.team)
        moments = {"": due, LIAISON: clock.due(calendar, due, calendar.allowance // 2)}
        for passed in list(NEXT)[list(NEXT).index(waiting.passed) :]:
            if moments[passed] < now:
                yield moments[passed], _as_passed(waiting, passed), one, NEXT[passed]


def _as_passed(waiting: Waiting, passed: str) -> Waiting:
    return Waiting(waiting.id, waiting.team, waiting.since, waiting.left, waiting.due, passed)


def calendar_of(roster: Roster, team: str) -> Calendar:
    """A team's calendar, or that of the team it has become; that of most people where there is none any more."""
    return roster.team(team).calendar


# ── Calendars that have changed ───────────────────────────────────────────


def _follow_calendars(database: Database, roster: Roster, one: Clocked, now: datetime) -> None:
    """Where a team works at other times than it did, what it has not answered is due at another time."""
    today = {key: json.dumps(to_data(team.calendar), sort_keys=True) for key, team in roster.teams.items()}
    with database.read() as connection:
        known = _known(connection, one.kind)
    for team, calendar in today.items():
        if known.get(team) != calendar:
            _put_off(database, one, roster.teams[team], now)
            with database.transaction() as connection:
                connection.execute(_KNOW, {"kind": one.kind, "team": team, "calendar": calendar})


def _put_off(database: Database, one: Clocked, team: Team, now: datetime) -> None:
    """A few at a time, for whoever wants to say something waits; whoever goes on after a failure finds the others."""
    with database.read() as connection:
        dues = [(waiting, _due(team.calendar, waiting)) for waiting in one.running(connection, team.id)]
    moved = [(waiting, due) for waiting, due in dues if due != waiting.due]
    for at in range(0, len(moved), AT_ONCE):
        with database.transaction() as connection:
            for waiting, due in moved[at : at + AT_ONCE]:
                one.put_off(connection, waiting, due, now)


def _due(calendar: Calendar, waiting: Waiting) -> str:
    """When it is due by this calendar; what had no time left is due as it was."""
    if not waiting.left:
        return waiting.due
    return stamp(clock.due(calendar, datetime.fromisoformat(waiting.since), waiting.left))


def _known(connection: sa.Connection, kind: str) -> dict[str, str]:
    rows = connection.execute(sa.select(calendars.c.team, calendars.c.calendar).where(calendars.c.kind == kind))
    return {row.team: row.calendar for row in rows}


_KNOW = sa.text(
    "INSERT INTO calendars (kind, team, calendar) VALUES (:kind, :team, :calendar) "
    "ON CONFLICT (kind, team) DO UPDATE SET calendar = excluded.calendar"
)
