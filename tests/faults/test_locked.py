"""The store is held by another program: whoever writes is told in time, whoever reads does not notice."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
import sqlalchemy as sa
from allowing import Span
from faults.servers import Answer, Serve, Server

from kb_server.db import Database
from kb_server.db.postgresql import WRITING

pytestmark = [pytest.mark.slow, pytest.mark.alone, pytest.mark.usefixtures("wiki")]
WRITERS = 8  # twice as many as the server has threads


@contextmanager
def held(database: Database) -> Iterator[None]:
    """Another program, in the middle of a transaction."""
    begin = "BEGIN IMMEDIATE" if database.dialect == "sqlite" else WRITING
    other = sa.create_engine(database.url, connect_args={"autocommit": False} if database.dialect != "sqlite" else {})
    with other.connect() as connection:
        connection.exec_driver_sql(begin)
        yield
        connection.rollback()
    other.dispose()


def timed(ask: Callable[[str], Answer], what: str) -> tuple[Answer, float]:
    started = time.monotonic()
    return ask(what), time.monotonic() - started


def test_writers_are_told_within_six_seconds_and_readers_are_not_held_up(serve: Serve, database: Database) -> None:
    server = serve()
    assert server.reads() == {200}
    span = Span()
    with held(database), ThreadPoolExecutor(WRITERS + 1) as people:
        writing = [people.submit(timed, server.write, f"n{number}") for number in range(WRITERS)]
        reading = list(_reading(server, until=lambda: all(one.done() for one in writing)))
        refused = [one.result() for one in writing]
    assert {(answer.status, answer.retry_after) for answer, _ in refused} == {(503, "5")}
    assert max(took for _, took in refused) < span.allows(6)
    assert {answer.status for answer, _ in reading} == {200}
    # Until the first of those who wait has waited for a second, the others wait too: then they are told.
    assert sorted(took for _, took in reading)[-2] < span.allows(2)
    assert server.write("after").status == 201
    with database.read() as connection:
        kept = connection.exec_driver_sql("SELECT subject FROM activity WHERE verb = 'noted'").scalars()
        assert list(kept) == ["after"]


def _reading(server: Server, until: Callable[[], bool]) -> Iterator[tuple[Answer, float]]:
    while not until():
        yield timed(server.get, "p1/")
        yield timed(server.get, "api/v1/search?query=lantern")
