"""Teams that are called otherwise now, or have become part of another: what ``was`` and ``dissolved`` say of them.

An id that was a team's once leads to the team it has become, for good. So it can be no other team's, now or ever.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb_server.wiki.checking import Checker

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


def check(checker: Checker, formers: Mapping[str, Sequence[str]], dissolved: Sequence[str]) -> None:
    """Note each id that was no team's before, or has become two; `formers` are the former ids by team."""
    taken: dict[str, str] = {}
    for team, was in formers.items():
        for at, former in enumerate(was):
            path = ("teams", team, "was", at)
            checker.identifier(former, path, "team id")
            if former in formers:
                message = f"'{former}' is a team still, so it has not become '{team}'"
                checker.note(path, message, "Take one of the two away.")
            elif former in taken:
                message = f"'{former}' has become '{taken[former]}' and cannot be '{team}' as well"
                checker.note(path, message, "Name it where most of the team went.")
            taken.setdefault(former, team)
    for at, former in enumerate(dissolved):
        if former in formers or former in taken:
            there = former if former in formers else taken[former]
            message = f"'{former}' is not dissolved: it is the team '{there}' now"
            checker.note(("dissolved", at), message, "Take one of the two away.")


def now(team: str, formers: Mapping[str, Sequence[str]]) -> str:
    """The team that an id stands for today, by the former ids of each; an id nobody knows stays what it is."""
    return team if team in formers else next((key for key, was in formers.items() if team in was), team)


def each_now(teams: Iterable[str], formers: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """The same of several, each once: two that were merged are one."""
    return tuple(dict.fromkeys(now(team, formers) for team in teams))
