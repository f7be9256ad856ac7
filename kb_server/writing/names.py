"""Who people are, for those who read what they said: names, teams and colours of this moment, fetched once for all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from kb_server.people import service, storage
from kb_server.people.roster import Roster, Team
from kb_server.words import t
from kb_server.writing.text import TEAM


@dataclass(frozen=True, slots=True)
class Who:
    """Somebody as a conversation shows them; ``teams`` in the order of the teams file."""

    name: str
    teams: tuple[Team, ...] = ()


class Names:
    """The names of some people, and of all teams, by the ids a conversation has of them."""

    def __init__(self, connection: sa.Connection, ids: Iterable[str], roster: Roster) -> None:
        wanted = {one for one in ids if one and not one.startswith(TEAM)}
        found = storage.known_by_id(connection, wanted) if wanted else {}
        self._roster = roster
        self._people: dict[str, Who] = {}
        for person, memberships in found.values():
            teams = service.teams_of(person, memberships, roster)
            shown = tuple(team for key, team in roster.teams.items() if key in teams)
            self._people[person.id] = Who(person.name or t("talk.somebody"), () if person.erased else shown)

    def who(self, person_id: str) -> Who:
        """Somebody by their id; somebody unnamed where there is nothing to know."""
        return self._people.get(person_id) or Who(t("talk.somebody"))

    def name(self, person_or_team: str) -> str:
        """What somebody, or a team, is called."""
        if person_or_team.startswith(TEAM):
            return self._roster.team(person_or_team.removeprefix(TEAM)).name
        return self.who(person_or_team).name
