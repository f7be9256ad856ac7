"""What every route of the interface for programs has in common, shown on a feature made up for it."""

from __future__ import annotations

import gzip
import json
from string import ascii_letters
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from notes import AFTER, Store, app_with
from werkzeug.test import TestResponse

from kb_server.web.api import Unusable, cursors, operation

JSON = "application/json"
NOTES = "/api/v1/notes"


@pytest.fixture
def store() -> Store:
    return Store()


@pytest.fixture
def notes(store: Store) -> FlaskClient:
    return app_with(store).test_client()


def problem(answer: TestResponse, *statuses: int) -> dict[str, Any]:
    assert answer.status_code in statuses, answer.text
    assert answer.content_type == "application/problem+json"
    said: dict[str, Any] = json.loads(answer.data)
    assert (said["status"], said["request"]) == (answer.status_code, answer.headers["X-Request-ID"])
    return said


def test_what_is_sent_is_read_and_what_is_given_is_written(notes: FlaskClient) -> None:
    made = notes.post(NOTES, json={"text": "Call back", "colour": "plum", "places": [{"page": "mql"}]})
    assert (made.status_code, made.headers["Location"]) == (201, f"{NOTES}/1")
    assert notes.get(f"{NOTES}/1").get_json() == {"id": 1, "text": "Call back", "colour": "plum"}
    gone = notes.delete(f"{NOTES}/1")
    assert (gone.status_code, gone.data) == (204, b"")
    assert problem(notes.get(f"{NOTES}/1"), 404)["detail"] == "There is no such note."


def test_who_has_it_already_is_told_so(notes: FlaskClient, store: Store) -> None:
    store.put("Call back")
    etag = notes.get(f"{NOTES}/1").headers["ETag"]
    assert notes.get(f"{NOTES}/1", headers={"If-None-Match": etag}).status_code == 304


def test_no_answer_is_kept_on_the_way_unless_the_route_says_so(notes: FlaskClient) -> None:
    assert notes.get(NOTES).headers["Cache-Control"] == "private, no-cache"
    assert notes.get(f"{NOTES}?limit=x").headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (b"text=Call", {"Content-Type": "application/x-www-form-urlencoded"}),
        (b'{"text": "Call"}', {"Content-Type": "text/plain"}),
        (b'{"text": "Call"}', {}),
        ('{"text": "Call"}'.encode("utf-16"), {"Content-Type": "application/json; charset=utf-16"}),
        (gzip.compress(b'{"text": "Call"}'), {"Content-Type": JSON, "Content-Encoding": "gzip"}),
    ],
    ids=["form", "text", "nothing said", "another alphabet", "compressed"],
)
def test_only_json_is_taken(notes: FlaskClient, store: Store, body: bytes, headers: dict[str, str]) -> None:
    said = problem(notes.post(NOTES, data=body, headers=headers), 415)
    assert "JSON" in said["detail"] or "compressed" in said["detail"]
    assert not store.notes


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"Call"',
        b"[" * 60_000,
        b'{"text":' * 60_000,
        b'{"text": ' + b"[" * 201 + b"]" * 201 + b"}",
        b'{"text": "\\ud800"}',
        b'{"text": "\xed\xa0\x80"}',
        b'{"text": "\\u0000"}',
        b'{"text": "\\\\\\u0000"}',
        b'{"text": "\x00"}',
        b'{"text": "a", "text": "b"}',
        b'{"text": "a", "places": [{"page": "a", "page": "b"}]}',
        b'{"text": "a", "weight": NaN}',
        b'{"text": "a", "weight": Infinity}',
        b'{"text": "a", "weight": 1e999}',
        b'{"text": "a", "places": [{"page": "a", "line": 9223372036854775808}]}',
        b'{"text": "a", "places": [{"page": "a", "line": ' + b"9" * 5_000 + b"}]}",
        b'{"text": "a", "places": [{"page": "a", "line": true}]}',
        b'{"text": "a", "places": [{"page": "a", "line": "1"}]}',
        b'\xef\xbb\xbf{"text": "a"}',
        b"\xff\xfe",
        b'{"text": "a"} {}',
        b'{"text": "a", "number": 1}',
        b'{"text": 1}',
    ],
    ids=lambda body: repr(body[:30]),
)
def test_a_hostile_body_is_refused_in_words(notes: FlaskClient, store: Store, body: bytes) -> None:
    assert problem(notes.post(NOTES, data=body, content_type=JSON), 400, 422)["detail"]
    assert not store.notes


def test_a_whole_number_may_be_written_with_a_point(notes: FlaskClient) -> None:
    sent = {"text": "a", "places": [{"page": "mql", "line": 5.0}]}
    assert notes.post(NOTES, json=sent).status_code == 201
    sent["places"] = [{"page": "mql", "line": 5.5}]
    problem(notes.post(NOTES, json=sent), 422)


def test_a_backslash_before_what_looks_like_nul_is_a_text(notes: FlaskClient, store: Store) -> None:
    assert notes.post(NOTES, data=b'{"text": "\\\\u0000"}', content_type=JSON).status_code == 201
    assert store.notes[1].text == "\\u0000"


