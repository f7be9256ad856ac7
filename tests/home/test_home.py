"""Home as people see it: what waits for them, what became of what they asked, how the teams answer."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from html import unescape

import pytest
import sqlalchemy as sa
from by_hand import page
from counting import counted
from flask import Flask
from home.suggesting import act, ask
from talking import As, Person

from kb_server.app import TELLER, create_app
from kb_server.config import Settings
from kb_server.db import Database
from kb_server.suggestions.service import CLOCKED
from kb_server.writing.ticking import tick


def panel(html: str, title: str) -> str:
    """The text of the panel with this title."""
    found = [part for part in re.split(r"<section", html) if title in part]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", found[0])) if found else ""


def test_what_waits_stands_first_with_the_way_to_answer_it(sam: Person, mia: Person) -> None:
    at = ask(mia)
    html = sam.get("/").text
    assert "One slide on pricing" in panel(html, "Hello, Sam")
    assert f'href="/suggestions/answer/?first={at.strip("/").split("/")[-1]}"' in html


def test_who_has_asked_sees_what_became_of_it(sam: Person, mia: Person) -> None:
    at = ask(mia)
    assert "Waiting for an answer" in panel(mia.get("/").text, "What became of what you asked")
    assert act(sam, at, "plan", owner="sam", by_when="2099-12-30") == 303
    home = mia.get("/").text
    assert "Planned by 30 December" in panel(home, "What became of what you asked")
    assert "Planned" in panel(home, "Hello, Mia")
    assert home.count('id="h-you"') == 1


def test_who_does_something_sees_by_when(sam: Person, mia: Person) -> None:
    act(sam, ask(mia), "plan", owner="sam", by_when="2099-12-30")
    assert "by 30 December" in panel(sam.get("/").text, "Yours to do")
    assert "Yours to do" not in mia.get("/").text


def test_both_directions_are_counted_and_lead_to_their_rows(sam: Person, mia: Person) -> None:
    act(sam, ask(mia), "finish")
    ask(mia, "Another slide")
    ask(sam, "A list of webinars", "marketing", "sales")
    html = sam.get("/").text
    shown = panel(html, "Between the teams")
    assert "1 of 1 answered in time" in shown
    assert "1 waiting · 1 done" in shown
    (done,) = re.findall(r'href="/(suggestions/\?[^"]*state=done)"', html)
    rows = sam.get(f"/{done.replace('&amp;', '&')}").text
    assert "One slide on pricing" in rows
    assert "Another slide" not in rows
    for link in re.findall(r'href="/(suggestions/\?from=[^"]*)"', html):
        assert sam.get(f"/{link.replace('&amp;', '&')}").status_code == 200


def test_a_wiki_in_which_nobody_has_asked_says_so(sam: Person) -> None:
    html = sam.get("/").text
    assert "No team has asked another for anything yet" in html
    assert "Nothing waits for you." in html


def test_the_head_of_a_team_is_told_of_late_answers(sam: Person, mia: Person, database: Database) -> None:
    ask(mia)
    with database.transaction() as connection:
        connection.execute(sa.text("UPDATE suggestions SET due = '2026-01-01T00:00:00Z'"))
    assert "1 answer of Sales is late" in sam.get("/").text
    assert "is late" not in mia.get("/").text


def rows(person: Person, html: str, words: str) -> list[str]:
    """The titles of the rows to which the link with these words leads."""
    (link,) = re.findall(rf'href="(/suggestions/[^"]*)"[^>]*>{re.escape(words)}', html)
    listed = person.get(unescape(link)).text
    return re.findall(r'class="kb-row__title" href="/s/\d+/"><bdi>([^<]*)', listed)


def test_late_answers_are_counted_by_team_and_lead_to_theirs_alone(
    sam: Person, mia: Person, database: Database
) -> None:
    ask(mia)
    ask(sam, "A list of webinars", "marketing", "sales")
    with database.transaction() as connection:
        connection.execute(sa.text("UPDATE suggestions SET due = '2026-01-01T00:00:00Z'"))
    assert rows(sam, sam.get("/").text, "1 answer of Sales is late") == ["One slide on pricing"]
    assert rows(mia, mia.get("/").text, "1 answer of Marketing is late") == ["A list of webinars"]


def test_the_head_is_told_of_late_answers_though_nothing_waits_for_the_head_alone(
    sam: Person, mia: Person, database: Database
) -> None:
    ask(sam, "A list of webinars", "marketing", "sales")
    ask(mia)
    with database.transaction() as connection:
        connection.execute(sa.text("UPDATE suggestions SET due = '2026-01-01T00:00:00Z' WHERE to_team = 'sales'"))
    sam.get("/waiting/")
    with database.transaction() as connection:
        connection.execute(sa.text("DELETE FROM waiting"))
    assert "1 answer of Sales is late" in (html := sam.get("/").text)
    assert "A list of webinars" in panel(html, "What became of what you asked")


def test_all_of_what_somebody_asked_is_a_list_of_just_that(sam: Person, mia: Person) -> None:
    act(sam, ask(mia), "finish")
    ask(mia, "Another slide")
    ask(sam, "A list of webinars", "marketing", "sales")
    assert rows(mia, mia.get("/").text, "All 2") == ["Another slide", "One slide on pricing"]


def test_whoever_runs_the_wiki_reads_that_all_is_well_or_what_is_not(
    somebody: As, mia: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = somebody("ada")
    assert "All is well" in ada.get("/").text
    assert "All is well" not in mia.get("/").text
    monkeypatch.setattr("kb_server.app.upkeep.problems", lambda _: ["The last backup failed. Run `kb backup`."])
    assert "The last backup failed." in ada.get("/").text


def test_definitions_are_named_with_their_state(sam: Person) -> None:
    assert "Lead Not agreed yet" in panel(sam.get("/").text, "Our definitions")


def test_what_was_said_lately_is_named_once(mia: Person, somebody: As) -> None:
    thread, _ = mia.start("Does a call-back count?")
    mia.say(thread, "Or not?")
    shown = panel(somebody("otto").get("/").text, "Lately")
    assert shown.count("Does a call-back count?") == 1
    assert "Mia answered" in shown


def test_what_is_hidden_leaves_home(sam: Person, mia: Person, somebody: As) -> None:
    at = ask(mia)
    assert "One slide" in sam.get("/").text
    assert somebody("ada").post(f"{at}hide/").status_code == 303
    assert "One slide" not in sam.get("/").text


def test_somebody_not_signed_in_reads_how_the_teams_answer(somebody: As, mia: Person) -> None:
    ask(mia)
    html = somebody().get("/").text
    assert "1 waiting" in panel(html, "Between the teams")
    assert "One slide on pricing" in panel(html, "Lately")
    assert "Sign in to see what waits for you" in html
    assert "Hello" not in html


def test_home_is_kept_by_one_browser_and_by_nothing_between(sam: Person, mia: Person) -> None:
    ask(mia)
    first = sam.get("/")
    assert "private" in first.headers["Cache-Control"]
    again = sam.get("/", **{"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["Content-Security-Policy"] == first.headers["Content-Security-Policy"]
    ask(mia, "Another")
    assert sam.get("/", **{"If-None-Match": first.headers["ETag"]}).status_code == 200
    assert mia.get("/").headers["ETag"] != sam.get("/").headers["ETag"]


def test_a_wiki_without_a_live_home_shows_its_page(
    database: Database, settings: Settings, publish: Callable[..., str]
) -> None:
    publish(page("home", url=""), **{"index.html": "<h1>As it was written</h1>"})
    person = Person(create_app(settings, database).test_client())
    person.post("/sign-in/", handle="sam")
    assert "As it was written" in person.get("/").text


def test_what_the_author_wrote_is_read_when_the_store_cannot_be_asked(
    sam: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise sa.exc.OperationalError("", {}, Exception("away"))

    monkeypatch.setattr("kb_server.home.service.home", fail)
    answer = sam.get("/")
    assert answer.status_code == 200
    assert "As it was written" in answer.text


def test_home_asks_as_often_for_many_suggestions_as_for_one(
    sam: Person, mia: Person, database: Database, app: Flask
) -> None:
    def asked() -> int:
        """The statements of a home that was not made before, once what was asked is taken in."""
        ask(mia, "One more")
        app.extensions[TELLER].take_in()
        with counted(database) as said:
            assert "Hello, Sam" in sam.get("/").text
        return len(said)

    asked()  # what a server does once
    few = asked()
    for number in range(20):
        ask(mia, f"Number {number}")
    assert asked() == few
    assert few < 50


def test_a_page_says_how_much_is_suggested_about_it_and_how_often_it_was_improved(
    sam: Person, mia: Person, app: Flask, publish: Callable[..., str]
) -> None:
    slots = "<!--kb:suggestions--><!--/kb:suggestions-->"
    plain = page("plain", "Words.", title="Plain")
    publish(replace(page("home", url=""), shell="home"), plain, **{"plain/index.html": f"<h1>Plain</h1>{slots}"})
    app.extensions["kb"].site.look()
    assert sam.get("/plain/").text == f"<h1>Plain</h1>{slots}"
    first = mia.post("/suggestions/", body="Say it in one line", to_team="sales", from_team="marketing", page="plain")
    second = mia.post("/suggestions/", body="Say it better", to_team="sales", from_team="marketing", page="plain")
    assert "2 open suggestions" in sam.get("/plain/").text
    act(sam, str(first.headers["Location"]), "finish")
    html = sam.get("/plain/").text
    assert rows(sam, html, "1 open suggestion") == ["Say it better"]
    assert rows(sam, html, "Improved by Marketing, 1 suggestion") == ["Say it in one line"]
    act(sam, str(second.headers["Location"]), "plan", owner="sam", by_when="2099-12-30")
    html = sam.get("/plain/").text
    assert "open suggestion" not in html
    assert rows(sam, html, "1 planned") == ["Say it better"]


def test_a_late_one_says_to_whom_it_was_passed(mia: Person, database: Database, app: Flask) -> None:
    at = ask(mia)
    tick(database, app.extensions["kb"].site.current().roster, [CLOCKED], datetime(2099, 1, 1, tzinfo=UTC))
    html = mia.get(at).text
    assert "Late, passed to the liaison" in html
    assert "Somebody" not in html  # it was the clock, and nobody


def test_a_suggestion_is_watched_by_hand_and_no_more(mia: Person, somebody: As) -> None:
    at, otto = ask(mia), somebody("otto")
    number = at.strip("/").rpartition("/")[2]
    (link,) = re.findall(r'href="(/waiting/watch/\?suggestion=\d+)"', otto.get(at).text)
    assert "You do not watch it." in otto.get(link).text
    assert otto.post("/waiting/watch/", what=f"suggestion:{number}", does="1").status_code == 303
    assert "You watch it" in otto.get(link).text
    assert "One slide on pricing" in panel(otto.get("/waiting/settings/").text, "Suggestions")
    assert "You watch it" in mia.get(link).text  # whoever asked does by themselves
    assert otto.get("/waiting/watch/?suggestion=99").status_code == 404
    assert otto.get("/waiting/watch/?suggestion=x%00").status_code == 404


def test_who_may_not_answer_for_a_team_is_not_led_through_its_suggestions(
    sam: Person, mia: Person, somebody: As
) -> None:
    ask(mia)
    assert sam.get("/suggestions/answer/?team=sales").status_code == 200
    for person, team, status in ((mia, "sales", 403), (somebody("otto"), "sales", 403), (sam, "nobody", 404)):
        assert person.get(f"/suggestions/answer/?team={team}").status_code == status
    assert somebody("lee").get("/suggestions/answer/?team=sales").status_code == 200
    assert "Nothing waits for an answer" in somebody("otto").get("/suggestions/answer/").text
    assert "1 of 1" in sam.get("/suggestions/answer/?skip=x,99999999999999999999&done=-4&first=").text
