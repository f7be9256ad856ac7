"""How the answer clock is shown: always a time, and whose turn it is; by the clocks of the team that was asked.

A script in the browser says the same times by the clock of whoever reads.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from kb_server.clock import NEVER
from kb_server.people.roster import Roster
from kb_server.suggestions.models import MORE, WAITING, YES, Suggestion
from kb_server.writing.dues import said, zone_of

CALM, TODAY, LATE, PAUSED, MET, MISSED = "calm", "today", "late", "paused", "met", "missed"
WEEK, NEXT, LATER = "week", "next", "later"
GROUPS = (LATE, TODAY, WEEK, NEXT, LATER)
DAYS = 7


@dataclass(frozen=True, slots=True)
class Clock:
    """How the clock stands: when an answer is ``due`` (UTC), that in words, and by how many ``days`` it is late."""

    kind: str
    due: str = ""
    time: str = ""
    days: int = 0


@dataclass(frozen=True, slots=True)
class Moment:
    """Now, and how each team's calendar has it."""

    roster: Roster
    now: datetime

    def clock(self, one: Suggestion) -> Clock | None:
        """How the clock of a suggestion stands; None where there is none to show."""
        if one.state == MORE:
            return Clock(PAUSED)
        if one.state != WAITING:
            return Clock(MET if one.in_time == YES else MISSED) if one.in_time else None
        due = _moment(one.due)
        if due is None:
            return None
        days = (self.today(one.to_team) - due.astimezone(self._zone(one.to_team)).date()).days
        kind = LATE if due < self.now else TODAY if days == 0 else CALM
        return Clock(kind, one.due, self.said(one.to_team, due), max(days, 0))

    def group(self, one: Suggestion) -> str:
        """Under which heading of the board it stands."""
        due = _moment(one.due)
        if one.state == MORE:
            return MORE
        if due is None:
            return LATER
        if due < self.now:
            return LATE
        day, today = due.astimezone(self._zone(one.to_team)).date(), self.today(one.to_team)
        if day == today:
            return TODAY
        monday = today - timedelta(days=today.weekday())
        weeks = (day - monday).days // DAYS
        return (WEEK, NEXT)[weeks] if weeks <= 1 else LATER

    def said(self, team: str, due: datetime) -> str:
        """`today 14:00`, `Thu 14:00` or `3 March, 14:00`: a moment by the clocks of a team."""
        return said(self._zone(team), due, self.now)

    def today(self, team: str) -> date:
        """Which day it is where a team works."""
        return self.now.astimezone(self._zone(team)).date()

    def _zone(self, team: str) -> ZoneInfo:
        return zone_of(self.roster, team)


def grouped(moment: Moment, found: Iterable[Suggestion], *, first: str = "") -> list[tuple[str, Sequence[Suggestion]]]:
    """Suggestions under the headings of the board; those where more is needed stand first or last."""
    order = (MORE, *GROUPS) if first == MORE else (*GROUPS, MORE)
    groups: dict[str, list[Suggestion]] = {name: [] for name in order}
    for one in found:
        groups[moment.group(one)].append(one)
    return [(name, ones) for name, ones in groups.items() if ones]


def _moment(stamp: str) -> datetime | None:
    due = datetime.fromisoformat(stamp) if stamp else None
    return due if due and due.year < NEVER.year else None
