"""Who we are: the teams of a wiki, who speaks for each, who sees to what waits. Read from ``teams.yml``.

Governance changes by pull request like any page, so the file is checked like one: every mistake at once, with its line.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from kb_server.clock.calendar import Calendar, to_data
from kb_server.errors import Invalid
from kb_server.wiki import formers, timing
from kb_server.wiki import lines as yaml_lines
from kb_server.wiki.checking import Checker
from kb_server.wiki.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

HUES = ("blue", "plum", "ochre", "slate")
_TOP = ("company", "teams", "people", "admins", "dissolved")
_TEAM = ("name", "was", "hue", "head", "speakers", "liaisons", *timing.KEYS, "answers", "deputies")
_PERSON = ("name", "email", "teams", "sign_in")


class TeamsError(Invalid):
    """``teams.yml`` cannot be used; `problems` are all that is wrong with it, and the message is a line for each."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody named in the teams file. ``teams`` are team ids; ``sign_in`` is how the provider knows them."""

    handle: str
    name: str
    email: str = ""
    sign_in: str = ""
    teams: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Team:
    """A team; people are handles, ``head`` may be "". ``answers`` are those who answer first what it is asked.

    ``was`` are the ids of the teams that have become it: its own before it was renamed, those that were merged into it.
    """

    id: str
    name: str
    hue: str
    head: str = ""
    speakers: tuple[str, ...] = ()
    liaisons: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()
    deputies: dict[str, tuple[str, ...]] = field(default_factory=dict)
    calendar: Calendar = field(default_factory=Calendar)
    was: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Teams:
    """All teams in the order of the file, by id, and all people by handle; ``dissolved`` teams there are no more."""

    company: str = ""
    teams: dict[str, Team] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    admins: tuple[str, ...] = ()
    dissolved: tuple[str, ...] = ()

    def now(self, teams: Iterable[str]) -> tuple[str, ...]:
        """The teams that these ids stand for today; one that is not known stays what it is."""
        return formers.each_now(teams, {team.id: team.was for team in self.teams.values()})

    def for_manifest(self) -> dict[str, dict[str, Any]]:
        """The teams as `Manifest.teams` has them: names instead of handles, no addresses."""
        return {
            team.id: {
                "name": team.name,
                "hue": team.hue,
                "head": self._name(team.head),
                "speakers": [self._name(handle) for handle in team.speakers],
                "liaisons": [self._name(handle) for handle in team.liaisons],
            }
            for team in self.teams.values()
        }

    def for_roster(self) -> dict[str, Any]:
        """What the server needs to know whom to let in, and to write to: with addresses, so never published."""
        team_fields = ("name", "hue", "head", "speakers", "liaisons", "answers", "deputies", "was")
        person_fields = ("name", "email", "sign_in", "teams")
        return {
            "teams": {
                key: {name: getattr(team, name) for name in team_fields} | {"calendar": to_data(team.calendar)}
                for key, team in self.teams.items()
            },
            "people": {key: {name: getattr(one, name) for name in person_fields} for key, one in self.people.items()},
            "admins": list(self.admins),
            "dissolved": list(self.dissolved),
        }

    def _name(self, handle: str) -> str:
        person = self.people.get(handle)
        return person.name if person else handle


