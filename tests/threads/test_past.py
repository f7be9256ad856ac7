"""What happened in a conversation and on a page can be read: who began, answered, changed, settled and moved what."""

from __future__ import annotations

import re

import pytest
from stores import on_alone
from talking import TALK, As, Person
from threads.test_many import counted

from kb_server.db import Database
from kb_server.threads.past import MOST


def told(person: Person, url: str) -> list[str]:
    """What happened, the latest first, as a reader sees it."""
    answer = person.get(f"{url}history/")
    assert answer.status_code == 200
    rows = re.findall(r"<li><b><bdi>(.*?)</bdi></b> (.*?) <span", answer.text)
    return [f"{name} {did}" for name, did in rows]


def test_the_history_of_a_conversation_tells_who_did_what(sam: Person, mia: Person, somebody: As) -> None:
    thread, first = sam.start("Does a call-back count?")
    said = mia.say(thread, "Yes")
    sam.post(first, body="Does a call-back count, too?", version="1")
    mia.post(f"{said}delete/")
    sam.post(f"{thread}settle/", reason="It does")
    mia.post(f"{thread}reopen/")
    somebody("lee").post(f"{thread}move/", to="other")
    expected = ["Lee moved it to Other", "Mia opened it again", "Sam settled it", "Mia took something back"]
    expected += ["Sam changed what they said", "Mia answered", "Sam began it"]
    assert told(somebody(), thread) == expected
    assert f'href="{thread}history/"' in sam.get(thread).text


def test_the_history_of_a_page_tells_of_all_its_conversations(sam: Person, mia: Person) -> None:
    assert told(mia, TALK) == []
    sam.start("Does a call-back count?")
    mia.start("Is <i>this</i> so?")
    assert told(mia, TALK) == ["Mia began it", "Sam began it"]
    text = mia.get(f"{TALK}history/").text
    assert "Does a call-back count?" in text
    assert "Is &lt;i&gt;this&lt;/i&gt; so?" in text
    assert f'href="{TALK}history/"' in mia.get(TALK).text
    assert mia.get("/talk/nowhere/history/").status_code == 404


def test_what_was_hidden_and_who_flagged_it_is_not_told(sam: Person, mia: Person, somebody: As) -> None:
    thread, first = sam.start("Something rude")
    mia.say(thread, "An answer")
    mia.post(f"{first}flag/", reason="Rude")
    somebody("lee").post(f"{first}hide/")
    assert told(sam, thread) == told(sam, TALK) == ["Mia answered"]
    assert "rude" not in sam.get(f"{TALK}history/").text
    _, only = sam.start("Something ruder")
    somebody("lee").post(f"{only}hide/")
    assert sam.get(f"/t/{only.split('/')[2]}/history/").status_code == 404
    assert "ruder" not in sam.get(f"{TALK}history/").text


@pytest.mark.slow
def test_a_long_history_is_read_a_part_at_a_time_by_as_many_queries(
    sam: Person, mia: Person, database: Database
) -> None:
    thread, _ = sam.start("The first")
    with counted(database) as few:
        told(mia, thread)
    for number in range(MOST + 3):
        sam.say(thread, f"Answer {number}")
    with counted(database) as many:
        first = told(mia, thread)
    assert (len(first), len(many)) == (MOST, len(few))
    (older,) = re.findall(r"\?before=(\d+)", mia.get(f"{thread}history/").text)
    rest = mia.get(f"{thread}history/?before={older}").text
    assert rest.count("<li>") == 4
    assert "began it" in rest
    assert "?before=" not in rest


@on_alone("sqlite")
def test_a_history_is_read_without_reading_all_of_the_log(sam: Person, database: Database) -> None:
    thread, _ = sam.start("The first")
    with counted(database) as said:
        told(sam, thread)
    (statement,) = [one for one in said if "FROM activity" in one]
    with database.read() as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", ("x",) * statement.count("?")).all()
    assert "ix_activity_subject" in str(plan)
