"""Between the teams: who answers whom in time. Numbers of teams, never of people."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from kb_server.people.roster import Roster, Team
from kb_server.suggestions.models import DONE, OWED, WAITING, Between

MOST_PIPS = 20
"""Answers shown one by one; more of them are a bar."""
MOST_WAYS = 3
"""Directions shown at once; more of them fold out."""


@dataclass(frozen=True, slots=True)
class Direction:
    """How one team answers another. ``answered`` counts what was answered or should have been by now."""

    asks: Team
    answers: Team
    in_time: int
    answered: int
    waiting: int
    late: int
    done: int
    since: str

    @property
    def is_bar(self) -> bool:
        """Whether there are too many answers to show each."""
        return self.answered > MOST_PIPS

    def url(self, **wanted: str) -> str:
        """The list of what one of the figures counts."""
        return "suggestions/?" + urlencode({"from": self.asks.id, "to": self.answers.id, "since": self.since} | wanted)

    @property
    def links(self) -> dict[str, str]:
        """The list behind each figure."""
        return {
            "answered": self.url(in_time=OWED),
            "waiting": self.url(state=WAITING),
            "late": self.url(state=WAITING, late="1"),
            "done": self.url(state=DONE),
        }


def directions(found: Iterable[Between], roster: Roster, own: Collection[str], since: str) -> list[Direction]:
    """Every direction in which anything was asked, those of one's own teams first, then as the teams file has them."""
    order = {team: place for place, team in enumerate(roster.teams)}
    known = [one for one in found if one.from_team in order and one.to_team in order]
    known = [one for one in known if one.in_time or one.late or one.waiting or one.done]
    known.sort(key=lambda one: (_distance(one, own), order[one.from_team], order[one.to_team]))
    return [_direction(one, roster, since) for one in known]


def _distance(one: Between, own: Collection[str]) -> int:
    return 2 - (one.to_team in own) - (one.from_team in own)


def _direction(one: Between, roster: Roster, since: str) -> Direction:
    asks, answers = roster.teams[one.from_team], roster.teams[one.to_team]
    total = one.in_time + one.late
    return Direction(asks, answers, one.in_time, total, one.waiting, one.waiting_late, one.done, since)
