"""Every row of one store into another, whichever databases they are. What each holds of a table is compared at the end.

The tables are those the schema has, not a list: what a later version adds comes along by itself.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from kb_server.errors import Conflict, KbError

SOME = 200  # rows on their way at a time
REVISIONS = "alembic_version"
SEEDED = ("meta", "readers")
"""What a migration itself writes rows into; they are no sign that somebody has used the store."""
NOT_EMPTY = "The database to copy to is not empty: {}. Nothing is overwritten; give it one that was never used."
_GO_ON = sa.text(
    # Where a column gives itself no numbers, there is no sequence, and nothing is set.
    "SELECT setval(pg_get_serial_sequence(:table, :column), greatest(:last, 1), :last > 0)"
)
_TO_THE_SUM = 1 << 256

Left = Callable[[str], bool]
"""Whether a table stays behind: it is made of the others."""


@dataclass(frozen=True, slots=True)
class Held:
    """What a table holds: how many rows, and a digest of them all, in whatever order they are read."""

    table: str
    rows: int
    digest: str


def copy_rows(source: sa.Connection, target: sa.Connection, left: Left) -> list[Held]:
    """Copy everything, but for the tables that are `left`, in the caller's two transactions; gives what was copied.

    Both stores have the same schema. Raises Conflict where the target is not empty, KbError where the target does not
    hold afterwards what the source does.
    """
    theirs, ours = _tables(source, left), _tables(target, left)
    _refuse_rows(target, ours.values())
    for name in SEEDED:
        target.execute(sa.delete(ours[name]))
    held = [_copied(source, target, table, ours[name]) for name, table in theirs.items()]
    for table in ours.values():
        _number_on(target, table)
    _refuse_difference(held, [_held(target, table) for table in ours.values()])
    return held


def refuse_used(target: sa.Connection, left: Left) -> None:
    """Raise Conflict where there is anything already, ours or not: then it is not even brought up to date."""
    inspector = sa.inspect(target)
    names = [name for name in inspector.get_table_names() if not left(name)]
    if names and not inspector.has_table(REVISIONS):
        raise Conflict(NOT_EMPTY.format(f"it has a table {names[0]}, of another program"))
    _refuse_rows(target, _tables(target, left).values())


def _tables(connection: sa.Connection, left: Left) -> dict[str, sa.Table]:
    """The tables by name, those that others refer to first."""
    found = sa.MetaData()
    found.reflect(connection, only=lambda name, _: name != REVISIONS and not left(name))
    return {table.name: table for table in found.sorted_tables}


def _refuse_rows(connection: sa.Connection, tables: Iterable[sa.Table]) -> None:
    for table in tables:
        if (
            table.name not in SEEDED
            and connection.execute(sa.select(sa.literal(1)).select_from(table).limit(1)).first()
        ):
            raise Conflict(NOT_EMPTY.format(f"there are rows in {table.name}"))


def _copied(source: sa.Connection, target: sa.Connection, table: sa.Table, into: sa.Table) -> Held:
    count, total, insert = 0, 0, sa.insert(into)
    for rows in _read(source, table):
        target.execute(insert, [dict(row) for row in rows])
        count, total = count + len(rows), total + _sum(rows)
    return _as_held(table, count, total)


def _held(connection: sa.Connection, table: sa.Table) -> Held:
    count = total = 0
    for rows in _read(connection, table):
        count, total = count + len(rows), total + _sum(rows)
    return _as_held(table, count, total)


def _read(connection: sa.Connection, table: sa.Table) -> Iterator[Sequence[Mapping[Any, Any]]]:
    """All rows, some at a time."""
    columns = sorted(table.c, key=lambda column: column.name)
    found = connection.execute(sa.select(*columns), execution_options={"yield_per": SOME})
    yield from found.mappings().partitions()


def _sum(rows: Iterable[Mapping[Any, Any]]) -> int:
    """The digests of rows, added up: the two databases put texts in different orders."""
    return sum(int.from_bytes(hashlib.sha256(repr(list(row.items())).encode()).digest()) for row in rows)


def _as_held(table: sa.Table, count: int, total: int) -> Held:
    return Held(table.name, count, f"{total % _TO_THE_SUM:064x}")


def _number_on(connection: sa.Connection, table: sa.Table) -> None:
    """Let numbers that the database gives itself go on behind the last one. SQLite looks for itself."""
    if connection.dialect.name != "postgresql":
        return
    for column in table.primary_key:
        if isinstance(column.type, sa.Integer):
            last = connection.scalar(sa.select(sa.func.coalesce(sa.func.max(column), 0)))
            connection.execute(_GO_ON, {"table": table.name, "column": column.name, "last": last})


def _refuse_difference(copied: Sequence[Held], found: Sequence[Held]) -> None:
    if wrong := sorted({held.table for held in {*copied} ^ {*found}}):
        raise KbError(f"The copy is not what was copied, in {', '.join(wrong)}. Nothing of it was kept.")
