"""How a moment is said at which an answer is due: by the clocks of the team that owes it.

A script in the browser says the same by the clock of whoever reads.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from kb_server.people.roster import Roster
from kb_server.words import each, t
from kb_server.writing.ticking import calendar_of

CALM, LATE = "calm", "late"
WEEK = 7


@dataclass(frozen=True, slots=True)
class Owed:
    """That an answer is still owed: ``due`` (UTC), which is said as ``time``; ``kind`` tells whether it is late."""

    kind: str
    due: str
    time: str


def owed(roster: Roster, team: str, due: str, now: datetime) -> Owed:
    """That a team owes an answer by a moment, as it is said now."""
    moment = datetime.fromisoformat(due)
    return Owed(LATE if moment < now else CALM, due, said(zone_of(roster, team), moment, now))


def zone_of(roster: Roster, team: str) -> ZoneInfo:
    """By which clocks a team works."""
    return ZoneInfo(calendar_of(roster, team).zone)


def said(zone: ZoneInfo, due: datetime, now: datetime) -> str:
    """`today 14:00`, `Thu 14:00` or `3 March, 14:00`, by the clocks of a time zone."""
    local, today = due.astimezone(zone), now.astimezone(zone).date()
    time, ahead = f"{local:%H:%M}", (local.date() - today).days
    if ahead == 0:
        return t("talk.today", time=time)
    if 0 < ahead < WEEK:
        return t("suggestion.time.near", day=each("weekday")[str(local.isoweekday())], time=time)
    return t("suggestion.time.far", day=short_day(local.date()), time=time)


def short_day(value: date) -> str:
    """`3 March`."""
    return t("suggestion.day", day=value.day, month=each("month")[str(value.month)])
