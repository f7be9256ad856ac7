"""What is handed to the driver is as safe as what SQLAlchemy runs."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError, OperationalError
from stores import Stores, on_alone

from kb_server.db import Database
from kb_server.db.counters import counters
from kb_server.db.prepared import Prepared
from kb_server.db.schema import LARGEST, Unstorable

ADD = Prepared(sa.insert(counters))
ADD_ONE = Prepared(sa.update(counters).where(counters.c.name == sa.bindparam("of")).values(value=counters.c.value + 1))
ALL = Prepared(sa.select(counters.c.name, counters.c.value).order_by(counters.c.name))
ONE = Prepared(sa.select(counters).where(counters.c.name == sa.bindparam("of")))


def names(database: Database) -> list[str]:
    with database.read() as connection:
        return [name for name, _ in ALL.run(connection)]


def test_what_it_gives_can_be_had_as_rows_as_a_value_and_by_name(database: Database) -> None:
    with database.transaction() as connection:
        assert ADD.run(connection, name="b", value=2) == []
        ADD.run(connection, name="a", value=1)
        ADD_ONE.run(connection, of="a")
        assert ALL.run(connection) == [("a", 2), ("b", 2)]
        assert ONE.mapping(connection, of="a") == {"name": "a", "value": 2}
        assert (ONE.row(connection, of="a"), ONE.value(connection, of="a")) == (("a", 2), "a")
        assert (ONE.mapping(connection, of="c"), ONE.row(connection, of="c"), ONE.value(connection, of="c")) == 3 * (
            None,
        )


def test_it_is_undone_with_the_transaction_it_runs_in(database: Database) -> None:
    def undone() -> None:
        with database.transaction() as connection:
            connection.execute(sa.insert(counters).values(name="a", value=1))
            ADD.run(connection, name="b", value=1)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        undone()
    assert names(database) == []


def test_whoever_reads_sees_one_state_from_the_first_of_them_on(database: Database) -> None:
    with database.read() as connection:
        assert ALL.run(connection) == []
        with database.transaction() as writing:
            ADD.run(writing, name="a", value=1)
        assert ALL.run(connection) == []
    assert names(database) == ["a"]


@pytest.mark.parametrize(
    "row", [{"name": "a\0b", "value": 1}, {"name": "\ud800", "value": 1}, {"name": "a", "value": LARGEST + 1}]
)
def test_it_refuses_what_one_of_the_databases_could_not_hold(database: Database, row: dict[str, object]) -> None:
    with pytest.raises(Unstorable), database.transaction() as connection:
        ADD.run(connection, **row)
    assert names(database) == []


def test_its_errors_are_those_of_sqlalchemy_and_say_nothing_of_the_values(database: Database) -> None:
    with database.transaction() as connection:
        ADD.run(connection, name="secret", value=1)
    with pytest.raises(IntegrityError) as raised, database.transaction() as connection:
        ADD.run(connection, name="secret", value=2)
    assert "INSERT INTO counters" in str(raised.value)
    assert raised.value.params is None


def test_a_glance_sees_what_was_written_since_and_within_a_transaction_what_that_sees(database: Database) -> None:
    with database.read() as connection:
        assert ONE.glance(connection, of="a") == []
        with database.transaction() as writing:
            ADD.run(writing, name="a", value=1)
            assert ONE.glance(writing, of="a") == [("a", 1)]
        assert ONE.glance(connection, of="a") == ([("a", 1)] if database.dialect == "sqlite" else [])
        assert connection.in_transaction() == (database.dialect != "sqlite")
    with database.transaction() as connection, pytest.raises(TypeError):
        ADD.glance(connection, name="b", value=1)


def test_whoever_counts_statements_counts_it(database: Database) -> None:
    said = []

    def note(_c: object, _cursor: object, statement: str, *_: object) -> None:
        said.append(statement)

    with database.transaction() as connection:
        sa.event.listen(connection, "before_cursor_execute", note)
        ALL.run(connection)
    assert [line.split()[0] for line in said] == ["SELECT"]


@on_alone("postgresql")
def test_a_connection_that_broke_is_used_no_more(database: Database, stores: Stores) -> None:
    def broken() -> None:
        with database.transaction() as connection:
            pid = connection.scalar(sa.text("SELECT pg_backend_pid()"))
            stores.execute(f"SELECT pg_terminate_backend({pid}, 5000)")
            ADD.run(connection, name="a", value=1)

    with pytest.raises(OperationalError) as raised:
        broken()
    assert raised.value.connection_invalidated
    assert names(database) == []
