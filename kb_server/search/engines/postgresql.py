"""The engine inside PostgreSQL: vectors of ready-made stems, which `documents.postings` keeps."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa

from kb_server.documents import postings
from kb_server.search.engines import Matches, Task
from kb_server.search.engines.counting import all_counted, counted
from kb_server.search.engines.tsquery import Sql, matches, promising, score
from kb_server.search.expression import AllOf, Phrase
from kb_server.search.models import Facets, Filters

CROWD = 500  # matches; of more, not all are weighed
SHARE = 0.8  # of the time left may go into finding the best; the rest is for finding anything at all
CANCELED = "57014"  # PostgreSQL's word for a statement whose time is over
NOTICED = 0.005  # seconds; time spent since the limit was last set is taken off it when it is more than this

# What is set here holds to the end of the block. The planner may read the whole table where half of it matches, which
# unpacks every vector; and a second process takes longer to start than a search takes.
BEGIN = """SAVEPOINT kb_match; SET LOCAL enable_seqscan = off; SET LOCAL max_parallel_workers_per_gather = 0;
SET LOCAL work_mem = '16MB'; SET LOCAL statement_timeout = {}"""
END = "ROLLBACK TO SAVEPOINT kb_match; RELEASE SAVEPOINT kb_match"


class PostgresqlEngine:
    """Matches by tsvector."""

    def apply(self, connection: sa.Connection) -> None:
        """Do nothing: whoever writes documents writes their postings."""

    def rebuild(self, connection: sa.Connection) -> None:
        """Make the postings anew from the table."""
        postings.rebuild(connection)

    def match(self, connection: sa.Connection, task: Task) -> Matches:
        """What matches; where time runs out, some of it in no order."""
        now = time.monotonic()
        if not task.limit:
            some = _until(connection, task.deadline, lambda asking: asking.whether_any(task))
            return some or Matches(complete=False)
        earlier = now + max(0.0, task.deadline - now) * SHARE
        best = _until(connection, earlier, lambda asking: asking.best(task))
        return best or _until(connection, task.deadline, lambda asking: asking.some(task)) or Matches(complete=False)


def _until(connection: sa.Connection, deadline: float, work: Callable[[_Asking], Matches]) -> Matches | None:
    """What comes of asking until then, or None. It leaves no trace in the caller's transaction, whatever happens."""
    asking = _Asking(connection, deadline)
    try:
        return work(asking)
    except sa.exc.OperationalError as error:
        if getattr(error.orig, "sqlstate", None) != CANCELED:
            raise
        return None
    finally:
        asking.end()


class _Asking:
    """Statements one after the other, all of which have to be done by a deadline."""

    def __init__(self, connection: sa.Connection, deadline: float) -> None:
        self._connection = connection
        self._deadline = deadline
        self._limited = time.monotonic()
        connection.exec_driver_sql(BEGIN.format(self._left()))

    def end(self) -> None:
        if not self._connection.invalidated:
            self._connection.exec_driver_sql(END)

    def best(self, task: Task) -> Matches:
        # What asks for several words at once usually matches little: then to find it once will do.
        if isinstance(task.wanted.match, AllOf | Phrase):
            few = self._weighed(task, task.limit)
            if counts := all_counted(self._connection, [entry[0] for entry in few], task):
                return Matches(few, *counts)
        if task.facets:
            # One pass serves the total and both facets.
            found = matches(task.wanted, Filters(places=task.filters.places))
            groups = self._rows(f"SELECT d.kind, d.teams, count(*) {found.text} GROUP BY 1, 2", found)
            total, facets = counted(groups, task.filters)
        else:
            found = matches(task.wanted, task.filters)
            total, facets = self._rows(f"SELECT count(*) {found.text}", found)[0][0], Facets()
        return Matches(self._top(task, total) if total else (), total, facets)

    def some(self, task: Task) -> Matches:
        found = matches(task.wanted, task.filters)
        ids = [(row[0], 0.0) for row in self._rows(f"SELECT d.id {found.text} LIMIT {task.limit:d}", found)]
        return Matches(ids, len(ids), complete=False)

    def whether_any(self, task: Task) -> Matches:
        found = matches(task.wanted, task.filters)
        return Matches(total=len(self._rows(f"SELECT 1 {found.text} LIMIT 1", found)))

    def _top(self, task: Task, total: int) -> list[tuple[int, float]]:
        """The best matches; of a crowd, the best of those that are likely to be."""
        match = task.wanted.match
        among = promising(match, task.weight) if match and total > CROWD else ()
        return self._weighed(task, max(CROWD, task.limit), among)

    def _weighed(self, task: Task, most: int, among: Sequence[str] = ()) -> list[tuple[int, float]]:
        """So many of the matches weighed, those `among` first; the best of them."""
        found = matches(task.wanted, task.filters, among)
        worth = score(task.wanted.match, task.weight) if task.wanted.match else Sql("0.0")
        # A vector is unpacked once, not for every word that is weighed.
        candidates = f"SELECT d.id, d.search || '' AS search {found.text} LIMIT {most:d}"
        order = f"ORDER BY 2 DESC, 1 LIMIT {task.limit:d}"
        rows = self._rows(f"SELECT c.id, {worth.text} FROM ({candidates}) c {order}", worth, found)  # noqa: S608
        return [(row[0], float(row[1])) for row in rows]

    def _rows(self, statement: str, *parts: Sql) -> list[Any]:
        if time.monotonic() - self._limited > NOTICED:
            self._limited = time.monotonic()
            self._connection.exec_driver_sql(f"SET LOCAL statement_timeout = {self._left()}")
        values = tuple(value for part in parts for value in part.values)
        return list(self._connection.exec_driver_sql(statement, values))

    def _left(self) -> int:
        """Milliseconds; never 0, which would mean for ever."""
        return max(1, int((self._deadline - time.monotonic()) * 1000))
