"""Who we are: the teams of a wiki, who speaks for each, who sees to what waits. Read from ``teams.yml``.

Governance changes by pull request like any page, so the file is checked like one: every mistake at once, with its line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from kb_server.errors import Invalid
from kb_server.wiki import lines as yaml_lines
from kb_server.wiki.problems import Problem, meant

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

HUES = ("blue", "plum", "ochre", "slate")
LATER = ("hours", "time_zone", "holidays", "deputies", "away")
"""Keys of a team that features to come will read; kept in `Team.extra`."""

_TOP = ("company", "teams", "people", "admins")
_TEAM = ("name", "hue", "head", "speakers", "liaisons", *LATER)
_PERSON = ("name", "email", "teams", "sign_in")
_HANDLE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


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
    """A team; ``head``, ``speakers`` and ``liaisons`` are handles, ``head`` may be ""."""

    id: str
    name: str
    hue: str
    head: str = ""
    speakers: tuple[str, ...] = ()
    liaisons: tuple[str, ...] = ()
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Teams:
    """All teams in the order of the file, by id, and all people by handle."""

    company: str = ""
    teams: dict[str, Team] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    admins: tuple[str, ...] = ()

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
        team_fields, person_fields = (
            ("name", "hue", "head", "speakers", "liaisons"),
            ("name", "email", "sign_in", "teams"),
        )
        return {
            "teams": {key: {name: getattr(team, name) for name in team_fields} for key, team in self.teams.items()},
            "people": {key: {name: getattr(one, name) for name in person_fields} for key, one in self.people.items()},
            "admins": list(self.admins),
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


class _Reader:
    """Reads parsed YAML, noting problems instead of stopping at the first."""

    def __init__(self, file: str, where: yaml_lines.Lines) -> None:
        self.problems: list[Problem] = []
        self._file, self._where = file, where
        for key, line in where.twice:
            self.problems.append(Problem(file, line, f"'{key}' stands here a second time", "Keep one of them."))

    def teams(self, data: object) -> Teams:
        top = self._mapping(data if data is not None else {}, ())
        self._known(top, (), _TOP)
        people = self._mapping(top.get("people") or {}, ("people",))
        everybody = {str(handle): self._person(str(handle), person) for handle, person in people.items()}
        teams = self._mapping(top.get("teams") or {}, ("teams",))
        all_teams = {str(key): self._team(str(key), team, everybody) for key, team in teams.items()}
        self._names_differ(all_teams)
        for person in everybody.values():
            for at, team in enumerate(person.teams):
                self._among(team, list(all_teams), ("people", person.handle, "teams", at), "team")
        admins = self._texts(top, (), "admins")
        for at, handle in enumerate(admins):
            self._among(handle, list(everybody), ("admins", at), "person")
        return Teams(self._text(top, (), "company"), all_teams, everybody, admins)

    def _person(self, handle: str, data: object) -> Person:
        path = ("people", handle)
        self._identifier(handle, path, "handle")
        person = self._mapping(data if data is not None else {}, path)
        self._known(person, path, _PERSON)
        email = self._text(person, path, "email")
        if email and "@" not in email:
            self._note((*path, "email"), f"'{email}' is no mail address", "Write it as name@example.com.")
        name = self._text(person, path, "name") or handle
        return Person(handle, name, email, self._text(person, path, "sign_in"), self._texts(person, path, "teams"))

    def _team(self, key: str, data: object, people: Mapping[str, Person]) -> Team:
        path = ("teams", key)
        self._identifier(key, path, "team id")
        team = self._mapping(data if data is not None else {}, path)
        self._known(team, path, _TEAM)
        name, hue = self._text(team, path, "name"), self._text(team, path, "hue")
        if not name:
            self._note(path, f"the team '{key}' has no name", "Give it a name.")
        self._among(hue, HUES, (*path, "hue"), "hue")
        head = self._text(team, path, "head")
        speakers, liaisons = self._texts(team, path, "speakers"), self._texts(team, path, "liaisons")
        if head:
            self._among(head, list(people), (*path, "head"), "person")
        for field_name, handles in (("speakers", speakers), ("liaisons", liaisons)):
            for at, handle in enumerate(handles):
                self._among(handle, list(people), (*path, field_name, at), "person")
        extra = {name: team[name] for name in LATER if name in team}
        return Team(key, name, hue, head, speakers, liaisons, extra)

    def _names_differ(self, teams: Mapping[str, Team]) -> None:
        taken: dict[str, str] = {}
        for team in teams.values():
            name = " ".join(team.name.split()).casefold()
            if name and name in taken:
                message = f"'{team.id}' and '{taken[name]}' are both called {team.name}"
                self._note(("teams", team.id, "name"), message, "Give one of them another name.")
            taken.setdefault(name, team.id)

    def _mapping(self, data: object, path: tuple[str | int, ...]) -> dict[Any, Any]:
        if isinstance(data, dict):
            return data
        self._note(path, f"{_shown(path)} must be keys with values", "Write each as 'key: value'.")
        return {}

    def _known(self, data: Mapping[Any, Any], path: tuple[str, ...], known: tuple[str, ...]) -> None:
        for key in data:
            if key not in known:
                self._note((*path, str(key)), f"'{key}' is not known here", meant(str(key), known))

    def _identifier(self, text: str, path: tuple[str, ...], what: str) -> None:
        if not _HANDLE.fullmatch(text):
            self._note(path, f"the {what} '{text}' is not made of a-z, 0-9 and single hyphens", "Choose another.")

    def _among(self, word: str, known: tuple[str, ...] | list[str], path: tuple[str | int, ...], what: str) -> None:
        if word not in known:
            message = f"'{word}' is not a {what} we know" if word else f"a {what} is missing"
            self._note(path, message, meant(word, known))

    def _text(self, data: Mapping[Any, Any], path: tuple[str, ...], key: str) -> str:
        value = data.get(key)
        if value is None or isinstance(value, str):
            return (value or "").strip()
        self._note((*path, key), f"'{key}' must be text", "Put it in quotes.")
        return ""

    def _texts(self, data: Mapping[Any, Any], path: tuple[str, ...], key: str) -> tuple[str, ...]:
        value = data.get(key) or []
        if isinstance(value, list) and all(isinstance(item, str) for item in value):
            return tuple(value)
        self._note((*path, key), f"'{key}' must be a list of names", f"Write {key}: [one, other].")
        return ()

    def _note(self, path: tuple[str | int, ...], message: str, fix: str) -> None:
        self.problems.append(Problem(self._file, self._where.of(*path), message, fix))


def _shown(path: tuple[str | int, ...]) -> str:
    return f"'{'.'.join(map(str, path))}'" if path else "the file"
