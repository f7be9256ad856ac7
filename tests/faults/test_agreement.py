"""What is looked at after a kill would show that something was lost: here it is taken away on purpose."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from agreement import what_was_said
from by_hand import page
from flask.testing import FlaskClient
from talking import Person, addresses

from kb_server.db import Database


@pytest.fixture
def store_kind() -> str:
    return "sqlite"  # the questions asked are the same in both


@pytest.fixture
def talked(client: FlaskClient, publish: Callable[..., str], database: Database) -> Database:
    """A store in which two people have said three things."""
    publish(page("home", url=""), page("board", "A board."))
    people = [Person(client.application.test_client()) for _ in "ab"]
    for person, handle in zip(people, ("sam", "mia"), strict=True):
        person.post("/sign-in/", handle=handle)
    thread, _ = addresses(people[0].post("/talk/board/", body="One", kind="wrong", key="1"))
    people[1].post(thread, body="Two", key="2")
    people[0].post(thread, body="Three", key="3")
    return database


def test_what_was_said_is_told_where_all_agrees(talked: Database) -> None:
    with talked.read() as connection:
        assert sorted(what_was_said(connection).values()) == ["One", "Three", "Two"]


@pytest.mark.parametrize(
    "loss",
    [
        "DELETE FROM comments WHERE body = 'Two'",
        "DELETE FROM activity WHERE verb = 'comment.posted' AND seq = (SELECT max(seq) FROM activity)",
        "UPDATE documents SET text = 'Too' WHERE text = 'Two'",
        "DELETE FROM documents WHERE text = 'Two'",
        "UPDATE threads SET shown = 2",
        "UPDATE counters SET value = value + 1 WHERE name = 'comments'",
        "UPDATE counters SET value = value - 1 WHERE name = 'talk:board'",
        "DELETE FROM sendings WHERE comment = (SELECT id FROM comments WHERE body = 'Two')",
    ],
)
def test_nothing_can_be_missing_unnoticed(talked: Database, loss: str) -> None:
    with talked.transaction() as connection:
        assert connection.execute(sa.text(loss)).rowcount
    with talked.read() as connection, pytest.raises(AssertionError):
        what_was_said(connection)
