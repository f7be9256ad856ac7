"""The queue of mail: a mail server that is down, refuses or is slow; several servers; clocks that jump."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Self

import pytest
import sqlalchemy as sa
from flask import Flask
from notifications.telling import ask, mails, to_whom
from postbox import Postbox
from sqlalchemy import event
from stores import patiently
from talking import As, Person

from kb_server.mail.sending import Unreachable
from kb_server.notifications import outbox, service
from kb_server.notifications.delivering import Pace
from kb_server.notifications.service import Teller, telling

QUICK = Pace(usual=0.01, after_failure=0.02, longest=0.05)


def standing(teller: Teller) -> tuple[int, int]:
    with teller.database.read() as connection:
        found = outbox.standing(connection)
    return found.waiting, found.dead


def with_server(teller: Teller, box: Postbox) -> Teller:
    return replace(teller, settings=replace(teller.settings, mail_url=box.url))


@contextmanager
def nobody_listens(teller: Teller) -> Iterator[Teller]:
    with Postbox() as box:
        gone = with_server(teller, box)
    yield gone


@pytest.mark.slow
def test_a_dead_mail_server_keeps_nothing_from_the_list_and_gets_it_all_when_it_is_back(
    teller: Teller, postbox: Postbox, sam: Person, otto: Person
) -> None:
    with nobody_listens(teller) as gone:
        for number in range(3):
            ask(otto, f"Question {number}")
        gone.take_in()
        for _ in range(20):
            with pytest.raises(Unreachable):
                gone.send_due()
    assert sam.get("/api/v1/waiting").json["count"] == 3
    assert standing(teller) == (3, 0)
    assert len(mails(teller, postbox)) == 3
    assert standing(teller) == (0, 0)


def test_the_threads_of_a_server_tell_people_by_themselves(teller: Teller, postbox: Postbox, otto: Person) -> None:
    with telling(teller, QUICK):
        ask(otto)
        assert postbox.next()["To"] == "sam@example.com"


def test_a_slow_mail_server_holds_up_neither_the_list_nor_the_end_of_the_server(
    teller: Teller, sam: Person, otto: Person
) -> None:
    with Silent() as silent:
        slow = replace(teller, settings=replace(teller.settings, mail_url=silent.url))
        with telling(slow, QUICK):
            ask(otto, "The first")
            silent.wait_for_a_caller()
            ask(otto, "The second")
            assert sam.get("/api/v1/waiting").json["count"] == 2
            silent.hang_up()


def test_what_is_refused_for_ever_is_given_up_at_once_and_holds_up_nobody_else(teller: Teller, otto: Person) -> None:
    with Postbox(refusing=("sam@example.com",)) as box:
        strict = with_server(teller, box)
        ask(otto, "For @mia, too")
        strict.take_in()
        assert strict.send_due() == 1
        assert box.next()["To"] == "mia@example.com"
    assert standing(teller) == (0, 1)
    (row,) = service.queued(teller.database)
    assert (row["state"], row["trouble"]) == ("dead", "answer 550")


def test_what_was_given_up_is_tried_again_when_somebody_says_so(teller: Teller, postbox: Postbox, otto: Person) -> None:
    with Postbox(refusing=("sam@example.com",)) as box:
        ask(otto)
        teller.take_in()
        with_server(teller, box).send_due()
    assert mails(teller, postbox) == []
    assert service.retry(teller.database) == 1
    assert to_whom(mails(teller, postbox)) == ["sam"]


def test_what_is_refused_for_now_is_tried_again_after_pauses_that_grow_and_then_given_up(
    teller: Teller, otto: Person
) -> None:
    with Postbox(refusing=("sam@example.com",), code=451) as box:
        busy = with_server(teller, box)
        ask(otto)
        busy.take_in()
        now, pauses = datetime.now(UTC) + timedelta(minutes=1), []
        while standing(teller) == (1, 0):
            busy.send_due(now=now)
            pause = next_try(teller) - now.replace(microsecond=0)
            assert busy.send_due(now=now) == 0
            assert box.connections == len(pauses) + 1  # nobody tried before it is time
            pauses.append(pause)
            now += pause + timedelta(seconds=1)
    assert standing(teller) == (0, 1)
    minutes = [round(pause.total_seconds() / 60) for pause in pauses]
    assert minutes == [1, 4, 16, 64, 256, *[360] * 7]


def next_try(teller: Teller) -> datetime:
    with teller.database.read() as connection:
        return datetime.fromisoformat(connection.scalar(sa.select(outbox.outbox.c.due_at)))


def test_what_somebody_is_just_sending_nobody_else_takes(teller: Teller, otto: Person) -> None:
    ask(otto)
    teller.take_in()
    now = datetime.now(UTC)
    assert take(teller, now) is not None
    assert take(teller, now + outbox.LEASE - timedelta(seconds=1)) is None


@pytest.mark.parametrize("behind", [timedelta(seconds=1), timedelta(minutes=4)])
def test_a_server_whose_clock_is_a_little_behind_does_not_take_it_either(
    teller: Teller, otto: Person, behind: timedelta
) -> None:
    ask(otto)
    teller.take_in()
    now = datetime.now(UTC) + timedelta(hours=1)  # long due
    assert take(teller, now) is not None
    assert take(teller, now - behind) is None


def test_what_a_killed_server_was_sending_goes_out_later_with_the_same_id(
    teller: Teller, postbox: Postbox, otto: Person
) -> None:
    ask(otto)
    teller.take_in()
    leased = take(teller, datetime.now(UTC))
    assert leased
    assert teller.send_due() == 0
    assert teller.send_due(now=datetime.now(UTC) + outbox.LEASE) == 1
    assert postbox.next()["Message-ID"] == f"<{leased.bundle}@example.com>"


@pytest.mark.parametrize("jump", [timedelta(days=-1), timedelta(days=-365), timedelta(days=1)])
def test_a_clock_that_jumps_keeps_no_mail_back(teller: Teller, postbox: Postbox, otto: Person, jump: timedelta) -> None:
    ask(otto)
    teller.take_in()
    assert take(teller, datetime.now(UTC) - jump)  # by the other clock, just now
    assert teller.send_due() == 1
    assert postbox.next()["To"] == "sam@example.com"


def test_a_try_that_was_put_off_by_a_clock_that_erred_comes_nevertheless(teller: Teller, otto: Person) -> None:
    ask(otto)
    teller.take_in()
    leased = take(teller, datetime.now(UTC))
    assert leased
    with teller.database.transaction() as connection:
        outbox.failed(connection, leased, "answer 451", datetime.now(UTC) + timedelta(days=30), final=False)
    assert teller.send_due() == 1


def test_many_servers_send_each_message_once(teller: Teller, postbox: Postbox, otto: Person) -> None:
    for number in range(10):
        ask(otto, f"Question {number} for @mia")
    four_at_once(teller.take_in)
    four_at_once(teller.send_due)
    found = [postbox.next()["Message-ID"] for _ in range(len(postbox))]
    assert len(found) == len(set(found)) == 20
    assert standing(teller) == (0, 0)


def test_an_event_is_taken_in_once_however_many_look(teller: Teller, otto: Person) -> None:
    ask(otto)
    assert sum(four_at_once(teller.take_in)) >= 1
    assert standing(teller) == (1, 0)


def test_what_one_event_brings_about_is_there_whole_or_not_at_all(
    teller: Teller, otto: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(otto)
    with monkeypatch.context() as broken:
        broken.setattr("kb_server.notifications.storage.set_read", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            teller.take_in()
    assert standing(teller) == (0, 0)
    teller.take_in()
    assert standing(teller) == (1, 0)


def test_an_erased_person_gets_nothing_more(teller: Teller, postbox: Postbox, otto: Person) -> None:
    ask(otto)
    teller.take_in()
    with teller.database.transaction() as connection:
        connection.execute(sa.text("UPDATE people SET name = '', email = '', erased = 1 WHERE handle = 'sam'"))
    assert mails(teller, postbox) == []
    ask(otto, "Another one")
    assert mails(teller, postbox) == []


def test_the_number_of_queries_does_not_grow_with_the_list(
    app: Flask, teller: Teller, sam: Person, somebody: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    served = app.extensions["kb"].site.current()
    monkeypatch.setattr(app.extensions["kb"].site, "current", lambda: served)  # else it is looked, now and then

    def queries(url: str) -> list[str]:
        asked: list[str] = []

        def noted(_connection: object, _cursor: object, statement: str, *_: object) -> None:
            asked.append(statement.partition(" IN (")[0])

        with teller.database.read() as connection:
            engine = connection.engine
        event.listen(engine, "before_cursor_execute", noted)
        assert sam.get(url).status_code == 200
        event.remove(engine, "before_cursor_execute", noted)
        return asked

    people = [somebody(handle) for handle in ("mia", "otto", "vera", "ada")]
    urls = ("/waiting/", "/waiting/settings/", "/api/v1/waiting", "/api/v1/me")
    ask(people[0], "The first")
    people[0].post("/waiting/watch/", what="team:sales", does="1")
    few = [sam.get(url) and queries(url) for url in urls]
    for number in range(16):
        ask(people[number % 4], f"Question {number}")
        people[number % 4].post("/waiting/watch/", what="team:sales", does="1")
    assert [sam.get(url) and queries(url) for url in urls] == few
    assert max(map(len, few)) < 15


def four_at_once(work: Callable[[], int]) -> list[int]:
    """As four servers would do it: who finds the others in the way too long tries again."""
    with ThreadPoolExecutor(4) as servers:
        return [done.result() for done in [servers.submit(patiently, work) for _ in range(4)]]


def take(teller: Teller, now: datetime) -> outbox.Leased | None:
    with teller.database.transaction() as connection:
        return outbox.take(connection, now)


class Silent:
    """A mail server that takes calls and says nothing."""

    def __init__(self) -> None:
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._calls: list[socket.socket] = []
        self.url = f"smtp://127.0.0.1:{self._listening.getsockname()[1]}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.hang_up()

    def wait_for_a_caller(self) -> None:
        self._listening.settimeout(120)
        self._calls.append(self._listening.accept()[0])

    def hang_up(self) -> None:
        for one in (*self._calls, self._listening):
            one.close()
