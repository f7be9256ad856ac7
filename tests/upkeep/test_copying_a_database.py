"""``kb copy-database``: all of a store in another one, both ways between the databases; or a sentence and nothing."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from by_hand import page
from stores import Stores

from kb_server.activity.storage import events_after, record
from kb_server.config import Settings
from kb_server.db import Database, meta, migrate
from kb_server.db.damage import Damaged
from kb_server.documents import auditing
from kb_server.documents import storage as documents
from kb_server.documents.analysis import analyser_for
from kb_server.documents.models import Draft
from kb_server.documents.postings import is_of_the_index
from kb_server.errors import Conflict, KbError
from kb_server.search import service as searching
from kb_server.search.engines.database import database_engine
from kb_server.search.engines.whoosh.engine import WhooshEngine
from kb_server.search.models import Request
from kb_server.upkeep import transfer as transferring
from kb_server.upkeep.transfer import Transferred, transfer
from kb_server.web.serving import only_server

pytestmark = pytest.mark.slow
LONG = " ".join(f"word{number}" for number in range(20_000))  # more than a vector of PostgreSQL can hold
Rows = dict[str, list[tuple[Any, ...]]]


def ways(*pairs: tuple[str, str]) -> pytest.MarkDecorator:
    """From which kind of database to which."""
    marked = [
        pytest.param(pair, marks=[pytest.mark.slow] * ("postgresql" in pair), id=" to ".join(pair)) for pair in pairs
    ]
    return pytest.mark.parametrize("way", marked, indirect=True)


@pytest.fixture(params=[("sqlite", "sqlite")])
def way(request: pytest.FixtureRequest) -> tuple[str, str]:
    found: tuple[str, str] = request.param
    return found


@pytest.fixture
def store_kind(way: tuple[str, str]) -> str:
    return way[0]


@pytest.fixture
def database_url(way: tuple[str, str], tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    yield from address(way[0], tmp_path / "data" / "kb.sqlite3", request)


@pytest.fixture
def other(way: tuple[str, str], tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a database that nobody has used."""
    yield from address(way[1], tmp_path / "elsewhere" / "kb.sqlite3", request)


