"""Waiting for you: what stands there, for whom, until when."""

from __future__ import annotations

import re

import pytest
from talking import As, Person, addresses, log

from kb_server.db import Database

ASKS = "Who tells the customer when their contact person changes?"


def ask(person: Person, body: str = ASKS, page: str = "sams", kind: str = "question") -> tuple[str, str]:
    return addresses(person.post(f"/talk/{page}/", body=body, kind=kind))


def waits(person: Person) -> list[tuple[str, str]]:
    """Why, and what was said."""
    answer = person.get("/api/v1/waiting")
    assert answer.status_code == 200, answer.text
    found = [(one["reason"], one["text"]) for one in answer.json["waiting"]]
    assert answer.json["count"] == len(found)
    return found


def test_a_question_waits_for_whoever_owns_the_page(sam: Person, mia: Person, otto: Person) -> None:
    ask(otto)
    assert waits(sam) == [("question", ASKS)]
    assert waits(mia) == waits(otto) == []


def test_an_answer_waits_for_whoever_asked_and_the_question_for_nobody_any_more(sam: Person, otto: Person) -> None:
    thread, _ = ask(otto)
    sam.say(thread, "The account manager does.")
    assert waits(sam) == []
    assert waits(otto) == [("answer", "The account manager does.")]


def test_who_asks_on_is_answered_by_the_same_person(sam: Person, otto: Person) -> None:
    thread, _ = ask(otto)
    sam.say(thread, "The account manager does.")
    otto.say(thread, "And on holidays?")
    assert waits(otto) == []
    assert waits(sam) == [("question", "And on holidays?")]


def test_a_page_without_an_owner_is_answered_for_by_those_who_speak_for_its_teams(mia: Person, otto: Person) -> None:
    ask(otto, page="free")
    assert waits(mia) == [("question", ASKS)]


def test_what_is_wrong_waits_for_those_who_speak_for_the_teams_too(
    somebody: As, sam: Person, mia: Person, otto: Person
) -> None:
    ask(otto, page="handing", kind="wrong")  # Lee's page, of Sales and Marketing
    assert waits(somebody("lee")) == waits(sam) == waits(mia) == [("wrong", ASKS)]


def test_a_mention_waits_for_whom_it_means_and_for_a_whole_team(somebody: As, sam: Person, otto: Person) -> None:
    ask(otto, "Does @ada know? And @marketing?", page="sams", kind="question")
    text = "Does @ada know? And @marketing?"
    assert waits(somebody("ada")) == waits(somebody("mia")) == waits(somebody("lee")) == [("mention", text)]
    assert waits(sam) == [("question", text)]
    assert waits(somebody("vera")) == []


def test_nobody_waits_for_themselves(sam: Person) -> None:
    ask(sam, "I ask myself, @sam and @sales.")
    assert waits(sam) == []


def test_somebody_named_later_by_an_edit_is_told_once(sam: Person, mia: Person, otto: Person) -> None:
    _, comment = ask(otto)
    otto.post(comment, body="Now for @mia", version="1")
    otto.post(comment, body="Now for @mia, still", version="2")
    assert waits(mia) == [("mention", "Now for @mia, still")]
    assert [reason for reason, _ in waits(sam)] == ["question"]


def test_what_is_taken_back_waits_no_more(sam: Person, otto: Person) -> None:
    _, comment = ask(otto)
    assert waits(sam)
    otto.post(f"{comment}delete/")
    assert waits(sam) == []


def test_what_is_hidden_is_gone_at_once_and_comes_back_when_it_is_shown(
    somebody: As, sam: Person, otto: Person
) -> None:
    _, comment = ask(otto)
    lee = somebody("lee")
    lee.post(f"{comment}hide/")
    assert waits(sam) == []
    assert "Nothing waits for you" in sam.get("/waiting/").text
    lee.post(f"{comment}show/")
    assert waits(sam) == [("question", ASKS)]


def test_a_settled_conversation_waits_for_nobody_but_whoever_began_it(sam: Person, otto: Person) -> None:
    thread, _ = ask(otto)
    sam.post(f"{thread}settle/", reason="It is on the page now")
    assert waits(sam) == []
    assert waits(otto) == [("settled", "It is on the page now")]
    otto.post(f"{thread}reopen/")
    assert waits(otto) == []
    assert waits(sam) == [("question", ASKS)]


def test_a_moved_conversation_waits_for_whoever_sees_to_the_other_page(sam: Person, mia: Person, otto: Person) -> None:
    thread, _ = ask(otto)
    sam.post(f"{thread}move/", to="free")
    assert waits(sam) == []
    assert waits(mia) == [("question", ASKS)]


def test_what_is_flagged_waits_for_a_liaison_until_somebody_has_looked(somebody: As, mia: Person, otto: Person) -> None:
    _, comment = ask(otto, page="handing", kind="question")
    lee = somebody("lee")
    mia.post(f"{comment}flag/", reason="Rude")
    assert [reason for reason, _ in waits(lee)] == ["question", "flagged"]
    card = lee.get("/waiting/").text.split("Flagged</span>")[1]
    assert ">Mia<" in card  # who flagged it has not said it
    assert f'there:</p><blockquote class="kb-quote kb-item__text" dir="auto">{ASKS}' in card
    lee.post(f"{comment}show/")
    assert [reason for reason, _ in waits(lee)] == ["question"]


