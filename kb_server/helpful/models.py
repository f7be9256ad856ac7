"""An answer to "Was this helpful?", and what all of them come to."""

from __future__ import annotations

from dataclasses import dataclass

from kb_server.people.permissions import Thing

LONGEST_REASON = 1_000


@dataclass(frozen=True, slots=True)
class Page:
    """A page as it is now; ``version`` is the digest of its meaning."""

    id: str
    title: str
    url: str
    version: str
    owner: str = ""
    teams: tuple[str, ...] = ()

    @property
    def thing(self) -> Thing:
        """What decides who may see how it was found."""
        return Thing(owner=self.owner, teams=self.teams)


@dataclass(frozen=True, slots=True)
class Tally:
    """How many found a version helpful, of how many, and since when it has been answered."""

    version: str
    yes: int
    all: int
    since: str


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody answered: whether it was helpful, and what was missing."""

    yes: bool
    reason: str
    at: str
    version: str