def test_a_method_is_refused_before_anything_is_read(notes: FlaskClient) -> None:
    answer = notes.put(NOTES, data=b"[" * 60_000, content_type="text/plain")
    problem(answer, 405)
    assert "POST" in answer.headers["Allow"]


def test_each_fault_in_a_body_is_named_with_its_place(notes: FlaskClient) -> None:
    sent = {"colour": "red", "weight": 2, "places": [{"page": "", "line": 0, "a/b": 1}]}
    said = problem(notes.post(NOTES, json=sent), 422)
    assert {fault["pointer"]: fault["detail"] for fault in said["errors"]} == {
        "/text": "text is missing; it must be a text up to 200 characters.",
        "/colour": "colour must be blue or plum.",
        "/weight": "weight must be a number from 0 to 1.",
        "/places/0/page": "places.0.page must be a text of 1 to 40 characters.",
        "/places/0/line": "places.0.line must be a whole number from 1 to 1099511627776.",
        "/places/0/a~1b": "places.0.a/b is not known here; leave it out.",
    }
    assert "colour must be blue or plum." in said["detail"]


@pytest.mark.parametrize("wrong", ["", " 1", "1_0", "1.0", "+1", "1e0", "x", "0", "6", "٣", "9" * 5000, "%00", "true"])
def test_a_number_in_an_address_is_written_with_digits(notes: FlaskClient, wrong: str) -> None:
    said = problem(notes.get(f"{NOTES}?limit={wrong}"), 422)
    assert said["errors"] == [
        {"parameter": "limit", "pointer": None, "detail": "limit must be a whole number from 1 to 5."}
    ]


def test_a_header_is_checked_like_a_parameter(notes: FlaskClient) -> None:
    answer = notes.post(NOTES, json={"text": "a"}, headers={"Idempotency-Key": "k" * 65})
    assert problem(answer, 422)["errors"][0]["parameter"] == "Idempotency-Key"


def test_a_name_that_is_not_known_is_overlooked_in_an_address(notes: FlaskClient) -> None:
    assert notes.get(f"{NOTES}?utm_source=mail&limit=2&limit=x").status_code == 200


@pytest.mark.parametrize("odd", ["x", "1e3", "-1", "9" * 40, "%00", "%ED%A0%80", "..%2f..%2fetc", "1%0a"])
def test_an_address_that_cannot_be_is_one_where_nothing_is(notes: FlaskClient, odd: str) -> None:
    problem(notes.get(f"{NOTES}/{odd}"), 404)


def turned(notes: FlaskClient, store: Store, *, growing: bool) -> list[int]:
    """The numbers of all notes, from page to page; a new note comes before each."""
    seen, cursor = [], ""
    while cursor is not None:
        page = notes.get(NOTES, query_string={"cursor": cursor}).get_json()
        assert page["notes"] or not seen  # nobody is led to an empty page
        seen += [note["id"] for note in page["notes"]]
        cursor = page["next"]
        if growing:
            store.put("meanwhile")
    return seen


@pytest.mark.parametrize("many", [0, 1, 2, 3, 4, 6, 7])
@pytest.mark.parametrize("growing", [False, True])
def test_a_list_that_grows_while_it_is_read_is_read_once_and_whole(
    notes: FlaskClient, store: Store, many: int, *, growing: bool
) -> None:
    for number in range(many):
        store.put(f"Note {number}")
    assert turned(notes, store, growing=growing) == list(range(many, 0, -1))


def test_a_cursor_is_for_one_list_alone(notes: FlaskClient, store: Store) -> None:
    for number in range(9):
        store.put(f"Note {number}")
    cursor = notes.get(NOTES).get_json()["next"]
    assert notes.get(NOTES, query_string={"cursor": cursor, "limit": 5}).status_code == 200
    said = problem(notes.get(NOTES, query_string={"cursor": cursor, "colour": "blue"}), 422)
    assert said["errors"][0]["parameter"] == "cursor"
    assert "leave it out" in said["detail"]


@given(st.text() | st.text("AZaz09-_", max_size=40) | st.binary().map(lambda raw: raw.decode("latin-1")))
def test_no_text_passes_for_a_cursor(text: str) -> None:
    if text:
        with pytest.raises(Unusable):
            cursors.read(text, AFTER, "notes")


@pytest.mark.parametrize("place", [1, 68, 12345, (1 << 63) - 1])
def test_a_cursor_with_a_letter_changed_is_refused(place: int) -> None:
    good = cursors.written(place, "notes")
    assert cursors.read(good, AFTER, "notes") == place
    changed = {good[:at] + letter + good[at + 1 :] for at in range(len(good)) for letter in f"{ascii_letters}019-_=é\0"}
    for text in changed - {good}:
        with pytest.raises(Unusable):
            cursors.read(text, AFTER, "notes")


@pytest.mark.parametrize("place", [0, -1, 1 << 63, 1.5, "1", None, [1], {"a": 1}, True])
def test_a_cursor_somebody_made_holds_only_what_ours_hold(place: object) -> None:
    with pytest.raises(Unusable):
        cursors.read(cursors.written(place, "notes"), AFTER, "notes")


def test_a_route_that_takes_what_nobody_could_describe_is_refused_at_once() -> None:
    def odd(number: int) -> None:
        """A route."""

    with pytest.raises(TypeError, match="path, query, headers, body"):
        operation("Notes")(odd)