def test_seen_takes_away_what_is_ones_own_and_nobody_elses(sam: Person, mia: Person, otto: Person) -> None:
    ask(otto, "For @mia and @sam", page="free", kind="question")
    key = sam.get("/api/v1/waiting").json["waiting"][0]["key"]
    assert sam.post("/waiting/seen/", key=key).headers["Location"] == "/waiting/"
    assert waits(sam) == []
    assert len(waits(mia)) == 1


def test_a_program_goes_through_the_list_and_says_what_it_has_seen(sam: Person, otto: Person) -> None:
    texts = [f"Question number {number}" for number in range(5)]
    for text in texts:
        ask(otto, text)
    found, cursor = [], ""
    while cursor is not None:
        answer = sam.get(f"/api/v1/waiting?limit=2&cursor={cursor}").json
        found += answer["waiting"]
        cursor = answer["next"]
    assert [one["text"] for one in found] == texts
    told = sam.client.post("/api/v1/waiting", json={"key": found[0]["key"]}, headers={"Sec-Fetch-Site": "same-origin"})
    assert told.status_code == 204
    assert [text for _, text in waits(sam)] == texts[1:]


def test_the_header_learns_how_much_waits(sam: Person, otto: Person) -> None:
    ask(otto)
    sam.get("/waiting/")
    assert sam.get("/api/v1/me").json["waiting"] == 1


def test_the_page_says_how_much_there_is_and_how_long_it_takes(sam: Person, otto: Person) -> None:
    assert "Nothing waits for you." in sam.get("/waiting/").text
    for number in range(4):
        ask(otto, f"{ASKS} {number}")
    page = sam.get("/waiting/").text
    assert "Four things, first due first. About two minutes." in page
    assert "Otto" in page
    assert "on your page" in page


def test_a_card_is_answered_on_the_spot_and_leads_back(sam: Person, otto: Person) -> None:
    ask(otto)
    page = sam.get("/waiting/").text
    action, fields = form_of(page)
    answer = sam.post(action, **fields, body="The account manager does.")
    assert answer.headers["Location"] == "/waiting/"
    assert "Nothing waits for you." in sam.get("/waiting/").text
    assert waits(otto) == [("answer", "The account manager does.")]


@pytest.mark.parametrize("back", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_an_answer_leads_back_to_this_wiki_alone(sam: Person, otto: Person, back: str) -> None:
    thread, _ = ask(otto)
    there = sam.post(thread, body="Yes", back=back).headers["Location"]
    assert there.startswith("/")
    assert "evil" not in there


def test_one_thing_after_the_other(sam: Person, otto: Person) -> None:
    for number in range(3):
        ask(otto, f"Question {number}")
    page = sam.get("/waiting/?one=1").text
    assert [f"Question {number}" in page for number in range(3)] == [True, False, False]
    skip = re.search(r'href="(/waiting/\?one=1&amp;cursor=[^"]+)"', page)
    assert skip
    page = sam.get(skip[1].replace("&amp;", "&")).text
    assert [f"Question {number}" in page for number in range(3)] == [False, True, False]


def test_nobody_reads_the_list_without_signing_in(somebody: As) -> None:
    nobody = somebody()
    assert nobody.get("/api/v1/waiting").status_code == 401
    assert nobody.get("/waiting/").status_code == 303
    assert nobody.post("/waiting/seen/", key="x").status_code == 401


def form_of(page: str) -> tuple[str, dict[str, str]]:
    """Where the first answer goes, and what its form holds."""
    found = re.search(r'<form class="kb-reply" method="post" action="([^"]+)".*?</form>', page, re.DOTALL)
    assert found
    return found[1], dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', found[0]))


def test_what_one_says_of_ones_list_and_mail_is_a_line_of_the_log_each(
    sam: Person, otto: Person, database: Database
) -> None:
    ask(otto)
    key = sam.get("/api/v1/waiting").json["waiting"][0]["key"]
    for _ in range(2):
        sam.post("/waiting/seen/", key=key)
    sam.post("/waiting/settings/", how="hourly")
    sam.post("/waiting/watch/", what="team:sales", does="1")
    lines = log(database, "waiting.seen", "mail.changed", "watching.changed")
    assert [line["verb"] for line in lines] == ["waiting.seen", "mail.changed", "watching.changed"]


def test_whoever_wants_to_join_a_team_waits_for_its_liaison(somebody: As, sam: Person, otto: Person) -> None:
    lee = somebody("lee")
    ask(otto, page="handing", kind="question")
    otto.post("/account/teams/ask/", team="sales")
    assert "1 person wants to join your team." in lee.get("/waiting/").text
    assert "Two things" in lee.get("/waiting/").text
    assert lee.get("/api/v1/me").json["waiting"] == 2
    assert "wants to join" not in lee.get("/waiting/?one=1").text
    assert "wants to join" not in sam.get("/waiting/").text
    assert "wants to join" not in otto.get("/waiting/").text
    (person,) = set(re.findall(r'name="person" value="(\w+)"', lee.get("/people/").text))
    lee.post("/people/confirm/", person=person, team="sales")
    assert "wants to join" not in lee.get("/waiting/").text
    assert lee.get("/api/v1/me").json["waiting"] == 1
