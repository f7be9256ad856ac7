"""Programs talk, too: with keys against saying it twice, and with versions against overwriting."""

from __future__ import annotations

from typing import Any

import pytest
from talking import OURS, As, Person
from werkzeug.test import TestResponse

V1 = "/api/v1"
START = {"page": "handing", "kind": "wrong", "body": "About *walruses*"}


def send(person: Person, method: str, path: str, data: Any = None, **headers: str) -> TestResponse:  # noqa: ANN401
    given = {"json": data} if data is not None else {}
    return person.client.open(V1 + path, method=method, headers=OURS | headers, **given)


def test_a_program_starts_a_conversation_answers_settles_and_reads_it(sam: Person, mia: Person) -> None:
    quote = {"exact": "within one  working day"}
    made = send(sam, "POST", "/threads", START | {"section": "when", "quote": quote})
    assert made.status_code == 201
    first = made.json
    assert first["html"] == "<p>About <em>walruses</em></p>\n"
    assert first["author"]["name"] == "Sam"
    assert sam.client.get(made.headers["Location"]).json["id"] == first["id"]
    thread = f"/threads/{first['thread']}"
    assert send(mia, "POST", f"{thread}/comments", {"body": "Yes"}).status_code == 201
    assert [one["body"] for one in send(sam, "GET", f"{thread}/comments").json["comments"]] == [
        "About *walruses*",
        "Yes",
    ]
    (listed,) = send(sam, "GET", "/threads?page=handing").json["threads"]
    assert (listed["title"], listed["comments"]) == ("About walruses", 2)
    assert listed["quote"]["exact"] == "within one working day"
    assert send(mia, "PUT", f"{thread}/settlement", {"reason": "Done"}).status_code == 204
    assert send(sam, "GET", "/threads?page=handing").json["threads"] == []
    assert send(sam, "GET", "/threads?page=handing&state=settled").json["threads"][0]["reason"] == "Done"
    assert send(mia, "DELETE", f"{thread}/settlement").status_code == 204
    assert send(sam, "PUT", f"{thread}/place", {"page": "other"}).status_code == 204
    assert send(sam, "GET", thread).json["page"] == "other"
    passage = {"page": "handing", "section": "when", "quote": {"exact": "one working day"}}
    assert send(mia, "PUT", f"{thread}/passage", passage).status_code == 403
    assert send(sam, "PUT", f"{thread}/passage", passage | {"quote": {"exact": "nowhere"}}).status_code == 422
    assert send(sam, "PUT", f"{thread}/passage", passage).status_code == 204
    assert send(sam, "GET", thread).json["quote"]["exact"] == "one working day"


def test_an_idea_is_a_suggestion_and_the_answer_says_where_those_go(sam: Person) -> None:
    answer = send(sam, "POST", "/threads", START | {"kind": "idea"})
    assert answer.status_code == 422
    (fault,) = answer.json["errors"]
    assert fault["pointer"] == "/kind"
    assert "/api/v1/suggestions" in fault["detail"]
    assert send(sam, "GET", "/threads?page=handing").json["threads"] == []


def test_an_edit_needs_the_version_it_changes(sam: Person) -> None:
    first = send(sam, "POST", "/threads", START)
    path = f"/comments/{first.json['id']}"
    etag = first.headers["ETag"]
    assert send(sam, "PUT", path, {"body": "Two"}).status_code == 422
    assert send(sam, "PUT", path, {"body": "Two"}, **{"If-Match": "x"}).status_code == 422
    second = send(sam, "PUT", path, {"body": "Two"}, **{"If-Match": etag})
    assert (second.status_code, second.json["version"]) == (200, 2)
    assert send(sam, "PUT", path, {"body": "Three"}, **{"If-Match": etag}).status_code == 409
    assert send(sam, "GET", path, **{"If-None-Match": second.headers["ETag"]}).status_code == 304
    assert send(sam, "DELETE", path).status_code == 204
    assert send(sam, "GET", path).json["body"] == ""


def test_a_key_says_it_once_and_never_something_else(sam: Person, mia: Person) -> None:
    key = {"Idempotency-Key": "k1"}
    said = [send(sam, "POST", "/threads", START, **key).json["id"] for _ in range(3)]
    assert len(set(said)) == 1
    assert send(sam, "POST", "/threads", START | {"body": "Other"}, **key).status_code == 422
    assert send(mia, "POST", "/threads", START, **key).json["id"] not in said
    assert len({send(sam, "POST", "/threads", START).json["id"] for _ in range(2)}) == 2


def test_agreeing_and_flagging_are_done_once_however_often(sam: Person, mia: Person) -> None:
    path = f"/comments/{send(sam, 'POST', '/threads', START).json['id']}"
    for _ in range(2):
        assert send(mia, "PUT", f"{path}/agreement").status_code == 204
        assert send(mia, "PUT", f"{path}/flag", {}).status_code == 204
    seen = send(mia, "GET", path).json
    assert (seen["agrees"], seen["agreed"]) == (1, True)
    assert send(mia, "DELETE", f"{path}/agreement").status_code == 204
    assert send(mia, "GET", path).json["agrees"] == 0


def test_who_may_not_in_a_page_may_not_by_a_program(sam: Person, somebody: As) -> None:
    first = send(sam, "POST", "/threads", START).json
    for who, status in (("", 401), ("otto", 403), ("vera", 403)):
        other = somebody(who)
        assert (
            send(other, "PUT", f"/comments/{first['id']}", {"body": "x"}, **{"If-Match": '"1"'}).status_code == status
        )
        assert send(other, "DELETE", f"/comments/{first['id']}").status_code == status
        assert send(other, "PUT", f"/threads/{first['thread']}/settlement", {"reason": "x"}).status_code == status
    assert send(somebody(), "POST", "/threads", START).status_code == 401


def test_hidden_and_gone_is_not_there(sam: Person, somebody: As) -> None:
    first = send(sam, "POST", "/threads", START).json
    somebody("lee").post(f"/t/{first['thread']}/{first['id']}/hide/")
    for path in (f"/comments/{first['id']}", f"/threads/{first['thread']}", f"/threads/{first['thread']}/comments"):
        assert send(sam, "GET", path).status_code == 404
    assert send(sam, "GET", "/threads?page=handing").json["threads"] == []
    assert send(sam, "GET", "/threads?page=nowhere").status_code == 404


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (START | {"body": ""}, 422),
        (START | {"body": "x" * 10_241}, 422),
        (START | {"body": "a\x1bb"}, 422),
        (START | {"kind": "praise"}, 422),
        (START | {"page": "nowhere"}, 404),
        (START | {"section": "gone"}, 422),
        (START | {"quote": {"exact": "Never said"}, "section": "when"}, 422),
        (START | {"more": 1}, 422),
    ],
)
def test_bad_input_is_told_as_data(body: dict[str, object], status: int, sam: Person) -> None:
    answer = send(sam, "POST", "/threads", body)
    assert answer.status_code == status
    assert answer.content_type == "application/problem+json"
    assert answer.json["detail"]


def test_forms_are_not_taken_for_json(sam: Person) -> None:
    assert sam.post(f"{V1}/threads", body="x", kind="idea", page="handing").status_code == 415


def test_a_list_goes_on_where_it_stopped(sam: Person) -> None:
    for number in range(5):
        send(sam, "POST", "/threads", START | {"body": f"Number {number}"})
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        part = send(sam, "GET", f"/threads?page=handing&limit=2&cursor={cursor}").json
        seen += [one["title"] for one in part["threads"]]
        cursor = part["next"]
    assert seen == [f"Number {number}" for number in reversed(range(5))]
