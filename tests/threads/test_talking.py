"""Saying something about a page, answering, and what everybody sees and finds of it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from talking import CALLS, TALK, As, Person, log

from kb_server.db import Database


def test_what_somebody_says_stands_on_the_page_is_found_and_answered(sam: Person, mia: Person) -> None:
    thread, first = sam.start("Does a *call-back* count as zebras?")
    for url in (TALK, f"{TALK}part/", thread):
        text = mia.get(url).text
        assert "Does a <em>call-back</em> count" in text
        assert "Sam" in text
        assert "Sales · " in text
    second = mia.say(thread, "Yes, all giraffes do.")
    assert "Marketing’s answer" in sam.get(TALK).text
    assert sam.finds("zebras") == [f"{thread[1:]}#{first.split('/')[3]}"]
    assert sam.finds("giraffes") == [f"{thread[1:]}#{second.split('/')[3]}"]


def test_while_the_owner_is_away_it_is_said_who_stands_in(sam: Person, somebody: As) -> None:
    assert "<bdi>Lee</bdi>, who sees to this page, hears of it." in sam.get(TALK).text
    lee = somebody("lee")
    lee.post("/account/away/", until=str((datetime.now(UTC) + timedelta(days=7)).date()), deputy="mia")
    assert "<bdi>Mia</bdi> hears of it, for <bdi>Lee</bdi>, who is away." in sam.get(TALK).text
    lee.post("/account/back/")
    assert "<bdi>Lee</bdi>, who sees" in sam.get(TALK).text


def test_the_log_says_who_did_what_where_by_ids_alone(sam: Person, mia: Person, database: Database) -> None:
    thread, _ = sam.start("@mia and @marketing, look", section="when")
    mia.say(thread, "I do")
    (started,), (posted,) = log(database, "thread.started"), log(database, "comment.posted")
    assert (started["page"], started["section"], started["kind"]) == ("handing", "when", "question")
    assert started["teams"] == ["marketing"]
    assert len(started["mentions"]) == 1
    assert str(started["mentions"][0]).startswith("p_")
    assert posted["thread"] == started["thread"] == thread.split("/")[2]
    assert "look" not in json.dumps([started, posted])


def test_a_passage_is_quoted_as_the_section_has_it(sam: Person) -> None:
    sam.start("Always?", section="when", exact="Sales calls\nback within one  working day", before="0")
    text = sam.get(TALK).text
    assert 'dir="auto">Sales calls back within one working day</blockquote>' in text
    assert 'data-kb-suffix=" and says in the first sentence "' in text
    assert CALLS not in text


def test_people_are_mentioned_by_id_and_shown_by_name(sam: Person, database: Database) -> None:
    sam.start("@mia, @nobody and `@lee`")
    text = sam.get(TALK).text
    assert '<b class="kb-mention">@<bdi>Mia</bdi></b>, @nobody and <code>@lee</code>' in text
    with database.transaction() as connection:
        connection.execute(sa.text("UPDATE people SET name = 'Mia Berg' WHERE handle = 'mia'"))
        connection.execute(sa.text("INSERT INTO counters VALUES ('people', 1)"))
    assert "<bdi>Mia Berg</bdi>" in sam.get(TALK).text


def test_whoever_is_not_signed_in_reads_and_is_asked_in_to_speak(somebody: As, sam: Person) -> None:
    sam.start("Hello")
    guest = somebody()
    assert "Hello" in guest.get(TALK).text
    answer = guest.post(TALK, body="A long thought", kind="wrong")
    assert answer.status_code == 401
    assert "A long thought" in answer.text
