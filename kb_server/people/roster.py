"""Who we are by ``teams.yml``, as the served build carries it: rights change by a merge and a publication alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from kb_server.clock.calendar import Calendar
from kb_server.clock.calendar import from_data as from_calendar


@dataclass(frozen=True, slots=True)
class Listed:
    """Somebody the teams file names. ``sign_in`` is their subject at the provider, where that is not their handle."""

    handle: str
    name: str
    email: str = ""
    sign_in: str = ""
    teams: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Team:
    """A team; people by their handles. ``head`` may be ""; ``answers`` are those who answer first what it is asked.

    ``was`` are the ids of the teams that have become it.
    """

    id: str
    name: str
    hue: str
    head: str = ""
    speakers: tuple[str, ...] = ()
    liaisons: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()
    deputies: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    calendar: Calendar = field(default_factory=Calendar)
    was: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Roster:
    """All teams in the order of the file, everybody it names, and who runs the wiki.

    ``dissolved`` are the ids of teams that there are no more, and that have become no other.
    """

    teams: Mapping[str, Team] = field(default_factory=dict)
    people: Mapping[str, Listed] = field(default_factory=dict)
    admins: frozenset[str] = frozenset()
    dissolved: frozenset[str] = frozenset()

    def now(self, team: str) -> str:
        """The team that an id stands for today: itself, or the one it has become; else the id as it is."""
        return team if team in self.teams else self._heirs.get(team, team)

    def team(self, team: str) -> Team:
        """The team that an id stands for today; where there is none any more, one that is called by it."""
        return self.teams.get(self.now(team)) or Team(team, team, "slate")

    def ever(self, teams: Iterable[str]) -> frozenset[str]:
        """The ids of these teams, and all that they were before: by what rows may know them that were written then."""
        wanted = set(teams)
        return frozenset(wanted | {was for team in wanted & self.teams.keys() for was in self.teams[team].was})

    @property
    def _heirs(self) -> dict[str, str]:
        return {former: team.id for team in self.teams.values() for former in team.was}

    def by_email(self, email: str) -> str:
        """The handle of the person with this address, or ""."""
        wanted = email.casefold()
        return next((one.handle for one in self.people.values() if one.email and one.email.casefold() == wanted), "")

    def by_subject(self, subject: str) -> str:
        """The handle of the person whom the provider knows by this subject, or ""."""
        return next((one.handle for one in self.people.values() if one.sign_in and one.sign_in == subject), "")

    def teams_called(self, groups: Iterable[str], also: Mapping[str, str] | None = None) -> frozenset[str]:
        """The teams that a provider's groups stand for: by the team's id, its name, or what `also` maps them to."""
        by_name = {team.name.casefold(): team.id for team in self.teams.values()}
        by_name = self._heirs | by_name | {team: team for team in self.teams}
        called = by_name | {
            group.casefold(): self.now(team) for group, team in (also or {}).items() if self.now(team) in self.teams
        }
        wanted = (group.strip().lstrip("/").casefold() for group in groups)
        return frozenset(called[group] for group in wanted if group in called)


def from_data(data: Mapping[str, Any]) -> Roster:
    """The roster in a build's ``roster.json``. Raises KeyError, TypeError or ValueError where it has another shape."""
    teams = {key: _team(key, team) for key, team in data["teams"].items()}
    people = {handle: Listed(handle=handle, **_tuples(person)) for handle, person in data["people"].items()}
    return Roster(teams, people, frozenset(data["admins"]), frozenset(data.get("dissolved", ())))


def _team(key: str, entry: Mapping[str, Any]) -> Team:
    """A team; a build made before there were calendars says nothing of them."""
    team = _tuples(entry)
    team["deputies"] = _tuples(team.get("deputies", {}))
    team["calendar"] = from_calendar(team["calendar"]) if "calendar" in team else Calendar()
    return Team(id=key, **team)


def _tuples(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in entry.items()}
