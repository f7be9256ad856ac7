"""A button pressed twice, a program that tries again while the first try is under way: each is done once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
import sqlalchemy as sa
from agreement import what_was_said
from talking import TALK, As, Person, addresses, insisting, log
from werkzeug.test import TestResponse

from kb_server.db import Database

AT_ONCE = 8


def all_together(windows: list[Person], send: Callable[[Person], TestResponse]) -> list[TestResponse]:
    """What each of them is answered, who all send at the same moment."""
    ready = Barrier(len(windows))

    def when_all_are_ready(window: Person) -> TestResponse:
        ready.wait()
        return insisting(lambda: send(window))

    with ThreadPoolExecutor(len(windows)) as pool:
        return list(pool.map(when_all_are_ready, windows))


@pytest.fixture
def windows(somebody: As) -> list[Person]:
    """Sam, in many windows."""
    return [somebody("sam") for _ in range(AT_ONCE)]


def test_what_is_sent_many_times_at_once_is_said_once(windows: list[Person], database: Database) -> None:
    form = {"body": "Once", "kind": "wrong", "key": "k"}
    began = {addresses(answer) for answer in all_together(windows, lambda one: one.post(TALK, **form))}
    assert len(began) == 1
    thread = next(iter(began))[0]
    said = {addresses(answer) for answer in all_together(windows, lambda one: one.post(thread, body="Too", key="k"))}
    assert len(said) == 1
    with database.read() as connection:
        assert sorted(what_was_said(connection).values()) == ["Once", "Too"]


def test_a_program_that_tries_again_meanwhile_is_given_the_same(windows: list[Person], database: Database) -> None:
    wanted = {"page": "handing", "kind": "question", "body": "From a program"}
    key = {"Idempotency-Key": "one", "Sec-Fetch-Site": "same-origin"}
    made = all_together(windows, lambda one: one.client.post("/api/v1/threads", json=wanted, headers=key))
    assert {answer.status_code for answer in made} == {201}
    assert len({answer.headers["Location"] for answer in made}) == 1
    with database.read() as connection:
        assert list(what_was_said(connection).values()) == ["From a program"]


def test_nobody_agrees_more_than_once(windows: list[Person], mia: Person, database: Database) -> None:
    comment = mia.start()[1]
    done = all_together(windows, lambda one: one.post(f"{comment}agree/"))
    assert {answer.status_code for answer in done} == {303}
    with database.read() as connection:
        assert connection.scalar(sa.text("SELECT count(*) FROM reactions")) == 1
    assert len(log(database, "comment.agreed")) == 1
