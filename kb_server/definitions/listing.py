"""All definitions at once: how each stands, and for whom it waits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from kb_server.definitions import owing, service
from kb_server.definitions.models import Facts, Standing, State
from kb_server.definitions.pages import KIND, facts_of
from kb_server.pages.manifest import Page

ORDER: tuple[State, ...] = ("differ", "wording", "notyet", "agreed")
"""What is to be talked about comes first."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A definition of the served build, and how it stands."""

    page: Page
    facts: Facts
    stands: Standing

    @property
    def waits_for(self) -> tuple[str, ...]:
        """The teams whose word makes a difference, in the order of the page."""
        return owing.open_to(self.facts, self.stands)

    @property
    def is_settled(self) -> bool:
        """Whether every team agrees to the text of now."""
        return self.stands.state == "agreed"


@dataclass(frozen=True, slots=True)
class Choice:
    """Which definitions are looked for: those of a team, in a state, waiting for an answer; "" is any."""

    team: str = ""
    state: str = ""
    waiting: bool = False

    def takes(self, one: Listed) -> bool:
        """Whether it is one of them. With a team and `waiting`: what waits for that very team."""
        concerned = one.waits_for if self.waiting else one.facts.teams
        if self.waiting and not one.waits_for:
            return False
        return (not self.team or self.team in concerned) and (not self.state or one.stands.state == self.state)


def listed(connection: sa.Connection, pages: Iterable[Page], now: datetime) -> list[Listed]:
    """All definitions among these pages, what is to be talked about first; as many queries for one as for thousands."""
    terms = [page for page in pages if page.kind == KIND]
    facts = {page.id: facts_of(page) or Facts(page.id, "", page.teams) for page in terms}
    stands = service.standings(connection, facts.values(), now)
    found = [Listed(page, facts[page.id], stands[page.id]) for page in terms]
    return sorted(found, key=lambda one: (ORDER.index(one.stands.state), not one.stands.is_due, one.page.title))


def chosen(found: Sequence[Listed], choice: Choice) -> list[Listed]:
    """Those that are looked for."""
    return [one for one in found if choice.takes(one)]


def by_state(found: Iterable[Listed]) -> dict[State, int]:
    """How many there are in each state there is."""
    counted = Counter(one.stands.state for one in found)
    return {state: counted[state] for state in ORDER if counted[state]}


def by_team(found: Iterable[Listed], teams: Iterable[str]) -> Mapping[str, int]:
    """How many wait for each team for which any waits."""
    counted = Counter(team for one in found for team in one.waits_for)
    return {team: counted[team] for team in teams if counted[team]}
