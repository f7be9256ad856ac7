"""The first steps above every page: as one person and then as another, without a script."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from talking import OURS, Person, addresses

from kb_server import sample
from kb_server.app import create_app
from kb_server.config import Settings
from kb_server.db import Database
from kb_server.guide import service
from kb_server.people.storage import people_by_handle
from kb_server.threads import service as threads

ASK, WAIT, ANSWER = "You are Nia. Ask", "Now be Mia", "Answer, and be Nia"


def steps(client: FlaskClient, path: str = "/") -> list[tuple[str, str]]:
    """How far each step is, and where it leads."""
    found = re.findall(r'<li data-how="(\w+)".*?</li>', shown := client.get(path).text, re.DOTALL)
    items = re.findall(r"<li data-how.*?</li>", shown, re.DOTALL)
    ways = [unescape(way[1]) if (way := re.search(r'<a href="([^"]+)"', item)) else "" for item in items]
    return list(zip(found, ways, strict=True))


def as_(client: FlaskClient, handle: str) -> Person:
    person = Person(client)
    assert person.post("/sign-in/", handle=handle).status_code == 303
    return person


def test_a_first_visitor_is_led_from_a_question_to_its_answer(client: FlaskClient) -> None:
    """All in one browser, which is somebody else each time."""
    assert all(words in client.get("/").text for words in (ASK, WAIT, ANSWER))
    nia_asks = "/sign-in/?as=nia&to=%2Ftalk%2Fwhat-marketing-does%2F%23say"
    assert steps(client) == [("now", nia_asks), ("later", ""), ("later", "")]
    nia = as_(client, "nia")
    assert steps(client)[0] == ("now", "/talk/what-marketing-does/#say")
    thread = asked_by(nia)
    assert steps(client) == [("done", ""), ("now", "/sign-in/?as=mia&to=%2Fwaiting%2F"), ("later", "")]
    mia = as_(client, "mia")
    assert steps(client) == [("done", ""), ("done", ""), ("now", "/waiting/")]
    mia.say(thread, "A page of ours.")
    assert steps(client) == [("done", ""), ("done", ""), ("now", "/sign-in/?as=nia&to=%2Fwaiting%2F")]
    as_(client, "nia")
    assert [how for how, _ in steps(client)] == ["done", "done", "done"]


def asked_by(person: Person) -> str:
    """Somebody asks on Mia's page; gives the conversation's address."""
    return addresses(person.post("/talk/what-marketing-does/", body="Which page is yours?", kind="question"))[0]


def test_what_is_made_up_ticks_no_step(client: FlaskClient, database: Database) -> None:
    """Sam has asked on a page of Mia's, and she has answered, in the sample activity."""
    for handle in ("sam", "mia"):
        as_(client, handle)
    with database.read() as connection:
        known = people_by_handle(connection, ["sam", "mia"])
        sam, mia = known["sam"].id, known["mia"].id
        assert service.is_on(connection)
        assert threads.asked_by(connection, sam, ["contacts-from-events"]) == ""
        assert threads.answered_by(connection, sam, ["contacts-from-events"], mia) == ""


def test_a_page_is_sent_again_once_a_step_is_done(client: FlaskClient) -> None:
    before = {"If-None-Match": client.get("/").headers["ETag"]}
    assert client.get("/", headers=before).status_code == 304
    asked_by(as_(client.application.test_client(), "nia"))
    assert client.get("/", headers=before).status_code == 200


def test_so_is_a_page_of_conversations_on_which_nobody_has_said_anything(client: FlaskClient) -> None:
    before = {"If-None-Match": client.get("/talk/contacts-from-events/").headers["ETag"]}
    assert client.get("/talk/contacts-from-events/", headers=before).status_code == 304
    asked_by(as_(client.application.test_client(), "nia"))
    assert client.get("/talk/contacts-from-events/", headers=before).status_code == 200


def test_closing_it_holds_for_this_browser_and_leads_back(client: FlaskClient) -> None:
    assert '<input type="hidden" name="back" value="/">' in client.get("/").text
    closed = client.post("/first-steps/close/", data={"back": "/what-marketing-does/?a=b"}, headers=OURS)
    assert (closed.status_code, closed.headers["Location"]) == (303, "/what-marketing-does/?a=b")
    assert "kb-guide" not in client.get("/").text
    assert "kb-guide" in client.application.test_client().get("/").text
    away = client.post("/first-steps/close/", data={"back": "//elsewhere.example/"}, headers=OURS)
    assert away.headers["Location"] == "/"
    assert client.post("/first-steps/close/", headers={"Origin": "https://elsewhere.example"}).status_code == 403


def test_it_goes_with_the_sample_activity(client: FlaskClient, database: Database) -> None:
    assert "kb-guide" in client.get("/").text
    sample.remove(database)
    assert "kb-guide" not in client.get("/").text


@pytest.mark.usefixtures("started")
@pytest.mark.parametrize("changed", [{"auth": "none", "public_read": True}, {"sample": False}, {"public_read": False}])
def test_nobody_is_led_in_earnest_nor_who_may_not_read(
    changed: dict[str, object], database: Database, settings: Settings
) -> None:
    client = create_app(replace(settings, **changed), database).test_client()  # type: ignore[arg-type]
    assert "kb-guide" not in client.get("/", follow_redirects=True).text


def test_a_token_that_does_not_work_is_said_on_a_page_without_steps(client: FlaskClient) -> None:
    path = "/talk/what-marketing-does/"
    answer = client.post(path, data={"body": "x"}, headers={"Authorization": "Bearer kbt_none"})
    assert answer.status_code in {401, 403}


def test_where_there_is_no_sample_activity_nobody_looks_twice(app: Flask, database: Database) -> None:
    looked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        looked.append(statement)

    client = app.test_client()
    for engine in (database._reader, database._writer):
        sa.event.listen(engine, "before_cursor_execute", note)
    assert "kb-guide" not in client.get("/").text
    assert any("meta" in statement for statement in looked)
    looked.clear()
    client.get("/")
    assert not any("meta" in statement for statement in looked)
    for engine in (database._reader, database._writer):
        sa.event.remove(engine, "before_cursor_execute", note)


def test_the_page_to_pick_people_on_offers_who_is_meant_first(client: FlaskClient) -> None:
    shown = client.get("/sign-in/?as=mia&to=/waiting/").text
    assert shown.index("Go on as Mia") < shown.index('value="sam"')
    assert "Go on as" not in client.get("/sign-in/?as=nobody").text
    assert "Go on as" not in client.get("/sign-in/").text
