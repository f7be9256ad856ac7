"""The engine inside SQLite: FTS5 over ready-made stems, which `documents.postings` keeps."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import sqlalchemy as sa

from kb_server.documents import postings
from kb_server.search.engines import Matches, Task
from kb_server.search.engines.counting import all_counted, counted
from kb_server.search.engines.statements import Source, is_one_word, source
from kb_server.search.models import Facets, Filters

T = TypeVar("T")

CROWD = 5_000  # matches
STEPS = 2_000  # of SQLite's machine between two looks at the clock
SHARE = 0.8  # of the time left may go into finding the best; the rest is for finding anything at all


class SqliteEngine:
    """Matches by FTS5."""

    def apply(self, connection: sa.Connection) -> None:
        """Do nothing: whoever writes documents writes their postings."""

    def rebuild(self, connection: sa.Connection) -> None:
        """Make the postings anew from the table."""
        postings.rebuild(connection)

    def match(self, connection: sa.Connection, task: Task) -> Matches:
        """What matches; where time runs out, some of it in no order."""
        if not task.limit:
            return _whether_any(connection, task)
        with _clock(connection, _earlier(task.deadline)):
            best = _unless_stopped(lambda: _best(connection, task))
        if best:
            return best
        with _clock(connection, task.deadline):
            return _some(connection, task)


def _best(connection: sa.Connection, task: Task) -> Matches:
    if is_one_word(task.wanted.match):
        total, facets = _counted(connection, task)
        return Matches(_of_one_word(connection, task, total) if total else (), total, facets)
    top = _ordered(connection, source(task.wanted, task.filters), task.limit)
    # Where these are all, there is no need to find them a second time for counting.
    total, facets = all_counted(connection, top, task) or _counted(connection, task)
    return Matches(list(top.items()), total, facets)


def _of_one_word(connection: sa.Connection, task: Task, total: int) -> list[tuple[int, float]]:
    """The best matches. Of a word that is nearly everywhere, those in titles come first: weighing all takes long."""
    top: dict[int, float] = {}
    if total > CROWD:
        top |= _ordered(connection, source(task.wanted, task.filters, titled=True), task.limit)
    if len(top) < task.limit:
        every = _ordered(connection, source(task.wanted, task.filters), task.limit)
        top |= {key: score for key, score in every.items() if key not in top}
    return list(top.items())[: task.limit]


def _ordered(connection: sa.Connection, found: Source, limit: int) -> dict[int, float]:
    order = f"ORDER BY 2 DESC, 1 LIMIT {limit:d}"
    return {row[0]: row[1] for row in _run(connection, f"SELECT {found.id}, {found.score} {found.sql} {order}", found)}


def _counted(connection: sa.Connection, task: Task) -> tuple[int, Facets]:
    if not task.facets:
        found = source(task.wanted, task.filters)
        return _run(connection, f"SELECT count(*) {found.sql}", found)[0][0], Facets()
    # One pass serves the total and both facets, each of which is counted as if its own filter were not set.
    found = source(task.wanted, Filters(places=task.filters.places), joined=True)
    groups = _run(connection, f"SELECT d.kind, d.teams, count(*) {found.sql} GROUP BY 1, 2", found)
    return counted(groups, task.filters)


def _some(connection: sa.Connection, task: Task) -> Matches:
    found = source(task.wanted, task.filters)
    ids: list[tuple[int, float]] = []

    def collect() -> None:
        # Row by row, so that what was found before the time is over is kept.
        for row in connection.exec_driver_sql(f"SELECT {found.id} {found.sql} LIMIT {task.limit:d}", found.values):
            ids.append((row[0], 0.0))  # noqa: PERF401

    _unless_stopped(collect)
    return Matches(ids, len(ids), complete=False)


def _whether_any(connection: sa.Connection, task: Task) -> Matches:
    found = source(task.wanted, task.filters)
    with _clock(connection, task.deadline):
        rows = _unless_stopped(lambda: _run(connection, f"SELECT 1 {found.sql} LIMIT 1", found))
    return Matches(total=len(rows or ()), complete=rows is not None)


def _run(connection: sa.Connection, statement: str, found: Source) -> list[Any]:
    return list(connection.exec_driver_sql(statement, found.values).all())


def _earlier(deadline: float) -> float:
    now = time.monotonic()
    return now + max(0.0, deadline - now) * SHARE


@contextmanager
def _clock(connection: sa.Connection, deadline: float) -> Iterator[None]:
    """Stop whatever SQLite does on this connection when its time is over."""
    raw: Any = connection.connection.driver_connection
    raw.set_progress_handler(lambda: time.monotonic() >= deadline, STEPS)
    try:
        yield
    finally:
        raw.set_progress_handler(None, 0)


def _unless_stopped(work: Callable[[], T]) -> T | None:
    try:
        return work()
    except sa.exc.OperationalError as error:
        if getattr(error.orig, "sqlite_errorcode", None) != sqlite3.SQLITE_INTERRUPT:
            raise
        return None
