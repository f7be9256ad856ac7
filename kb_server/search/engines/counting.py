"""Counts by kind and team, from one pass over all that matches, or over those found where they are all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from typing import Any

import sqlalchemy as sa

from kb_server.documents import reading
from kb_server.search.engines import Task
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


def all_counted(connection: sa.Connection, ids: Collection[int], task: Task) -> tuple[int, Facets] | None:
    """The same, from the ids of the best matches; None if there may be others, or the facets count others."""
    if len(ids) >= task.limit or (task.facets and (task.filters.kinds or task.filters.teams)):
        return None
    return len(ids), counted(reading.groups_of(connection, ids), task.filters)[1] if task.facets and ids else Facets()
