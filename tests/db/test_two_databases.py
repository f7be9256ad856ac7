"""Two databases, one behaviour: what one of them could not do, or could not hold, neither does."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from allowing import within
from sqlalchemy.exc import OperationalError
from stores import Stores, on_alone, patiently

from kb_server.activity.storage import events_after, record
from kb_server.db import Database, counters, meta, migrate, postgresql
from kb_server.db.schema import LARGEST, Unstorable
from kb_server.errors import Invalid, KbError

UNSTORABLE = {"NUL": "a\0b", "half a character": "a\ud800b", "the other half": "\udfff"}


def write_to(database: Database) -> int:
    with database.transaction() as connection:
        return write(connection)


def write(connection: sa.Connection, subject: str = "a", data: object = None) -> int:
    return record(connection, actor="build", verb="tested", subject=subject, data={"of": data})


def subjects(database: Database) -> list[str]:
    with database.read() as connection:
        return [event.subject for event in events_after(connection, 0)]


@pytest.mark.parametrize("text", UNSTORABLE.values(), ids=UNSTORABLE)
def test_a_text_that_one_could_not_hold_is_refused_by_both(database: Database, text: str) -> None:
    with pytest.raises(Unstorable, match="cannot be stored"), database.transaction() as connection:
        write(connection, text)
    assert subjects(database) == []


def test_what_is_refused_is_an_input_of_somebody_and_no_failure_of_ours() -> None:
    assert issubclass(Unstorable, Invalid)


@pytest.mark.parametrize("number", [LARGEST + 1, -LARGEST - 2, 2**80])
def test_a_number_beyond_64_bits_is_refused_by_both(database: Database, number: int) -> None:
    with database.transaction() as connection:
        insert = sa.insert(counters.counters).values(name="many", value=number)
        with pytest.raises(Unstorable, match="too large"):
            connection.execute(insert)
    with database.read() as connection:
        assert counters.latest(connection, "many") == 0


def test_the_largest_number_is_kept_by_both(database: Database) -> None:
    with database.transaction() as connection:
        counters.take(connection, "many", LARGEST)
    with database.read() as connection:
        assert counters.latest(connection, "many") == LARGEST


@pytest.mark.parametrize(
    "text", ["", " ", "'\"\\%_", "\U0001f600 \u6f22\u5b57 e\u0301", "\x01\x1f\x7f\u2028\ufffe", "x" * 70_000]
)
def test_any_other_text_comes_back_as_it_was(database: Database, text: str) -> None:
    with database.transaction() as connection:
        write(connection, text)
    assert subjects(database) == [text]


def test_a_reader_sees_one_state_whatever_is_written_meanwhile(database: Database) -> None:
    with database.read() as reading:
        assert counters.latest(reading, "activity") == 0
        with database.transaction() as connection:
            write(connection)
        assert events_after(reading, 0) == []
        assert counters.latest(reading, "activity") == 0
    assert subjects(database) == ["a"]


def test_writers_take_turns_so_that_what_one_has_read_still_holds_when_it_writes(database: Database) -> None:
    def add() -> None:
        with database.transaction() as connection:
            seen = len(events_after(connection, 0, limit=1_000))
            write(connection, str(seen))

    with ThreadPoolExecutor(8) as several:
        for done in [several.submit(patiently, add) for _ in range(40)]:
            done.result()
    assert subjects(database) == [str(number) for number in range(40)]


def test_whoever_follows_by_number_misses_none_however_many_write(database: Database, database_url: str) -> None:
    writers, each = 4, 25
    # Engines of their own, as several nodes have. A number that became visible before a smaller one would be passed by.
    nodes = [Database(database_url) for _ in range(writers if database.dialect == "postgresql" else 1)]
    seen: list[int] = []
    writing = threading.Event()
    writing.set()

    def follow() -> None:
        while True:
            last_look = not writing.is_set()
            with database.read() as connection:
                seen.extend(event.seq for event in events_after(connection, seen[-1] if seen else 0))
            if last_look:
                return

    def add(number: int) -> None:
        for _ in range(each):
            patiently(lambda: write_to(nodes[number % len(nodes)]))

    follower = threading.Thread(target=follow)
    follower.start()
    try:
        with ThreadPoolExecutor(writers) as several:
            list(several.map(add, range(writers)))
    finally:
        writing.clear()
        follower.join()
    assert seen == list(range(1, writers * each + 1))
    for node in nodes:
        node.close()


@on_alone("postgresql")
def test_a_number_is_held_until_it_is_seen_even_without_the_turns(database_url: str) -> None:
    engine = sa.create_engine(database_url)
    with engine.begin() as first:
        assert counters.take(first, "activity") == 1
        with engine.begin() as second:
            second.exec_driver_sql("SET LOCAL lock_timeout = 50")
            with pytest.raises(OperationalError, match="lock timeout"):
                counters.take(second, "activity")
    engine.dispose()


@pytest.fixture
def bare(store_kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """The address of a store that was never migrated."""
    if store_kind == "sqlite":
        return f"sqlite:///{tmp_path / 'bare.sqlite3'}"
    stores: Stores = request.getfixturevalue("stores")
    return stores.bare()


def test_of_several_nodes_that_start_at_once_one_makes_the_tables(bare: str, tmp_path: Path) -> None:
    nodes = [Database(bare) for _ in range(4)]
    with ThreadPoolExecutor(len(nodes)) as several:
        list(several.map(lambda node: migrate(node, tmp_path), nodes))
    ids = set()
    for node in nodes:
        with node.read() as connection:
            ids.add(meta.instance(connection))
        node.close()
    assert len(ids) == 1
    assert "" not in ids


def test_a_migration_leaves_nothing_when_it_fails(bare: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def half(config: object, _target: str) -> None:
        config.attributes["connection"].exec_driver_sql("CREATE TABLE half (a integer)")  # type: ignore[attr-defined]
        raise RuntimeError("power cut")

    database = Database(bare)
    with monkeypatch.context() as failing:
        failing.setattr("kb_server.db.migrating.command.upgrade", half)
        with pytest.raises(RuntimeError, match="power cut"):
            migrate(database, tmp_path)
    with database.unguarded() as connection:
        assert sa.inspect(connection).get_table_names() == []
    migrate(database, tmp_path)
    assert subjects(database) == []
    database.close()


@pytest.mark.parametrize("encoding", ["SQL_ASCII", "LATIN1"])
def test_a_database_that_could_not_hold_every_text_is_refused(stores: Stores, encoding: str, tmp_path: Path) -> None:
    database = Database(stores.bare(f"ENCODING '{encoding}' TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'"))
    with pytest.raises(KbError, match=encoding):
        migrate(database, tmp_path)
    database.close()


@on_alone("postgresql")
def test_a_server_that_is_too_old_is_refused(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgresql, "OLDEST", 99)
    with pytest.raises(KbError, match="needs 99 or newer"):
        migrate(database, tmp_path)


@on_alone("postgresql")
def test_a_node_says_who_it_is_and_compiles_nothing(database: Database) -> None:
    for store in (database.read, database.transaction):
        with store() as connection:
            said = [connection.exec_driver_sql(f"SHOW {name}").scalar() for name in ("application_name", "jit")]
        assert said == ["kb", "off"]


@on_alone("postgresql")
def test_an_address_may_say_more(database_url: str) -> None:
    database = Database(f"{database_url}&application_name=second&options=-csearch_path%3Delsewhere")
    with database.read() as connection:
        said = [connection.exec_driver_sql(f"SHOW {name}").scalar() for name in ("application_name", "search_path")]
    assert said == ["second", "elsewhere"]
    database.close()


@on_alone("postgresql")
def test_a_connection_that_was_cut_is_replaced_before_anybody_notices(database: Database, stores: Stores) -> None:
    for store in (database.read, database.transaction):
        with store() as connection:
            pid = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
        stores.execute(f"SELECT pg_terminate_backend({pid}, 5000)")
        with store() as connection:
            assert connection.exec_driver_sql("SELECT 1").scalar_one() == 1


def test_whoever_still_reads_when_the_store_is_closed_leaves_no_connection(database: Database) -> None:
    """As a look at what is published does that takes longer than the request it was for."""
    used: list[Any] = []
    with database.read() as before:
        database.close()
        with database.read() as after:
            used += [connection.connection.dbapi_connection for connection in (before, after)]
        assert [is_open(connection) for connection in used] == [True, False]
    assert not is_open(used[0])


def is_open(connection: Any) -> bool:  # noqa: ANN401  -- a driver's
    try:
        connection.cursor().close()
    except (sqlite3.ProgrammingError, psycopg.OperationalError):
        return False
    return True


def hold(database: Database) -> Callable[[], None]:
    """Have the store to oneself, as another program might; gives what lets it go."""
    other = sa.create_engine(database.url, isolation_level="AUTOCOMMIT")
    connection = other.connect()
    sqlite = database.dialect == "sqlite"
    for statement in ("BEGIN EXCLUSIVE",) if sqlite else ("BEGIN", "LOCK TABLE counters, documents_fts"):
        connection.exec_driver_sql(statement)

    def let_go() -> None:
        connection.exec_driver_sql("ROLLBACK")
        connection.close()
        other.dispose()

    return let_go


@pytest.mark.slow
def test_whoever_waits_for_a_locked_store_is_told_within_six_seconds(database: Database) -> None:
    let_go = hold(database)
    with within(6), pytest.raises(OperationalError), database.transaction() as connection:
        write(connection)
    let_go()
    with database.transaction() as connection:
        write(connection, "after")
    assert subjects(database) == ["after"]
