"""A store to measure: texts in a database of its own, and one of the three ways to answer from it."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "tests"))
import postgres

from kb_server.config import Settings
from kb_server.db import Database, migrate
from kb_server.documents import storage
from kb_server.documents.analysis import analyser_for
from kb_server.documents.models import Draft
from kb_server.search import service
from kb_server.search.engines.choosing import index_of
from kb_server.search.models import Request, Results

ENGINES = ("sqlite", "postgresql", "whoosh")
"""SQLite's FTS5, PostgreSQL's tsvector, Whoosh's index beside SQLite."""
ENGLISH = analyser_for("en")


class Store:
    """A database with texts in it, and whoever answers from them."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self.database = database
        self.settings = settings

    def write(self, drafts: Sequence[Draft]) -> None:
        """Write texts, as publishing does."""
        with self.database.transaction() as connection:
            storage.put(connection, drafts, ENGLISH)

    def put(self, drafts: Sequence[Draft]) -> None:
        """Write texts, and let the index take them in."""
        self.write(drafts)
        index = index_of(self.database, self.settings)
        if index:
            with self.database.read() as connection:
                index.apply(connection)

    def search(self, request: Request) -> Results:
        """Ask."""
        return service.search(self.database, self.settings, request)

    def size(self) -> float:
        """Megabytes on the disk, texts and index together."""
        query = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
        if self.database.dialect == "postgresql":
            query = "SELECT pg_database_size(current_database())"
        with self.database.read() as connection:
            size = float(connection.exec_driver_sql(query).scalar_one())
        index = (self.settings.data_dir / "search").rglob("*")
        return (size + sum(path.stat().st_size for path in index if path.is_file())) / 1e6


@contextmanager
def opened(engine: str, budget: int = Settings.search_budget_ms) -> Iterator[Store]:
    """An empty store, thrown away at the end."""
    with tempfile.TemporaryDirectory() as folder, _address(engine, folder) as url:
        settings = Settings(
            data_dir=Path(folder),
            database_url=url,
            search_engine="whoosh" if engine == "whoosh" else "database",
            search_budget_ms=budget,
        )
        database = Database(url)
        migrate(database, Path(folder))
        yield Store(database, settings)
        database.close()


@contextmanager
def _address(engine: str, folder: str) -> Iterator[str]:
    if engine == "postgresql":
        with postgres.running(durable=True) as server:
            yield server.url("postgres")
    else:
        yield f"sqlite:///{folder}/kb.sqlite3"
