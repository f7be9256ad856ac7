"""Was this helpful? One answer of each person to each version; whoever sees to the page learns how it was found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from by_hand import page
from flask.testing import FlaskClient
from talking import As, handing

from kb_server.activity.storage import events_after
from kb_server.db import Database
from kb_server.holdings import HELD
from kb_server.people import privacy, storage

URL = "/helpful/handing/"


def test_each_person_counts_once_and_may_think_better_of_it(somebody: As) -> None:
    sam, mia = somebody("sam"), somebody("mia")
    for answer in ("yes", "yes", "no"):
        assert sam.post(URL, answer=answer).status_code == 303
    mia.post(URL, answer="yes")
    assert "1 of 2 said yes to this version" in somebody().get(URL).text


def test_reasons_are_for_whoever_sees_to_the_page_and_without_a_name(somebody: As) -> None:
    somebody("sam").post(URL, answer="no", reason="No times <b>")
    for handle in ("lee", "ada"):
        text = somebody(handle).get(URL).text
        assert "No times &lt;b&gt;" in text
        assert "0 of 1" in text
        assert ">Sam<" not in text
    for handle in ("mia", "otto", ""):
        assert "No times" not in somebody(handle).get(URL).text


def test_pressing_the_same_answer_again_takes_no_reason_away(somebody: As) -> None:
    sam = somebody("sam")
    sam.post(URL, answer="no", reason="No times")
    sam.post(URL, answer="no")
    assert "No times</textarea>" in sam.get(URL).text
    sam.post(URL, answer="no", reason="")
    assert "No times" not in sam.get(URL).text
    sam.post(URL, answer="no", reason="No dates")
    sam.post(URL, answer="yes")
    assert "No dates" not in somebody("lee").get(URL).text


def test_what_was_typed_comes_back_whatever_was_in_the_way(somebody: As) -> None:
    for person, reason, status in ((somebody(), "No times", 401), (somebody("sam"), "No times" + "x" * 1_000, 422)):
        answer = person.post(URL, answer="no", reason=reason)
        assert (answer.status_code, answer.mimetype) == (status, "text/html")
        assert f"{reason}</textarea>" in answer.text
        assert f'action="{URL}"' in answer.text
        problem = person.post(URL, {"KB-Part": "1"}, answer="no", reason=reason)
        assert (problem.status_code, problem.mimetype) == (status, "application/problem+json")
    strange = somebody("sam").client.post(URL, data={"answer": "no", "reason": "Not mine"})
    assert "Not mine" not in strange.text


def test_a_new_version_is_asked_about_anew(somebody: As, publish: Callable[..., str], client: FlaskClient) -> None:
    sam = somebody("sam")
    sam.post(URL, answer="yes")
    publish(page("home", url=""), replace(handing(), digest="1:another"))
    client.application.extensions["kb"].site.look()
    assert "said yes" not in somebody("mia").get(URL).text
    sam.post(URL, answer="no")
    trend = somebody("lee").get(URL).text
    assert "0 of 1" in trend
    assert "1 of 1" in trend


def test_only_somebody_known_answers_and_only_yes_or_not_quite(somebody: As) -> None:
    assert somebody().post(URL, answer="yes").status_code == 401
    assert somebody("sam").post(URL, answer="perhaps").status_code == 422
    assert somebody("sam").post(URL, answer="no", reason="x" * 1_001).status_code == 422
    assert somebody("sam").post(URL, answer="no", reason="a\x00").status_code == 422
    assert somebody("sam").post("/helpful/nowhere/", answer="yes").status_code == 404
    assert somebody("sam").client.post(URL, data={"answer": "yes"}).status_code == 403


def test_what_is_answered_is_logged_and_held_and_goes_with_the_person(somebody: As, database: Database) -> None:
    somebody("sam").post(URL, answer="no", reason="No times")
    with database.transaction() as connection:
        (line,) = [event for event in events_after(connection, 0) if event.verb == "helpful.said"]
        assert "No times" not in str(line)
        person = storage.person_by_handle(connection, "sam")
        assert person
        held = privacy.export(connection, person, HELD, datetime.now(UTC))
        assert held["helpful"][0]["reason"] == "No times"
        privacy.erase(connection, person, HELD, actor=person.id)
        assert privacy.export(connection, person, HELD, datetime.now(UTC))["helpful"] == []
