"""Conversations stay quick as they grow: a part at a time, a constant number of queries, 304 when unchanged."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from counting import counted
from flask.testing import FlaskClient
from talking import TALK, As, Person

from kb_server.db import Database
from kb_server.people import service as people
from kb_server.people import sessions
from kb_server.people.models import Proven
from kb_server.people.roster import Roster
from kb_server.threads.view import AT_ONCE, PER_PAGE
from kb_server.web.gate import COOKIE

PART = f"{TALK}part/"


@pytest.mark.slow
def test_the_number_of_queries_stays_the_same_as_conversations_grow(
    sam: Person, mia: Person, somebody: As, database: Database
) -> None:
    (thread, comment), lee = sam.start("First @lee"), somebody("lee")
    for _ in range(2):
        mia.post(f"{sam.start('Settled')[0]}settle/", reason="Done")
    lee.get("/talk/other/")  # once it is known that nothing is made up for a first visitor, nobody looks again

    def numbers() -> list[int]:
        found = []
        for url in (TALK, PART, thread, comment):
            with counted(database) as said:
                assert lee.get(url).status_code == 200
            found.append(len([line for line in said if line.startswith("SELECT")]))
        with counted(database) as said:
            sam.say(thread, "@mia, one more")
        return [*found, len(said)]

    few = numbers()
    for number in range(PER_PAGE + 5):
        other, _ = sam.start(f"Another {number} @mia @sales")
        mia.say(other, "Yes @sam")
    for number in range(AT_ONCE + 5):
        mia.say(thread, f"Answer {number} @ada")
    assert numbers() == few


@pytest.mark.slow
def test_lists_of_programs_moderation_and_ones_own_account_take_as_many_queries_however_long(
    sam: Person, mia: Person, somebody: As, database: Database
) -> None:
    ada, thread = somebody("ada"), sam.start("First")[0]

    def grow(times: int) -> None:
        for number in range(times):
            mia.post(f"{sam.say(thread, f'Answer {number}')}flag/", reason=f"No {number}")
            lee = somebody("lee")
            lee.post(f"{mia.start(f'Another {number}')[1]}flag/", reason="Nor this")
            lee.post(f"{mia.start(f'Hidden {number}')[1]}hide/")
            somebody("ada")  # in one browser more

    def numbers() -> list[int]:
        urls = ("/api/v1/threads?page=handing", f"/api/v1/threads/{thread.split('/')[2]}/comments")
        found = []
        for url in (*urls, "/moderation/", "/account/", "/people/"):
            with counted(database) as said:
                assert ada.get(url).status_code == 200, url
            found.append(len([line for line in said if line.startswith("SELECT")]))
        return found

    grow(2)
    few = numbers()
    grow(12)
    assert numbers() == few
    assert max(few) < 25


@pytest.mark.slow
def test_many_settled_conversations_are_listed_a_part_at_a_time_and_none_is_left_out(sam: Person) -> None:
    wanted = {f"Settled {number}." for number in range(PER_PAGE + 3)}
    for body in sorted(wanted):
        sam.post(f"{sam.start(body)[0]}settle/", reason="Done")
    first = sam.get(TALK).text
    assert f"{PER_PAGE} conversations settled lately" in first
    (older,) = re.findall(rf'href="{TALK}\?settled=(\d+)"', first)
    rest = sam.get(f"{TALK}?settled={older}").text
    assert "3 conversations settled<" in rest
    assert "?settled=" not in rest
    assert set(re.findall(r"<bdi>(Settled \d+\.)</bdi>", first + rest)) == wanted


@pytest.mark.slow
def test_a_thousand_comments_are_read_a_part_at_a_time_and_none_is_left_out(sam: Person, database: Database) -> None:
    thread, _ = sam.start("Number 0.")
    with database.transaction() as connection:
        row = connection.exec_driver_sql("SELECT * FROM comments").mappings().one()
        table = sa.table("comments", *(sa.column(name) for name in row))
        more = [{**row, "id": f"c_{n}", "number": n + 10, "html": f"<p>Number {n}.</p>"} for n in range(1, 1000)]
        connection.execute(sa.insert(table), more)
        connection.exec_driver_sql("UPDATE threads SET shown = 1000")
        connection.exec_driver_sql("UPDATE counters SET value = 2000 WHERE name = 'comments'")
    seen: list[str] = []
    url = thread
    while url:
        text = sam.get(url).text
        assert text.count('<article class="kb-comment') <= AT_ONCE
        seen += re.findall(r"<p>Number (\d+)\.</p>", text)
        following = re.search(r'href="(/t/\w+/\?after=\d+)">Go on reading', text)
        url = following[1] if following else ""
    assert seen == [str(number) for number in range(1000)]
    assert f"{1000 - AT_ONCE} more" in sam.get(TALK).text


def test_many_conversations_are_read_a_part_at_a_time(sam: Person) -> None:
    for number in range(PER_PAGE + 3):
        sam.start(f"Number {number}.")
    first = sam.get(TALK).text
    assert first.count('<article class="kb-panel kb-talk') == PER_PAGE
    older = re.search(r'href="(/talk/handing/\?before=\d+)"', first)
    assert older
    seen = re.findall(r"<p>Number (\d+)\.</p>", first + sam.get(older[1]).text)
    assert seen == [str(number) for number in reversed(range(PER_PAGE + 3))]


@pytest.mark.parametrize("url", [TALK, PART])
def test_who_has_the_page_already_is_told_so_until_something_changes(
    url: str, sam: Person, mia: Person, somebody: As
) -> None:
    thread, comment = sam.start()
    known = {handle: person.get(url).headers["ETag"] for handle, person in (("sam", sam), ("mia", mia))}
    assert known["sam"] != known["mia"]
    assert sam.get(url, **{"If-None-Match": known["sam"]}).status_code == 304
    assert sam.get(url, **{"If-None-Match": known["mia"]}).status_code == 200
    changes = [
        lambda: mia.say(thread, "More"),
        lambda: mia.post(f"{comment}agree/"),
        lambda: mia.post(f"{comment}agree/", undo="1"),
        lambda: sam.post(comment, body="Edited", version="1"),
        lambda: mia.post(f"{thread}settle/", reason="Done"),
        lambda: mia.post(f"{thread}reopen/"),
        lambda: somebody("lee").post(f"{comment}hide/"),
        lambda: somebody("lee").post(f"{comment}show/"),
        lambda: sam.post(f"{comment}delete/"),
    ]
    for change in changes:
        etag = sam.get(url).headers["ETag"]
        change()
        assert sam.get(url, **{"If-None-Match": etag}).status_code == 200


def test_what_is_kept_for_one_is_never_shown_to_another(sam: Person, mia: Person, somebody: As) -> None:
    sam.start("Mine")
    for _ in range(2):
        assert "Change<" in sam.get(PART).text
        assert "Change<" not in mia.get(PART).text
        assert "You will be asked to sign in" in somebody().get(PART).text
        assert sam.get(PART).headers["Cache-Control"] == "private, no-cache"
        assert {"Cookie", "Accept-Encoding"} <= set(sam.get(PART).vary)


def test_two_who_are_in_no_team_and_no_file_are_still_two(sam: Person, client: FlaskClient, database: Database) -> None:
    sam.start("Mine")
    etags = set()
    for name in ("Zoe", "Zed"):
        with database.transaction() as connection:
            person = people.known_as(
                connection, Proven("email", f"{name}@example.com", name), Roster(), datetime.now(UTC)
            )
            secret = sessions.open_session(connection, person, "A browser", datetime.now(UTC))
        browser = client.application.test_client()
        browser.set_cookie(COOKIE, secret)
        etags.add(browser.get(PART).headers["ETag"])
    assert len(etags) == 2


def test_a_packed_page_and_a_plain_one_are_the_same(sam: Person) -> None:
    sam.start("Mine")
    for _ in range(2):
        packed = sam.get(PART, **{"Accept-Encoding": "gzip"})
        assert packed.headers["Content-Encoding"] == "gzip"
        assert "Content-Encoding" not in sam.get(PART).headers
