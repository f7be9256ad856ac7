"""The tables of sorting: what each team said of each case, and the cases that were typed in the browser."""

from __future__ import annotations

from dataclasses import dataclass, replace

import sqlalchemy as sa

from kb_server.db.prepared import Prepared
from kb_server.definitions.apart.tally import Sorting
from kb_server.definitions.storage import row_of, table_of


@dataclass(frozen=True, slots=True)
class Added:
    """A case that somebody typed in the browser."""

    number: int
    page: str
    title: str
    text: str
    person: str
    at: str

    @property
    def id(self) -> str:
        """What tells it from all others; no case of a build begins so."""
        return f"+{self.number}"


sortings = table_of("definition_sortings", Sorting, "number")
cases = table_of("definition_cases", Added, "number")
_SAID, _ADDED = (
    Prepared(sa.select(table).where(table.c.page == sa.bindparam("page")).order_by(table.c.number))
    for table in (sortings, cases)
)


def of_page(connection: sa.Connection, page: str) -> tuple[Sorting, ...]:
    """What teams said of the cases of a definition, in the order they said it."""
    return tuple(Sorting(*row) for row in _SAID.run(connection, page=page))


def added_to(connection: sa.Connection, page: str) -> tuple[Added, ...]:
    """The cases that were typed for a definition."""
    return tuple(Added(*row) for row in _ADDED.run(connection, page=page))


def add(connection: sa.Connection, new: Sorting, number: int) -> None:
    """Write down what was said."""
    connection.execute(sa.insert(sortings), row_of(replace(new, number=number)))


def bring(connection: sa.Connection, new: Added) -> None:
    """Write down a case."""
    connection.execute(sa.insert(cases), row_of(new))


def take_away(connection: sa.Connection, case: Added) -> None:
    """Delete a case, and what was said of it."""
    connection.execute(sa.delete(sortings).where(sortings.c.page == case.page, sortings.c.item == case.id))
    connection.execute(sa.delete(cases).where(cases.c.number == case.number))
