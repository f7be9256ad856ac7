"""The seam: an engine holds posting lists and answers what matches. Everything else is done once, above it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import sqlalchemy as sa

from kb_server.search.expression import Wanted
from kb_server.search.models import Facets, Filters


@dataclass(frozen=True, slots=True)
class Matches:
    """What matched: ids with scores (greater is better), best first, at most as many as asked for.

    ``total`` and ``facets`` count all that matched; if time ran out (not ``complete``), only what was seen.
    """

    ids: Sequence[tuple[int, float]] = ()
    total: int = 0
    facets: Facets = field(default_factory=Facets)
    complete: bool = True


def _alike(_stem: str) -> float:
    return 1.0


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to match, by a ``deadline`` of `time.monotonic`. A ``limit`` of 0 asks whether anything does.

    ``weight`` says how much a stem tells: the rarer it is, the more.
    """

    wanted: Wanted
    filters: Filters
    limit: int
    deadline: float
    facets: bool = False
    weight: Callable[[str], float] = _alike


class Engine(Protocol):
    """All engines give the same matches for the same documents; only scores and order may differ."""

    def apply(self, connection: sa.Connection) -> None:
        """Take in what has changed in the table of documents since the last time."""

    def match(self, connection: sa.Connection, task: Task) -> Matches:
        """What matches, never raising for want of time."""

    def rebuild(self, connection: sa.Connection) -> None:
        """Make the index anew from the table of documents, in the given transaction if it lives in the database."""