def address(kind: str, file: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    if kind == "sqlite":
        yield f"sqlite:///{file}"
        return
    with request.getfixturevalue("stores").one() as url:
        yield url


@pytest.fixture
def used(database: Database, publish: Callable[..., str]) -> Database:
    """A store with texts, and with something in every table there is."""
    publish(page("lamps", "Lanterns hang in every doorway."), page("long", LONG))
    with database.transaction() as connection:
        fill(connection)
    database.close()
    return database


def tables(connection: sa.Connection) -> list[sa.Table]:
    found = sa.MetaData()
    found.reflect(connection, only=lambda name, _: name != "alembic_version" and not is_of_the_index(name))
    return found.sorted_tables


def fill(connection: sa.Connection) -> None:
    for table in tables(connection):
        if not connection.execute(sa.select(table)).first():
            for number in range(3):
                connection.execute(
                    sa.insert(table), {column.name: value(connection, column, number) for column in table.c}
                )


def value(connection: sa.Connection, column: sa.Column[Any], number: int) -> object:
    for key in column.foreign_keys:
        return connection.scalars(sa.select(key.column).order_by(key.column)).all()[number]
    return number + 2**40 if isinstance(column.type, sa.Integer) else f"{column.name} {number}: “Größe” 🦉 𝒳\n"


def rows(database: Database) -> Rows:
    """All there is, but for what tells one store from another."""
    with database.read() as connection:
        found = {
            table.name: sorted(
                map(tuple, connection.execute(sa.select(*sorted(table.c, key=lambda c: c.name)))), key=repr
            )
            for table in tables(connection)
        }
    found["meta"] = [row for row in found["meta"] if meta.INSTANCE not in row]
    return found


def opened(url: str) -> closing[Database]:
    return closing(Database(url))


def instance(database: Database) -> str:
    with database.read() as connection:
        return meta.instance(connection)


def copied(used: Database, settings: Settings, other: str) -> Transferred:
    try:
        return transfer(used, settings, other)
    finally:
        used.close()


BOTH_WAYS = ways(("sqlite", "postgresql"), ("postgresql", "sqlite"), ("sqlite", "sqlite"))


@BOTH_WAYS
def test_every_row_comes_along_and_texts_are_found(used: Database, settings: Settings, other: str) -> None:
    before = rows(used)
    assert all(before.values()), [name for name, found in before.items() if not found]
    done = copied(used, settings, other)
    with opened(other) as target:
        assert rows(target) == before == rows(used)
        assert {held.table: held.rows - (held.table == "meta") for held in done.held} == {
            name: len(found) for name, found in before.items()
        }
        assert len({instance(target), instance(used), ""}) == 3
        for word in ("lanterns", "word19999"):
            assert searching.search(target, settings, Request(query=word, exact=True)).total == 1
        assert auditing.audit(target).is_sound


@BOTH_WAYS
def test_numbers_go_on_behind_the_last_one(used: Database, settings: Settings, other: str) -> None:
    with used.read() as connection:
        seq = events_after(connection, 0, 1_000)[-1].seq
    copied(used, settings, other)
    with opened(other) as target:
        with target.transaction() as connection:
            assert documents.put(
                connection, [Draft("more", "page", "more", "More", "more/", "Moths.")], analyser_for("en")
            )
            assert record(connection, actor="sam", verb="said", subject="more", data={}) == seq + 1
        assert searching.search(target, settings, Request(query="moths", exact=True)).total == 1


@BOTH_WAYS
def test_a_database_that_is_not_empty_is_left_as_it_is(used: Database, settings: Settings, other: str) -> None:
    with opened(other) as target:
        migrate(target, settings.data_dir)
        with target.transaction() as connection:
            record(connection, actor="sam", verb="said", subject="more", data={})
        before = rows(target)
    with pytest.raises(Conflict, match="is not empty: there are rows in "):
        copied(used, settings, other)
    with opened(other) as target:
        assert rows(target) == before


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_database_of_another_program_is_left_as_it_is(
    used: Database, settings: Settings, tmp_path: Path, stores: Stores, kind: str
) -> None:
    url = f"sqlite:///{tmp_path / 'places.sqlite'}" if kind == "sqlite" else stores.bare()
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE orders (said TEXT)")
    engine.dispose()
    with pytest.raises(Conflict, match="it has a table orders, of another program"):
        copied(used, settings, url)
    assert sa.inspect(engine).get_table_names() == ["orders"]
    engine.dispose()


def test_a_used_database_of_an_older_version_is_not_brought_up_to_date(
    used: Database, settings: Settings, other: str
) -> None:
    with opened(other) as target:
        migrate(target, settings.data_dir)
        with target.transaction() as connection:
            record(connection, actor="sam", verb="said", subject="more", data={})
            connection.exec_driver_sql("DROP TABLE link_uses")
            connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0009'")
    with pytest.raises(Conflict, match="there are rows in activity"):
        copied(used, settings, other)
    with opened(other) as target, target.read() as connection:
        assert connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar() == "0009"


@ways(("sqlite", "sqlite"), ("postgresql", "postgresql"))
def test_a_database_is_not_copied_into_itself(used: Database, settings: Settings) -> None:
    with pytest.raises(Conflict, match="is that of the database there is"):
        copied(used, settings, settings.database_url)


@BOTH_WAYS
def test_no_server_may_run_on_the_one_or_the_other(used: Database, settings: Settings, other: str) -> None:
    with only_server(settings.data_dir, used.file), pytest.raises(Conflict, match="A server runs"):
        copied(used, settings, other)
    copied(used, settings, other)


def test_no_server_may_run_on_the_file_to_copy_to(
    used: Database, settings: Settings, other: str, tmp_path: Path
) -> None:
    with opened(other) as target:
        migrate(target, settings.data_dir)
        with only_server(tmp_path / "elsewhere", target.file), pytest.raises(Conflict, match="A server runs"):
            copied(used, settings, other)


@ways(("sqlite", "postgresql"), ("postgresql", "sqlite"))
def test_a_node_elsewhere_is_noticed_by_its_sessions(
    used: Database, settings: Settings, other: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transferring, "PATIENCE", 0.2)
    for url in {settings.database_url, other}:
        if url.startswith("postgresql"):
            with opened(url) as node, node.read(), pytest.raises(Conflict, match="Another kb"):
                copied(used, settings, other)


def test_what_the_other_database_makes_of_it_is_compared_and_nothing_kept(
    used: Database, settings: Settings, other: str
) -> None:
    with opened(other) as target:
        migrate(target, settings.data_dir)
        with target.transaction() as connection:
            connection.exec_driver_sql(
                "CREATE TRIGGER liar AFTER INSERT ON comments "
                "BEGIN UPDATE comments SET body = 'x' WHERE id = new.id; END"
            )
        before = instance(target)
    with pytest.raises(KbError, match="is not what was copied, in comments"):
        copied(used, settings, other)
    with opened(other) as target:
        assert instance(target) == before
        assert {name for name, found in rows(target).items() if found} <= {"readers"}


def test_nobody_writes_to_what_is_being_copied(
    used: Database, settings: Settings, other: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, file = transferring.copy_rows, used.file
    assert file

    def meanwhile(*given: Any) -> Any:  # noqa: ANN401
        with (
            closing(sqlite3.connect(file, timeout=0)) as writer,
            pytest.raises(sqlite3.OperationalError, match="locked"),
        ):
            writer.execute("BEGIN IMMEDIATE")
        return real(*given)

    monkeypatch.setattr(transferring, "copy_rows", meanwhile)
    assert copied(used, settings, other).held


@ways(("sqlite", "sqlite"), ("postgresql", "sqlite"))
def test_a_damaged_database_is_not_copied(used: Database, settings: Settings, other: str) -> None:
    with used.transaction() as connection:
        connection.exec_driver_sql("UPDATE documents SET text = 'Lanterns are forbidden.'")
    used.close()
    with pytest.raises(Damaged, match="is not what was written"):
        copied(used, settings, other)
    with opened(other) as target:
        assert {name for name, found in rows(target).items() if found} <= {"readers"}


@BOTH_WAYS
def test_an_index_of_the_first_is_not_taken_for_one_of_the_other(
    used: Database, settings: Settings, other: str, tmp_path: Path
) -> None:
    index = WhooshEngine(tmp_path / "search", database_engine("sqlite"))
    with used.read() as connection:
        index.rebuild(connection)
        assert index.look(connection) == ""
    copied(used, settings, other)
    with opened(other) as target, target.read() as connection:
        assert index.look(connection) == "it belongs to another database"
