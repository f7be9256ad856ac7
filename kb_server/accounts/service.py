"""The ways to sign in: each proves who somebody is in its own way, and ends in the same session."""

from __future__ import annotations

from dataclasses import dataclass

from kb_server.accounts.holding import SIGNING_IN
from kb_server.errors import NotFound
from kb_server.people.models import LOCAL, Proven
from kb_server.people.roster import Roster, Team
from kb_server.words import t

__all__ = ["SIGNING_IN", "Choice", "choices", "does", "picked"]


@dataclass(frozen=True, slots=True)
class Choice:
    """Somebody to be picked: a name, what they do, and their teams."""

    handle: str
    name: str
    does: tuple[str, ...]
    teams: tuple[Team, ...]


def choices(roster: Roster) -> list[Choice]:
    """Everybody the teams file names, in its order."""
    return [
        Choice(one.handle, one.name, does(roster, one.handle), tuple(roster.teams[team] for team in one.teams))
        for one in roster.people.values()
    ]


def picked(roster: Roster, handle: str) -> Proven:
    """Who somebody says they are, which proves enough on one's own machine. Raises NotFound."""
    listed = roster.people.get(handle)
    if listed is None:
        raise NotFound("Nobody of this name is in teams.yml.")
    return Proven(LOCAL, handle, listed.name, listed.email, handle)


def does(roster: Roster, handle: str) -> tuple[str, ...]:
    """What somebody of the teams file is here, in the words of the interface."""
    said = []
    for team in roster.teams.values():
        if handle == team.head:
            said.append(t("account.leads", team=team.name))
        if handle in team.speakers:
            said.append(t("account.speaks", team=team.name))
        if handle in team.liaisons:
            said.append(t("account.liaison", team=team.name))
    if handle in roster.admins:
        said.append(t("account.admin"))
    return tuple(said)
