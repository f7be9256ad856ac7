"""What the engine in PostgreSQL has to see to besides what all engines do."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

import psycopg
import pytest
import sqlalchemy as sa
from stores import on_alone

from kb_server.config import Settings
from kb_server.db import Database
from kb_server.search import service
from kb_server.search.engines import Task
from kb_server.search.engines.database import database_engine
from kb_server.search.expression import Wanted, Word
from kb_server.search.models import Filters, Request, Results

pytestmark = on_alone("postgresql")

Put = Callable[..., None]
Ask = Callable[..., Results]
BUDGET_MS = 250  # the default


@pytest.fixture
def ask(database: Database, settings: Settings) -> Ask:
    """Ask the database itself; `budget` milliseconds are long where not the time is looked at."""
    asked = replace(settings, search_engine="database")

    def run(query: str, budget: int = 5_000) -> Results:
        return service.search(database, replace(asked, search_budget_ms=budget), Request(query))

    return run


@pytest.fixture
def many(put: Put) -> None:
    """A few hundred texts that all hold the same words."""
    put(*(f"Note {number}: a lead and then a call" for number in range(300)))


@pytest.mark.usefixtures("many")
def test_a_search_leaves_no_trace_in_the_transaction_it_is_part_of(database: Database) -> None:
    names = ("statement_timeout", "enable_seqscan", "work_mem", "max_parallel_workers_per_gather")

    def settings(connection: sa.Connection) -> list[str]:
        return [connection.exec_driver_sql(f"SHOW {name}").scalar_one() for name in names]

    with database.transaction() as connection:
        before = settings(connection)
        connection.exec_driver_sql("DELETE FROM documents_fts WHERE id = 1")
        for left in (60, -1):
            task = Task(Wanted(Word("lead")), Filters(), 50, time.monotonic() + left)
            database_engine(database.dialect).match(connection, task)
            assert settings(connection) == before
    with database.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM documents_fts").scalar_one() == 299


@pytest.mark.alone
@pytest.mark.usefixtures("many")
def test_a_search_that_is_kept_waiting_answers_within_its_budget(ask: Ask, database: Database) -> None:
    ask("lead")
    url = database.url.set(drivername="postgresql").render_as_string()
    with psycopg.connect(url) as other:
        other.execute("LOCK TABLE documents_fts IN ACCESS EXCLUSIVE MODE")
        results = ask("lead", BUDGET_MS)
    assert results.took_ms < 2 * BUDGET_MS
    assert (results.complete, results.total) == (False, 0)
    assert ask("lead").complete


@pytest.mark.usefixtures("many")
@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("lead", "lead-call/"),
        ("lead call", "lead-call/"),
        ("call", "call-call-call/"),
        ("lead okapi call note and other words", "rare/"),
    ],
)
def test_of_a_crowd_the_best_are_found_without_weighing_all(
    put: Put, ask: Ask, monkeypatch: pytest.MonkeyPatch, query: str, first: str
) -> None:
    # They come last: of a crowd taken as it stands they would be cut off.
    put("Lead call: what we say", "Call call call: it", "Rare: an okapi is no lead, call it other words")
    monkeypatch.setattr("kb_server.search.engines.postgresql.CROWD", 60)
    assert ask(query).hits[0].url == first


@pytest.mark.usefixtures("many")
def test_the_index_alone_is_read_however_many_match(database: Database) -> None:
    # A plan that read the whole table would unpack every vector.
    plans: list[str] = []

    def note(connection: sa.Connection, _cursor: object, statement: str, values: object, *_: object) -> None:
        if "documents_fts" in statement and not statement.startswith("EXPLAIN"):
            rows = connection.exec_driver_sql(f"EXPLAIN {statement}", values)  # type: ignore[arg-type]
            plans.append("\n".join(row[0] for row in rows))

    with database.read() as connection:
        sa.event.listen(connection, "before_cursor_execute", note)
        task = Task(Wanted(Word("lead")), Filters(), 50, time.monotonic() + 60, facets=True)
        assert database_engine(database.dialect).match(connection, task).total == 300
    assert len(plans) == 2
    for plan in plans:
        assert "ix_documents_fts_search" in plan
        assert "Seq Scan on documents_fts" not in plan
