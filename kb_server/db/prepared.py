"""Statements that run with everything somebody says, made ready once and then handed to the driver as they are.

SQLAlchemy takes five times as long over a small statement as SQLite takes to run it, and a comment is a dozen of them.
So those that run with every request, every comment or every line of the log are `Prepared`; whatever runs now and then
is SQLAlchemy's alone. They run in the same transaction, refuse the same values and raise the same errors.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from kb_server.db.schema import Number, Text

Row = tuple[Any, ...]
Values = Mapping[str, Any]
Check = Callable[[Any], Any]
"""What makes a value ready for the driver. Raises Unstorable."""


class Prepared:
    """A statement with names for its values, every one of which has to be given."""

    def __init__(self, statement: sa.Executable) -> None:
        self._statement = statement
        self._names = tuple(statement.selected_columns.keys()) if isinstance(statement, sa.Select) else ()
        self._ready: dict[str, _Ready] = {}

    def run(self, connection: sa.Connection, /, **values: object) -> list[Row]:
        """Run it; gives its rows, none where it has no result."""
        ready = self._ready_for(connection)
        return hand(connection, ready.words, ready.bound(values))

    def glance(self, connection: sa.Connection, /, **values: object) -> list[Row]:
        """The same of a SELECT that needs no other beside it: by itself it sees one state of the store.

        What is asked after it in the same block may see a later one.
        """
        if not isinstance(self._statement, sa.Select):
            raise TypeError("What changes something is no glance.")
        if connection.dialect.name == "sqlite" and not connection.in_transaction():  # then there is nothing to end
            ready = self._ready_in(connection)
            return hand(connection, ready.words, ready.bound(values))
        return self.run(connection, **values)

    def row(self, connection: sa.Connection, /, **values: object) -> Row | None:
        """Its first row, or None."""
        found = self.run(connection, **values)
        return found[0] if found else None

    def value(self, connection: sa.Connection, /, **values: object) -> Any:  # noqa: ANN401  -- a column's
        """The first value of its first row, or None."""
        found = self.run(connection, **values)
        return found[0][0] if found else None

    def mapping(self, connection: sa.Connection, /, **values: object) -> dict[str, Any] | None:
        """The same by the names of its columns, where it is a SELECT."""
        found = self.row(connection, **values)
        return dict(zip(self._names, found, strict=True)) if found else None

    def run_each(self, connection: sa.Connection, rows: Sequence[Values]) -> None:
        """Run it for each of these, if there are any; it has no result."""
        if rows:
            ready = self._ready_for(connection)
            hand(connection, ready.words, [ready.bound(row) for row in rows], many=True)

    def _ready_for(self, connection: sa.Connection) -> _Ready:
        """The statement for this connection's database, and the connection in a transaction, as SQLAlchemy has it."""
        if not connection.in_transaction():
            connection.begin()
        return self._ready_in(connection)

    def _ready_in(self, connection: sa.Connection) -> _Ready:
        ready = self._ready.get(connection.dialect.name)
        if ready is None:
            ready = self._ready[connection.dialect.name] = _made_ready(self._statement, connection.dialect)
        return ready


@dataclass(frozen=True, slots=True)
class _Ready:
    """A statement in the words of one database. ``order`` is that of its values; None where they are found by name."""

    words: str
    order: tuple[str, ...] | None
    constants: Values
    checks: Mapping[str, Check]

    def bound(self, values: Values) -> Any:  # noqa: ANN401  -- whichever of the two the driver takes
        """The values as the driver takes them, if they can be stored."""
        given = {**self.constants, **values} if self.constants else values
        if self.order is None:
            return {name: check(given[name]) for name, check in self.checks.items()}
        return [self.checks[name](given[name]) for name in self.order]


def hand(connection: sa.Connection, words: str, bound: Any = (), *, many: bool = False) -> list[Row]:  # noqa: ANN401  -- the driver's
    """Hand a statement to the driver, in whatever transaction there is, or many times; gives its rows."""
    cursor: Any = connection.connection.cursor()
    for listen in connection.dispatch.before_cursor_execute:  # whoever counts statements counts these as well
        listen(connection, cursor, words, bound, None, many)
    try:
        (cursor.executemany if many else cursor.execute)(words, bound)
        rows: list[Row] = cursor.fetchall() if cursor.description else []
    except connection.dialect.loaded_dbapi.Error as error:
        raise _known(error, connection, cursor, words) from error
    finally:
        cursor.close()
    return rows


def _known(error: Exception, connection: sa.Connection, cursor: Any, words: str) -> BaseException:  # noqa: ANN401  -- the driver's
    """SQLAlchemy's error for one of the driver's; a connection that broke is used no more."""
    dialect = connection.dialect
    is_lost = dialect.is_disconnect(error, connection.connection, cursor)  # type: ignore[arg-type]
    if is_lost:
        connection.invalidate(error)
    return sa.exc.DBAPIError.instance(
        words,
        None,
        error,
        dialect.loaded_dbapi.Error,
        hide_parameters=True,
        connection_invalidated=is_lost,
        dialect=dialect,
    )


def _made_ready(statement: sa.Executable, dialect: sa.Dialect) -> _Ready:
    compiled = statement.compile(dialect=dialect)  # type: ignore[attr-defined]
    checks = {name: _check(one.type, dialect) for name, one in compiled.binds.items()}
    order = tuple(compiled.positiontup) if compiled.positiontup is not None else None
    constants = {name: one.value for name, one in compiled.binds.items() if not one.required}
    return _Ready(str(compiled), order, constants, checks)


def _check(kind: sa.types.TypeEngine[Any], dialect: sa.Dialect) -> Check:
    """What makes a value of this kind ready for the driver; where only we look at it, SQLAlchemy is left out."""
    if isinstance(kind, Text | Number) and kind.impl_instance.dialect_impl(dialect).bind_processor(dialect) is None:
        return kind.storable
    return kind.dialect_impl(dialect).bind_processor(dialect) or _as_it_is


def _as_it_is(value: object) -> object:
    return value
