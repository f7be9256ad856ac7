"""A publication: which build has been current since when."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Publication:
    """A build made current. `published_at` is UTC, ISO 8601. The one with the highest `seq` is current."""

    seq: int
    build: str
    commit: str
    published_at: str


@dataclass(frozen=True, slots=True)
class Listed:
    """A build on disk, as `kb builds` shows it. `publication` is its latest, or None."""

    id: str
    commit: str
    publication: Publication | None
    current: bool
    problem: str
