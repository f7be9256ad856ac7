"""Counts by kind and team, from one pass over all that matches."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from kb_server.search.models import Facets, Filters


def counted(groups: Iterable[Sequence[Any]], filters: Filters) -> tuple[int, Facets]:
    """The total, and each facet counted as if its own filter were not set.

    A group is a kind, teams with a space around each, and how many documents have both.
    """
    kinds: Counter[str] = Counter()
    teams: Counter[str] = Counter()
    total = 0
    for kind, spaced, count in groups:
        names = spaced.split()
        of_kind = not filters.kinds or kind in filters.kinds
        of_team = not filters.teams or not set(filters.teams).isdisjoint(names)
        kinds[kind] += count if of_team else 0
        teams.update(dict.fromkeys(names, count if of_kind else 0))
        total += count if of_kind and of_team else 0
    return total, Facets(dict(+kinds), dict(+teams))
