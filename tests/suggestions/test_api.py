"""Programs ask and answer, too: with keys against doing it twice, and with versions against overwriting."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from talking import OURS, As, Person
from werkzeug.test import TestResponse

ALL = "/api/v1/suggestions"
BODY = "Say by when **you** call back\n\nPeople ask us on the phone."
ASKED = {"body": BODY, "to_team": "marketing", "from_team": "sales"}
SOON = (datetime.now(UTC) + timedelta(7)).date().isoformat()
PLAN = {"act": "plan", "owner": "mia", "by_when": SOON}
ANY = {"If-Match": "*"}


def send(person: Person, method: str, path: str = "", data: Any = None, **headers: str) -> TestResponse:  # noqa: ANN401
    given = {"json": data} if data is not None else {}
    return person.client.open(ALL + path, method=method, headers=OURS | headers, **given)


def asked(person: Person, **fields: object) -> Any:  # noqa: ANN401  -- JSON
    made = send(person, "POST", data=ASKED | fields)
    assert made.status_code == 201, made.text
    return made.json


def test_a_program_asks_and_another_answers_and_both_read_what_happened(sam: Person, mia: Person) -> None:
    quote = {"exact": "within one  working day"}
    made = send(sam, "POST", data=ASKED | {"page": "handing", "section": "when", "quote": quote})
    one = made.json
    assert (made.status_code, one["name"], one["title"]) == (201, "S-1", "Say by when you call back")
    assert "<strong>you</strong>" in one["html"]
    assert (one["author"]["name"], one["quote"]["exact"]) == ("Sam", "within one working day")
    assert (one["state"], one["may"]) == ("waiting", ["back"])
    assert sam.client.get(made.headers["Location"]).json == one
    seen = send(mia, "GET", "/1")
    assert "plan" in seen.json["may"]
    done = send(mia, "POST", "/1/acts", PLAN | {"words": "Gladly"}, **{"If-Match": seen.headers["ETag"]})
    assert (done.status_code, done.json["state"], done.json["owner"]["name"]) == (200, "planned", "Mia")
    assert (done.json["by_when"], done.json["in_time"]) == (SOON, "yes")
    happened = send(sam, "GET", "/1/history").json["history"]
    assert [(line["what"], line["who"]["name"], line["said"]) for line in happened] == [
        ("asked", "Sam", ""),
        ("planned", "Mia", "Gladly"),
    ]


def test_an_act_needs_what_it_was_read_of_and_the_second_of_two_is_told(sam: Person, mia: Person) -> None:
    asked(sam)
    etag = send(mia, "GET", "/1").headers["ETag"]
    assert send(mia, "POST", "/1/acts", PLAN).status_code == 428
    send(sam, "PUT", "/1", {"body": "Say when"}, **{"If-Match": etag})
    for tag in (etag, "x", '"0-"', '""'):
        late = send(mia, "POST", "/1/acts", PLAN, **{"If-Match": tag})
        assert late.status_code == 412, tag
        assert "Read it again" in late.json["detail"]
    assert send(mia, "GET", "/1").json["state"] == "waiting"
    now = send(mia, "GET", "/1").headers["ETag"]
    assert send(mia, "POST", "/1/acts", PLAN, **{"If-Match": now}).json["state"] == "planned"
    assert send(mia, "POST", "/1/acts", {"act": "ask", "words": "Which?"}, **ANY).status_code == 409


def test_who_agrees_meanwhile_keeps_nobody_from_answering_but_is_seen(sam: Person, mia: Person, somebody: As) -> None:
    asked(sam)
    seen = send(mia, "GET", "/1")
    etag = seen.headers["ETag"]
    assert send(mia, "GET", "/1", **{"If-None-Match": etag}).status_code == 304
    assert send(somebody("otto"), "PUT", "/1/vote").json["agreed"] is True
    assert send(mia, "GET", "/1", **{"If-None-Match": etag}).json["votes"] == 1
    assert send(mia, "POST", "/1/acts", PLAN, **{"If-Match": etag}).status_code == 200


def test_a_key_does_it_once_and_never_something_else(sam: Person, mia: Person) -> None:
    key = {"Idempotency-Key": "k1"}
    numbers = {send(sam, "POST", data=ASKED, **key).json["number"] for _ in range(3)}
    assert numbers == {1}
    assert send(sam, "POST", data=ASKED | {"body": "Other"}, **key).status_code == 422
    etag = send(mia, "GET", "/1").headers["ETag"]
    acts = [send(mia, "POST", "/1/acts", PLAN, **key, **{"If-Match": etag}) for _ in range(3)]
    assert [(one.status_code, one.json["version"]) for one in acts] == [(200, 2)] * 3
    assert len({send(sam, "POST", "/1/remarks", {"body": "Thanks"}, **key).status_code for _ in range(2)} - {422}) == 0
    said = [send(sam, "POST", "/1/remarks", {"body": "Thanks"}, **{"Idempotency-Key": "k2"}).json for _ in range(2)]
    assert said[0]["id"] == said[1]["id"]


def test_agreeing_is_done_once_however_often_and_joining_brings_it_along(
    sam: Person, mia: Person, somebody: As
) -> None:
    asked(sam)
    asked(somebody("lee"), body="When do you call back?")
    for _ in range(2):
        assert send(mia, "PUT", "/2/vote").json["votes"] == 1
    joined = send(mia, "POST", "/2/acts", {"act": "join", "into": 1}, **ANY).json
    assert (joined["state"], joined["into"]) == ("asked", 1)
    assert send(mia, "GET", "/1").json["votes"] == 2  # Mia's, and Lee asked for it
    parted = send(mia, "POST", "/2/acts", {"act": "part"}, **ANY).json
    assert (parted["state"], parted["into"], parted["votes"]) == ("waiting", None, 1)
    assert send(mia, "GET", "/1").json["votes"] == 0
    assert send(mia, "DELETE", "/2/vote").json["votes"] == 0
    assert send(sam, "PUT", "/1/vote").status_code == 422  # one's own


def test_what_is_missing_or_wrong_is_named_by_its_field(sam: Person, mia: Person) -> None:
    asked(sam)
    for fields, pointer in (
        ({"act": "plan", "by_when": SOON}, "/owner"),
        ({"act": "plan", "owner": "mia", "by_when": "soon"}, "/by_when"),
        ({"act": "decline"}, "/words"),
        ({"act": "join", "into": 1}, "/into"),
        ({"act": "join", "into": 7}, "/into"),
    ):
        refused = send(mia, "POST", "/1/acts", fields, **ANY)
        assert refused.status_code == 422
        assert [one["pointer"] for one in refused.json["errors"]] == [pointer]
    for fields, pointer in (({"to_team": "nobody"}, "/to_team"), ({"from_team": "marketing"}, "/from_team")):
        refused = send(sam, "POST", data=ASKED | fields)
        assert [one["pointer"] for one in refused.json["errors"]] == [pointer]
    assert send(mia, "POST", "/1/acts", {"act": "fly"}, **ANY).status_code == 422


def test_lists_are_narrowed_ordered_and_gone_on_with(sam: Person, mia: Person, somebody: As) -> None:
    for number in range(5):
        asked(sam, body=f"Number {number}")
    asked(mia, to_team="sales", from_team="marketing", body="The other way", page="handing")
    send(somebody("otto"), "PUT", "/3/vote")
    send(mia, "POST", "/2/acts", {"act": "decline", "words": "No time"}, **ANY)
    send(somebody("lee"), "PUT", "/4/labels", {"labels": ["Phones"]})
    send(mia, "POST", "/5/acts", {"act": "plan", "owner": "mia", "by_when": "2099-12-30"}, **ANY)
    send(mia, "POST", "/1/acts", {"act": "ask", "words": "Which?"}, **ANY)

    def numbers(query: str) -> list[int]:
        return [one["number"] for one in send(sam, "GET", f"?{query}").json["suggestions"]]

    assert numbers("") == [6, 5, 4, 3, 2, 1]
    assert numbers("order=age&to=marketing&state=open") == [1, 3, 4]
    # What is open to programs is what stands under "Open" for people.
    assert len(numbers("state=open")) == 4
    assert ">Open 4</a>" in sam.get("/suggestions/?view=list").text
    assert numbers("order=votes&limit=1") == [3]
    assert numbers("state=notnow") == [2]
    assert numbers("in_time=yes") == [5, 2]
    assert numbers("page=handing") == numbers("from=marketing") == numbers("query=other") == [6]
    assert numbers("label=phones") == [4]
    assert numbers("late=true") == numbers("since=2999-01-01") == numbers("query=%00") == numbers("label=%00") == []
    first = send(sam, "GET", "?order=age&limit=4").json
    rest = send(sam, "GET", f"?order=age&limit=4&cursor={first['next']}").json
    assert [one["number"] for one in first["suggestions"] + rest["suggestions"]] == [1, 2, 3, 4, 5, 6]
    assert rest["next"] is None
    assert send(sam, "GET", f"?order=new&cursor={first['next']}").status_code == 422
    assert send(sam, "GET", "?state=lost").status_code == send(sam, "GET", "?since=then").status_code == 422


def test_remarks_are_said_and_read_in_parts(sam: Person, mia: Person) -> None:
    asked(sam)
    for text in ("One", "Two", "Three"):
        assert send(mia, "POST", "/1/remarks", {"body": text}).status_code == 201
    first = send(sam, "GET", "/1/remarks?limit=2").json
    rest = send(sam, "GET", f"/1/remarks?limit=2&cursor={first['next']}").json
    assert [one["body"] for one in first["remarks"] + rest["remarks"]] == ["One", "Two", "Three"]


def test_who_may_not_in_a_page_may_not_by_a_program(sam: Person, somebody: As) -> None:
    asked(sam)
    for who, status in (("", 401), ("otto", 403), ("sam", 403)):
        other = somebody(who)
        assert send(other, "POST", "/1/acts", PLAN, **ANY).status_code == status
        assert send(other, "PUT", "/1/team", {"to_team": "sales"}, **ANY).status_code == status
        assert send(other, "PUT", "/1/labels", {"labels": ["x"]}).status_code == status
    for who, status in (("", 401), ("otto", 403), ("lee", 403)):
        assert send(somebody(who), "PUT", "/1", {"body": "x"}, **ANY).status_code == status
    assert send(somebody(), "POST", data=ASKED).status_code == 401


def test_another_team_is_asked_instead_and_has_its_own_time(sam: Person, somebody: As) -> None:
    asked(sam)
    lee = somebody("lee")
    assert send(lee, "PUT", "/1/team", {"to_team": "nobody"}, **ANY).json["errors"][0]["pointer"] == "/to_team"
    moved = send(lee, "PUT", "/1/team", {"to_team": "sales"}, **ANY)
    assert (moved.status_code, moved.json["to_team"], moved.json["version"]) == (200, "sales", 2)


def test_hidden_and_gone_is_not_there(sam: Person, somebody: As) -> None:
    asked(sam)
    somebody("lee").post("/s/1/hide/")
    for path in ("/1", "/1/history", "/1/remarks", "/2", "/0", "/x", f"/{1 << 63}"):
        assert send(sam, "GET", path).status_code == 404, path
    assert send(sam, "PUT", "/1/vote").status_code == 404
    assert send(sam, "GET").json["suggestions"] == []


@pytest.mark.parametrize("odd", ["\x00", "\ud800"])
def test_what_no_text_can_hold_is_refused_and_breaks_nothing(sam: Person, odd: str) -> None:
    for field in ("body", "title", "to_team", "from_team", "page"):
        assert send(sam, "POST", data=ASKED | {field: f"a{odd}b"}).status_code in {400, 404, 422}
    asked(sam)
    for field in ("words", "owner", "by_when"):
        assert send(sam, "POST", "/1/acts", {"act": "back", field: odd}, **ANY).status_code in {400, 422, 403}
