"""A question that is due: what its cards say, for whom it waits when somebody is away, and whom a late one reaches."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from notifications.telling import ASKS, ask, mails, to_whom
from postbox import Postbox
from talking import As, Person

from kb_server.db import Database
from kb_server.notifications.service import Teller
from kb_server.ticking import tick

TODAY = datetime.now(UTC).date()
SECOND = timedelta(seconds=1)
PassOn = Callable[[datetime], None]


@pytest.fixture
def pass_on(app: Flask, database: Database, teller: Teller) -> PassOn:
    """Look at the clock at some time to come."""

    def look(then: datetime) -> None:
        tick(database, app.extensions["kb"].site.current().roster, (), then)
        teller.take_in()

    return look


def waits(person: Person) -> list[tuple[str, str]]:
    return [(one["reason"], one["text"]) for one in person.get("/api/v1/waiting").json["waiting"]]


def due_of(person: Person) -> str:
    (one,) = person.get("/api/v1/waiting").json["waiting"]
    return str(one["due"])


def test_a_card_and_the_conversation_say_by_when_an_answer_is_due(sam: Person, otto: Person) -> None:
    thread, _ = ask(otto)
    due = f'<kb-due><time datetime="{due_of(sam)}">'
    assert due in sam.get("/waiting/").text
    assert "Answer due" in sam.get("/waiting/").text
    for where in (thread, "/talk/sams/"):
        assert due in otto.get(where).text
    assert datetime.fromisoformat(due_of(sam)).date() >= TODAY + timedelta(days=2)


def test_what_is_due_first_stands_first_and_what_is_not_due_last(sam: Person, otto: Person) -> None:
    ask(otto, "I am not due", kind="wrong")
    ask(otto, "I am due")
    assert [text for _, text in waits(sam)] == ["I am due", "I am not due"]


def test_asking_on_leaves_the_time_as_it_is(sam: Person, otto: Person) -> None:
    thread, _ = ask(otto)
    before = due_of(sam)
    otto.say(thread, "Nobody knows?")
    assert waits(sam) == [("question", "Nobody knows?")]
    assert due_of(sam) == before


def test_the_answer_ends_it_for_everybody_who_owed_it(somebody: As, sam: Person, mia: Person, otto: Person) -> None:
    thread, _ = ask(otto, page="handing")  # Lee's page, of Sales and Marketing
    lee = somebody("lee")
    assert waits(lee) == [("question", ASKS)]
    mia.say(thread, "Whoever knows them best.")
    assert waits(lee) == []
    assert "Answer due" not in sam.get(thread).text


def test_a_late_question_reaches_the_liaison_and_then_the_head(
    somebody: As, sam: Person, otto: Person, pass_on: PassOn
) -> None:
    thread, _ = ask(otto)
    lee, late = somebody("lee"), datetime.fromisoformat(due_of(sam)) + SECOND
    pass_on(late)
    assert waits(lee) == [("late", ASKS)]
    assert waits(sam) == [("question", ASKS)]
    assert "a question on" in lee.get("/waiting/").text
    assert "<bdi>Otto</bdi>" in lee.get("/waiting/").text
    assert "Passed to the liaison" in otto.get(thread).text
    pass_on(late + timedelta(days=15))
    assert waits(sam) == [("late", ASKS)]
    assert "Passed to the head of the team" in otto.get(thread).text
    lee.say(thread, "I asked around: the account manager.")
    assert waits(sam) == waits(lee) == []


def test_a_late_question_is_mailed_to_whom_it_is_passed_once(
    sam: Person, otto: Person, teller: Teller, postbox: Postbox, pass_on: PassOn
) -> None:
    ask(otto)
    late = datetime.fromisoformat(due_of(sam)) + SECOND
    mails(teller, postbox)
    pass_on(late)
    pass_on(late)
    (mail,) = mails(teller, postbox)
    assert to_whom([mail]) == ["lee"]
    assert mail["Subject"] == "Otto waits too long for an answer on What Sales does"


def test_a_question_waits_for_whoever_stands_in(somebody: As, sam: Person, otto: Person) -> None:
    away = sam.post("/account/away/", until=(TODAY + timedelta(days=7)).isoformat(), deputy="lee")
    assert away.status_code == 303
    ask(otto)
    assert waits(sam) == []
    assert waits(somebody("lee")) == [("question", ASKS)]


def test_where_everybody_is_away_a_question_still_waits_for_whose_page_it_is(
    somebody: As, sam: Person, otto: Person
) -> None:
    until = (TODAY + timedelta(days=7)).isoformat()
    sam.post("/account/away/", until=until, deputy="lee")
    somebody("lee").post("/account/away/", until=until, deputy="sam")
    ask(otto)
    assert waits(sam) == [("question", ASKS)]
