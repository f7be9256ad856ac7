"""What cannot be taken gets a clear answer, on the page and as data, and what was typed is never lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from by_hand import page
from flask.testing import FlaskClient
from talking import OURS, TALK, As, Person, handing

from kb_server.app import create_app
from kb_server.config import Settings
from kb_server.db import Database
from kb_server.writing import drafts

BAD = {
    "empty": ({"body": " \n\u200b\u2060 "}, 422, "nothing in it"),
    "too long": ({"body": "x" * 10_241}, 422, "10,240 fit"),
    "too long in bytes": ({"body": "\N{SNOWMAN}" * 4_000}, 422, "10,240 fit"),
    "nul": ({"body": "one\n\x00"}, 422, "Line 2"),
    "control character": ({"body": "a\x1b[2Jb"}, 422, "U+001B"),
    "only a reference": ({"body": "[a]: https://b.example"}, 422, "nothing in it"),
    "no kind": ({"kind": ""}, 422, "Choose what it is"),
    "another kind": ({"kind": "praise"}, 422, "Choose what it is"),
    "a section that is gone": ({"section": "gone"}, 422, "section is not there"),
    "a passage that is gone": ({"section": "when", "exact": "Never said"}, 422, "passage you marked is not there"),
    "a passage without end": ({"section": "when", "exact": "x" * 5_000}, 422, "very long"),
    "many people": ({"body": " ".join(["@sales @marketing @success @sam @mia @lee @vera @ada @otto"] * 3)}, 303, ""),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_answered_clearly_and_kept(name: str, sam: Person) -> None:
    wrong, status, says = BAD[name]
    form = {"body": "My thought <b>", "kind": "wrong"} | wrong
    answer = sam.post(TALK, **form)
    assert answer.status_code == status
    if status == 303:
        return
    assert says in answer.text
    if form["body"].isprintable() and form["body"].strip(" \u200b\u2060"):
        assert form["body"].replace("<", "&lt;").replace(">", "&gt;") in answer.text
    problem = sam.post(TALK, {"KB-Part": "1"}, **form)
    assert problem.status_code == status
    assert problem.content_type == "application/problem+json"
    assert says in problem.json["detail"]
    assert "Nobody has said anything" in sam.get(TALK).text


def test_what_hangs_on_something_gone_is_said_about_the_page_the_next_time(sam: Person) -> None:
    answer = sam.post(TALK, body="Mine", kind="wrong", section="gone", exact="Never said")
    assert 'name="section"' not in answer.text
    assert 'name="exact"' not in answer.text


@pytest.mark.parametrize("url", ["/talk/nowhere/", "/t/th_nothing/"])
def test_a_text_for_a_page_that_is_gone_comes_back(url: str, sam: Person) -> None:
    answer = sam.post(url, body="My thought", kind="wrong")
    assert answer.status_code == 404
    assert "My thought</textarea>" in answer.text


def test_a_reason_has_to_be_given_and_short(sam: Person) -> None:
    thread, _ = sam.start()
    for reason in ("", " \u200b", "x" * 301, "a\x00"):
        assert sam.post(f"{thread}settle/", reason=reason).status_code == 422
    assert "xxx" in sam.post(f"{thread}settle/", reason="x" * 301).text


def test_a_draft_of_somebody_not_signed_in_comes_back_after_signing_in(somebody: As) -> None:
    guest = somebody()
    answer = guest.post(TALK, body="On the train <i>", kind="wrong", section="when")
    assert answer.status_code == 401
    assert "On the train &lt;i&gt;</textarea>" in answer.text
    to = answer.text.split("sign-in/?to=")[1].split('"')[0].replace("%2F", "/")
    assert guest.get(to).status_code == 303  # to sign in
    guest.post("/sign-in/", handle="sam")
    filled = guest.get(to).text
    assert "On the train &lt;i&gt;</textarea>" in filled
    assert 'value="wrong" required checked' in filled
    secret = to.split("/")[2]
    form = {"body": "On the train", "kind": "wrong", "section": "when", "draft": secret}
    assert guest.post(TALK, **form).status_code == 303
    again = guest.get(to)
    assert again.status_code == 404
    assert "This draft was sent, or its time is over." in again.text


def test_a_draft_says_nothing_in_the_name_of_somebody_else(somebody: As) -> None:
    guest, ada = somebody(), somebody("ada")
    answer = guest.post(TALK, body="I resign", kind="wrong")
    to = answer.text.split("sign-in/?to=")[1].split('"')[0].replace("%2F", "/")
    assert ada.get(to).status_code == 404


def test_a_draft_leads_to_the_form_it_was_typed_in_and_holds_its_fields_alone(somebody: As) -> None:
    guest = somebody()
    planted = {"path": "/people/confirm/", "person": "p_1", "team": "sales"}
    answer = guest.post(TALK, body="A thought", kind="wrong", **planted)
    to = answer.text.split("sign-in/?to=")[1].split('"')[0].replace("%2F", "/")
    guest.post("/sign-in/", handle="lee")
    filled = guest.get(to).text
    assert "A thought</textarea>" in filled
    assert f'action="{TALK}"' in filled
    for sent in (answer.text, filled):
        assert "/people/confirm/" not in sent
        assert 'name="person"' not in sent


def test_a_click_in_a_form_nobody_writes_in_is_no_draft(sam: Person, somebody: As) -> None:
    _, comment = sam.start()
    answer = somebody().post(f"{comment}hide/", body="Go on")
    assert answer.status_code == 401
    assert "<textarea" not in answer.text


def test_what_another_site_sends_is_never_made_into_a_form_of_ours(sam: Person) -> None:
    answer = sam.client.post(TALK, data={"body": "I resign", "kind": "wrong"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert "I resign" not in answer.text


def test_what_is_stored_of_a_draft_does_not_lead_to_it(somebody: As, database: Database) -> None:
    somebody().post(TALK, body="A draft", kind="wrong")
    with database.read() as connection:
        (row,) = connection.exec_driver_sql("SELECT digest FROM drafts").all()
    assert somebody("mia").get(f"/draft/{row.digest}/").status_code == 404


def test_there_is_an_end_to_drafts(database: Database) -> None:
    now = datetime.now(UTC)
    with database.transaction() as connection:
        secrets = [drafts.keep(connection, {"body": str(number)}, "browser", now) for number in range(drafts.MOST + 5)]
        assert connection.exec_driver_sql("SELECT count(*) FROM drafts").scalar() == drafts.MOST
        assert drafts.found(connection, secrets[-1], "browser", now) == {"body": str(drafts.MOST + 4)}
        assert drafts.found(connection, secrets[-1], "browser", now + drafts.LASTS) == {}
        assert drafts.keep(connection, {"body": "x" * drafts.LONGEST, "kind": "wrong"}, "browser", now) == ""
        drafts.keep(connection, {"body": "Later"}, "browser", now + drafts.LASTS)
        assert connection.exec_driver_sql("SELECT count(*) FROM drafts").scalar() == 1


def test_whoever_says_too_much_is_asked_to_wait(
    settings: Settings, database: Database, publish: Callable[..., str]
) -> None:
    publish(page("home", url=""), handing())
    app = create_app(replace(settings, posts_per_minute=3), database)
    app.testing = False
    sam, mia = Person(app.test_client()), Person(app.test_client())
    for person, handle in ((sam, "sam"), (mia, "mia")):
        person.post("/sign-in/", handle=handle)
    thread, _ = sam.start()
    for number in range(2):
        sam.say(thread, f"More {number}")
    answer = sam.post(thread, body="Too much")
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 60
    assert "Too much</textarea>" in answer.text
    mia.say(thread, "I have said little")


def test_in_a_closed_wiki_a_text_survives_a_session_that_has_ended(
    settings: Settings, database: Database, publish: Callable[..., str]
) -> None:
    publish(page("home", url=""), handing())
    app = create_app(replace(settings, public_read=False), database)
    app.testing = False
    guest = Person(app.test_client())
    assert guest.get(TALK).status_code == 303
    answer = guest.post(TALK, body="Half a thought", kind="wrong")
    assert answer.status_code == 401
    assert "Half a thought</textarea>" in answer.text


@pytest.mark.parametrize(
    "body", [b"\xff\xfe", b"body=%FF%FE&kind=wrong", b"kind=wrong&body=" + b"%ED%A0%80", b"=" * 900_000]
)
def test_bytes_that_are_no_text_break_nothing(body: bytes, sam: Person) -> None:
    client: FlaskClient = sam.client
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert client.post(TALK, data=body, headers=OURS | form).status_code in {303, 413, 422}


@pytest.mark.parametrize("handle", ["", "sam"])
def test_a_form_too_long_to_be_read_is_no_mistake_of_ours(handle: str, somebody: As) -> None:
    client: FlaskClient = somebody(handle).client
    begins = b'--x\r\nContent-Disposition: form-data; name="body"\r\n\r\n'
    parts = b"".join(begins + b"a\r\n" for _ in range(1_100))
    form = {"Content-Type": "multipart/form-data; boundary=x"}
    for url in (TALK, "/t/th_1/", "/t/th_1/settle/"):
        for body in (begins + b"a" * 600_000 + b"\r\n--x--\r\n", parts + b"--x--\r\n", b"a" * 1_100_000):
            answer = client.post(url, data=body, headers=OURS | form)
            assert answer.status_code in ({404, 413} if handle else {401})


def test_the_way_back_is_an_address_in_whatever_letters_it_was_written(sam: Person) -> None:
    answer = sam.post(TALK, {"KB-Part": "1"}, body="x", kind="wrong", back="/€/")
    assert (answer.status_code, answer.headers["KB-At"]) == (204, "/%E2%82%AC/")


def test_numbers_of_any_size_in_addresses_and_forms_are_numbers_or_none(sam: Person) -> None:
    thread, comment = sam.start()
    for number in ("9223372036854775808", "-1", "NaN", "1e9", "\u0663", "0" * 500, "x"):
        assert sam.get(f"{TALK}?before={number}").status_code == 200
        assert sam.get(f"{thread}?after={number}").status_code == 200
        assert sam.post(comment, body="Other", version=number).status_code == 409
        form = {"section": "when", "exact": "one working day", "before": number, "prefix": number}
        assert sam.post(TALK, body="x", kind="wrong", **form).status_code == 303