def load(path: Path) -> Teams:
    """The teams in the file at `path`. Raises TeamsError with everything that is wrong."""
    try:
        data, where = yaml_lines.read(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise TeamsError(
            [Problem(path.name, None, f"cannot be read ({error.strerror})", "Make it readable.")]
        ) from error
    except UnicodeDecodeError as error:
        raise TeamsError([Problem(path.name, None, "is not UTF-8", "Save it as UTF-8.")]) from error
    except yaml_lines.BrokenYaml as error:
        raise TeamsError([Problem(path.name, error.line, str(error), error.fix)]) from error
    reader = _Reader(path.name, where)
    teams = reader.teams(data)
    if reader.problems:
        raise TeamsError(sorted(reader.problems, key=lambda problem: problem.line or 0))
    return teams


class _Reader(Checker):
    """Reads what the file says of teams and people."""

    def teams(self, data: object) -> Teams:
        top = self.mapping(data if data is not None else {}, ())
        self.known(top, (), _TOP)
        people = self.mapping(top.get("people") or {}, ("people",))
        everybody = {str(handle): self._person(str(handle), person) for handle, person in people.items()}
        teams = self.mapping(top.get("teams") or {}, ("teams",))
        all_teams = {str(key): self._team(str(key), team, everybody) for key, team in teams.items()}
        self._names_differ(all_teams)
        was, dissolved = {key: team.was for key, team in all_teams.items()}, self.texts(top, (), "dissolved")
        formers.check(self, was, dissolved)
        for person in everybody.values():
            for at, team in enumerate(person.teams):
                self.among(formers.now(team, was), list(all_teams), ("people", person.handle, "teams", at), "team")
        known = {one.handle: replace(one, teams=formers.each_now(one.teams, was)) for one in everybody.values()}
        admins = self.texts(top, (), "admins")
        for at, handle in enumerate(admins):
            self.among(handle, list(everybody), ("admins", at), "person")
        return Teams(self.text(top, (), "company"), all_teams, known, admins, dissolved)

    def _person(self, handle: str, data: object) -> Person:
        path = ("people", handle)
        self.identifier(handle, path, "handle")
        person = self.mapping(data if data is not None else {}, path)
        self.known(person, path, _PERSON)
        email = self.text(person, path, "email")
        if email and "@" not in email:
            self.note((*path, "email"), f"'{email}' is no mail address", "Write it as name@example.com.")
        name = self.text(person, path, "name") or handle
        return Person(handle, name, email, self.text(person, path, "sign_in"), self.texts(person, path, "teams"))

    def _team(self, key: str, data: object, people: Mapping[str, Person]) -> Team:
        path = ("teams", key)
        self.identifier(key, path, "team id")
        team = self.mapping(data if data is not None else {}, path)
        self.known(team, path, _TEAM)
        name, hue = self.text(team, path, "name"), self.text(team, path, "hue")
        if not name:
            self.note(path, f"the team '{key}' has no name", "Give it a name.")
        self.among(hue, HUES, (*path, "hue"), "hue")
        head = self.text(team, path, "head")
        speakers, liaisons = self.texts(team, path, "speakers"), self.texts(team, path, "liaisons")
        if head:
            self.among(head, list(people), (*path, "head"), "person")
        answers, deputies = self.texts(team, path, "answers"), self._deputies(team, path, people)
        for field_name, handles in (("speakers", speakers), ("liaisons", liaisons), ("answers", answers)):
            for at, handle in enumerate(handles):
                self.among(handle, list(people), (*path, field_name, at), "person")
        calendar = timing.calendar(self, team, path)
        was = self.texts(team, path, "was")
        return Team(key, name, hue, head, speakers, liaisons, answers, deputies, calendar, was)

    def _deputies(
        self, team: Mapping[Any, Any], path: tuple[str, ...], people: Mapping[str, Person]
    ) -> dict[str, tuple[str, ...]]:
        """Who stands in for whom while they are away; nobody does so for themselves."""
        data, path = self.mapping(team.get("deputies") or {}, (*path, "deputies")), (*path, "deputies")
        named = {str(key): [value] if isinstance(value, str) else value for key, value in data.items()}
        found = {handle: self.texts(named, path, handle) for handle in named}
        for handle, deputies in found.items():
            self.among(handle, list(people), (*path, handle), "person")
            for deputy in deputies:
                self.among(deputy, [one for one in people if one != handle], (*path, handle), "person")
        return found

    def _names_differ(self, teams: Mapping[str, Team]) -> None:
        taken: dict[str, str] = {}
        for team in teams.values():
            name = " ".join(team.name.split()).casefold()
            if name and name in taken:
                message = f"'{team.id}' and '{taken[name]}' are both called {team.name}"
                self.note(("teams", team.id, "name"), message, "Give one of them another name.")
            taken.setdefault(name, team.id)
