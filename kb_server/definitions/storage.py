"""The tables of definitions: every wording that was published, what was said of each, and what came into force.

Nothing here is ever changed but an objection to a declaration, and nothing is ever deleted: an agreement has to be
shown, with the text it was given to, for as long as the wiki lasts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from typing import Any, TypeVar

import sqlalchemy as sa

from kb_server.db import counters
from kb_server.db.lists import among
from kb_server.db.prepared import Prepared
from kb_server.db.schema import Number, Text, metadata
from kb_server.definitions.models import Announced, Answer, Declaration, Past, Version, Wording

Row = TypeVar("Row", Answer, Declaration, Version)


def table_of(name: str, model: type, *keys: str) -> sa.Table:
    """A table with a column for each field of a model."""
    columns = [
        sa.Column(one.name, Number if one.type == "int" else Text, nullable=False, primary_key=one.name in keys)
        for one in fields(model)
    ]
    return sa.Table(name, metadata, *columns)


wordings = table_of("definition_wordings", Wording, "page", "digest")
answers = table_of("definition_answers", Answer, "number")
versions = table_of("definition_versions", Version, "number")
declarations = table_of("definition_declarations", Declaration, "number")
announced = table_of("definition_states", Announced, "page")


def pasts(connection: sa.Connection, pages: Sequence[str]) -> dict[str, Past]:
    """Everything that was ever said of these definitions; four queries however many they are."""
    found = [_by_page(connection, table, model, pages) for table, model in PARTS]
    proposers = _proposers(connection, pages)
    return {page: _past([some.get(page, ()) for some in found], proposers.get(page, {})) for page in pages}


def past(connection: sa.Connection, page: str) -> Past:
    """Everything that was ever said of a definition."""
    return pasts(connection, [page])[page]


def add(connection: sa.Connection, new: Answer | Version | Declaration) -> None:
    """Write down what was said, or what came into force."""
    table = next(table for table, model in PARTS if isinstance(new, model))
    connection.execute(sa.insert(table), row_of(new))


def object_to(connection: sa.Connection, number: int, *, by: str, at: str) -> bool:
    """Write down an objection to a declaration; gives whether there was none before."""
    free = (declarations.c.number == number) & (declarations.c.objected_by == "")
    values = {"objected_by": by, "objected_at": at}
    return bool(connection.execute(sa.update(declarations).where(free).values(values)).rowcount)


def next_number(connection: sa.Connection) -> int:
    """The next number of what happens to definitions. Whoever has taken one is alone until their transaction ends."""
    return counters.take(connection, "definitions")


def last_number(connection: sa.Connection) -> int:
    """The last number taken: as long as it stays, nothing was said of any definition and none came into force."""
    return counters.latest(connection, "definitions")


def known_wordings(connection: sa.Connection) -> set[tuple[str, str]]:
    """Page and digest of every wording that is kept."""
    return {(row.page, row.digest) for row in connection.execute(_KNOWN)}


def keep(connection: sa.Connection, new: Iterable[Wording]) -> None:
    """Keep the sources of these wordings; one that is kept already stays as it was first published."""
    known = known_wordings(connection)
    rows = [row_of(one) for one in new if (one.page, one.digest) not in known]
    if rows:
        connection.execute(sa.insert(wordings), rows)


def wording(connection: sa.Connection, page: str, digest: str) -> Wording | None:
    """A wording as it was first published."""
    row = _WORDING.row(connection, page=page, digest=digest)
    return Wording(*row) if row else None


def wordings_of(connection: sa.Connection, pages: Sequence[str]) -> list[Wording]:
    """All wordings of these pages ever published, in no order."""
    return [Wording(*row) for row in _WORDINGS.run(connection, pages=pages)]


def pages_with_a_wording(connection: sa.Connection) -> set[str]:
    """The definitions of which any wording was ever published."""
    return set(connection.scalars(sa.select(wordings.c.page).distinct()))


def pages_with_a_past(connection: sa.Connection) -> set[str]:
    """The definitions of which something was ever said or came into force."""
    return {page for table, _ in PARTS for page in connection.scalars(sa.select(table.c.page).distinct())}


def announced_states(connection: sa.Connection, pages: Sequence[str]) -> dict[str, Announced]:
    """What was last announced of these definitions."""
    return {row[0]: Announced(*row) for row in _ANNOUNCED.run(connection, pages=pages)}


def announce(connection: sa.Connection, new: Announced) -> None:
    """Write down what is told of a definition."""
    connection.execute(sa.delete(announced).where(announced.c.page == new.page))
    connection.execute(sa.insert(announced), row_of(new))


def next_declaration(connection: sa.Connection, now: str) -> str:
    """When the next declaration begins to hold after this moment; "" where none waits."""
    waits = (declarations.c.objected_by == "") & (declarations.c.until > now)
    return connection.scalar(sa.select(sa.func.min(declarations.c.until)).where(waits)) or ""


def _past(parts: Sequence[Sequence[Any]], proposers: Mapping[str, str]) -> Past:
    said, in_force, declared = map(tuple, parts)
    return Past(said, in_force, declared, proposers)


def _proposers(connection: sa.Connection, pages: Sequence[str]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for page, digest, person in _PROPOSERS.run(connection, pages=pages):
        found.setdefault(page, {})[digest] = person
    return found


def _by_page(
    connection: sa.Connection, table: sa.Table, model: type[Row], pages: Sequence[str]
) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in _IN_ORDER[table.name].run(connection, pages=pages):
        found.setdefault(row[1], []).append(model(*row))
    return found


def row_of(one: Any) -> dict[str, Any]:  # noqa: ANN401  -- any of the models
    """A row of its table."""
    return {part.name: getattr(one, part.name) for part in fields(one)}


PARTS: tuple[tuple[sa.Table, Any], ...] = ((answers, Answer), (versions, Version), (declarations, Declaration))
_KNOWN = sa.select(wordings.c.page, wordings.c.digest)
_WORDING = Prepared(
    sa.select(wordings).where(wordings.c.page == sa.bindparam("page"), wordings.c.digest == sa.bindparam("digest"))
)
_WORDINGS = Prepared(sa.select(wordings).where(among(wordings.c.page, "pages")))
_ANNOUNCED = Prepared(sa.select(announced).where(among(announced.c.page, "pages")))
_PROPOSERS = Prepared(
    sa.select(wordings.c.page, wordings.c.digest, wordings.c.person).where(
        among(wordings.c.page, "pages"), wordings.c.person != ""
    )
)
_IN_ORDER = {
    table.name: Prepared(sa.select(table).where(among(table.c.page, "pages")).order_by(table.c.number))
    for table, _ in PARTS
}
"""Columns are in the order of the model's fields: number, page and the rest."""
