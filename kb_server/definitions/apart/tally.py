"""On which cases the teams agree, and which to talk about: pure, from what each team said of each case.

A case counts once every team has said something of it, and until then nobody sees what any team said: so each answers
for itself. What was said of a text that has changed since counts no more.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from kb_server.pages.manifest import Case

Verdict = Literal["yes", "no"]
VERDICTS: tuple[Verdict, ...] = ("yes", "no")
"""That a case is what the definition defines, and that it is not."""


@dataclass(frozen=True, slots=True)
class Sorting:
    """What somebody said for a team of a case, which read as its digest says."""

    number: int
    page: str
    item: str
    digest: str
    team: str
    person: str
    at: str
    verdict: Verdict
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Sorted:
    """A case of which every team has said something, with what each said, in the order of the teams.

    ``is_blind`` tells that none of them knew of the others' answers when it gave the one that counts.
    """

    case: Case
    said: tuple[Sorting, ...]
    is_blind: bool = True

    @property
    def agree(self) -> bool:
        """Whether all teams say the same."""
        return len({one.verdict for one in self.said}) == 1

    @property
    def reasons(self) -> int:
        """How many teams said why."""
        return sum(bool(one.reason) for one in self.said)


@dataclass(frozen=True, slots=True)
class Tally:
    """How far the teams are: the cases they see differently, the most telling first, and those they agree on.

    ``left`` is by team how many cases it has said nothing of; ``count`` are all cases there are.
    """

    count: int
    apart: tuple[Sorted, ...]
    alike: tuple[Sorted, ...]
    left: Mapping[str, int]

    @property
    def complete(self) -> int:
        """How many cases all teams have sorted."""
        return len(self.apart) + len(self.alike)

    @property
    def is_blind(self) -> bool:
        """Whether every team answered all of them without knowing what the others said."""
        return all(one.is_blind for one in (*self.apart, *self.alike))


def digest_of(case: Case) -> str:
    """What tells a case from the same one as it read before."""
    return hashlib.sha256(f"{case.title}\x1d{case.text}".encode("utf-8", "surrogatepass")).hexdigest()[:16]


def latest(cases: Iterable[Case], sortings: Iterable[Sorting], team: str) -> dict[str, Sorting]:
    """What a team says of the cases as they read now, by their ids."""
    digests = {case.id: digest_of(case) for case in cases}
    return {one.item: one for one in sortings if one.team == team and digests.get(one.item) == one.digest}


def carried(sortings: Sequence[Sorting], formers: Mapping[str, Sequence[str]]) -> tuple[Sorting, ...]:
    """The same with what the former teams said as that of the team they have become; `formers` are theirs by team.

    Where the teams that were merged said otherwise of a case, the new one has not said anything of it.
    """
    heirs = {former: team for team, was in formers.items() for former in was}
    last = {(heirs.get(one.team), one.item, one.digest, one.team): one.verdict for one in sortings}
    said: dict[tuple[str | None, str, str], set[str]] = {}
    for (heir, item, digest, _team), verdict in last.items():
        said.setdefault((heir, item, digest), set()).add(verdict)
    return tuple(
        replace(one, team=heirs.get(one.team, one.team))
        for one in sortings
        if one.team not in heirs or len(said[heirs[one.team], one.item, one.digest]) == 1
    )


def tally(cases: Sequence[Case], sortings: Sequence[Sorting], teams: Sequence[str]) -> Tally:
    """How far the teams are with these cases; `sortings` in the order they were given.

    Telling is what can be talked about: cases of which the most teams said why come first, else they keep their order.
    """
    of = {team: latest(cases, sortings, team) for team in teams}
    whole = [case for case in cases if teams and all(case.id in of[team] for team in teams)]
    found = [
        Sorted(case, tuple(of[team][case.id] for team in teams), _is_blind(case, sortings, teams)) for case in whole
    ]
    return Tally(
        count=len(cases),
        apart=tuple(sorted((one for one in found if not one.agree), key=lambda one: -one.reasons)),
        alike=tuple(one for one in found if one.agree),
        left={team: len(cases) - len(of[team]) for team in teams},
    )


def _is_blind(case: Case, sortings: Iterable[Sorting], teams: Iterable[str]) -> bool:
    """Whether the answers that count were all given before the last of the teams gave its first."""
    said = [one for one in sortings if one.item == case.id and one.digest == digest_of(case)]
    by_team = [[one.number for one in said if one.team == team] for team in teams]
    known_from = max(min(numbers) for numbers in by_team)
    return all(max(numbers) <= known_from for numbers in by_team)
