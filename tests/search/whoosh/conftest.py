"""An index outside the database, and somebody who looks into it."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from kb_server.db import Database
from kb_server.documents import storage
from kb_server.documents.analysis import analyser_for
from kb_server.search.engines import Matches, Task
from kb_server.search.engines.sqlite import SqliteEngine
from kb_server.search.engines.whoosh.engine import WhooshEngine
from kb_server.search.expression import Wanted, Word
from kb_server.search.models import Filters

Open = Callable[..., WhooshEngine]
Find = Callable[..., list[str]]


class Stand(SqliteEngine):
    """Stands for the database, and tells when it was asked."""

    def __init__(self) -> None:
        self.asked = 0

    def match(self, connection: sa.Connection, task: Task) -> Matches:  # noqa: ARG002
        self.asked += 1
        return Matches()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The folder of the index."""
    return tmp_path / "data" / "search"


@pytest.fixture
def opened(root: Path, database: Database) -> Open:
    """Open the index as a process does that starts; with `follow=False` without looking at what has changed."""

    def run(*, follow: bool = True) -> WhooshEngine:
        index = WhooshEngine(root, Stand())
        if follow:
            with database.read() as connection:
                index.apply(connection)
        return index

    return run


@pytest.fixture
def find(database: Database) -> Find:
    """The titles of what an index finds for a word, without asking the database."""

    def run(index: WhooshEngine, word: str) -> list[str]:
        wanted = Wanted(Word(analyser_for("en").stem(word)))
        with database.read() as connection:
            matches = index.match(connection, Task(wanted, Filters(), 50, time.monotonic() + 60, facets=True))
            shown = storage.documents_by_id(connection, [key for key, _ in matches.ids])
        assert not index._meanwhile.asked  # type: ignore[attr-defined]
        assert matches.total == len(matches.ids)
        return sorted(shown[key].title for key, _ in matches.ids)

    return run
