"""Sample activity: written once, said to be a sample, and taken away without a word that somebody really wrote."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import by_hand
import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from guide.first_visit import begin, pages, rows
from processes import ROOT
from talking import As, Person, addresses

from kb_server import sample
from kb_server.activity.storage import activity
from kb_server.app import TELLER
from kb_server.config import Settings
from kb_server.db import Database
from kb_server.notifications.outbox import outbox
from kb_server.people.samples import samples
from kb_server.people.storage import people
from kb_server.threads import reading
from kb_server.threads.models import Thread
from kb_server.threads.storage import comments, reactions, threads
from kb_server.threads.stories import STORIES, Story

MAIL = {"mail_url": "smtp://localhost:9", "mail_from": "wiki@example.com", "base_url": "http://localhost/"}


def count(database: Database, table: sa.Table) -> int:
    with database.read() as connection:
        return connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0


def made_up(database: Database) -> dict[str, Thread]:
    """The made-up conversations by the page they are on."""
    with database.read() as connection:
        return {thread.page: thread for thread in reading.samples(connection)}


def first_said(database: Database, thread: Thread) -> str:
    with database.read() as connection:
        return f"/t/{thread.id}/{reading.first_comment(connection, thread.id)}/"


# ── What is written ───────────────────────────────────────────────────────


def test_a_first_start_brings_conversations_that_were_held_before_it(started: Flask, database: Database) -> None:
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    said = sum(bool(turn.says) for story in STORIES for turn in story.turns)
    assert (count(database, threads), count(database, comments)) == (len(STORIES), said)
    assert count(database, samples) == len(STORIES) + said
    with database.read() as connection:
        lines = connection.execute(
            sa.select(activity).where(activity.c.verb.like("%.%")).order_by(activity.c.seq)
        ).all()
        numbered = connection.execute(sa.select(comments.c.created_at).order_by(comments.c.number)).scalars().all()
    told = [line.at for line in lines if line.verb.startswith(("thread", "comment"))]
    assert told == sorted(told)
    assert told[-1] < now
    turns = [turn for story in STORIES for turn in story.turns]
    others = sum(bool(turn.settles) or not turn.who for turn in turns)
    assert len(told) == said + count(database, reactions) + others
    assert numbered == sorted(numbered)
    assert made_up(database)["contacts-from-events"].state == "settled"
    assert started.test_client().get("/api/v1/search?query=rush+jobs").json["hits"]


def test_one_passage_has_changed_since_and_one_has_moved(client: FlaskClient, publish: Callable[..., str]) -> None:
    for look in ("at first", "and after another build"):
        shown = client.get("/talk/handing-a-lead-to-sales/").text
        assert "<del>soon</del><ins>within one working day</ins>" in shown, look
        assert 'data-kb-fate="moved"' in client.get("/talk/sales-ready-prospect/").text, look
        publish(*pages(), index__html=f"<!doctype html><h1>Home, {look}</h1>")
        client.application.extensions["kb"].site.look()


def test_something_waits_for_whose_pages_they_are(somebody: As) -> None:
    for handle, asked in {
        "mia": "works with any ERP",
        "lee": "asked for a call back",
        "nia": "before Christmas",
    }.items():
        shown = somebody(handle).get("/waiting/").text
        assert asked in shown
        assert "kb-sample" in shown


def test_what_is_old_was_seen_to_long_ago(somebody: As) -> None:
    shown = somebody("sam").get("/waiting/").text
    assert "hardly a comparison" not in shown
    assert "One working day" not in shown


def test_nobody_gets_mail_of_it(app: Flask, database: Database, settings: Settings) -> None:
    assert begin(database, replace(settings, **MAIL), app.extensions["kb"].site)
    app.extensions[TELLER].take_in()
    assert count(database, outbox) == 0


def test_each_says_that_it_is_a_sample_and_real_ones_do_not(somebody: As, database: Database) -> None:
    sam = somebody("sam")
    url, _ = addresses(sam.post("/talk/what-marketing-does/", body="A real one?", kind="question"))
    shown = sam.get("/talk/what-marketing-does/").text
    assert shown.count("kb-sample") == 1
    assert "kb-sample" not in sam.get(url).text
    assert "kb-sample" in sam.get(f"/t/{made_up(database)['what-marketing-does'].id}/").text
    assert "kb-sample" in sam.get("/talk/contacts-from-events/").text  # among those that are settled, too


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.page)
def test_each_is_about_something_that_stands_in_the_sample_wiki(story: Story) -> None:
    sources = [path.read_text() for path in (ROOT / "docs").rglob("*.md")]
    source = next(text for text in sources if f"\nid: {story.page}\n" in text)
    parts = re.split(r"\n## (.*)\n", source)
    sections = {
        re.sub(r"[^a-z0-9]+", "-", title.lower()): text for title, text in zip(parts[1::2], parts[2::2], strict=True)
    }
    assert story.section in sections
    assert story.quote in sections[story.section]
    assert not story.was or story.was not in source


# ── When there is none ────────────────────────────────────────────────────


@pytest.mark.parametrize("changed", [{"auth": "email"}, {"auth": "oidc"}, {"auth": "proxy"}, {"sample": False}])
def test_there_is_none_in_earnest_and_where_nobody_wants_it(
    changed: dict[str, object], app: Flask, database: Database, settings: Settings
) -> None:
    before = rows(database, but=())
    assert not begin(database, replace(settings, **changed), app.extensions["kb"].site)  # type: ignore[arg-type]
    assert rows(database, but=()) == before


def test_there_is_none_in_a_wiki_of_other_people(
    app: Flask, database: Database, settings: Settings, publish: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    people = {name: one | {"email": f"{name}@hollin.example"} for name, one in by_hand.ROSTER["people"].items()}
    monkeypatch.setattr(by_hand, "ROSTER", by_hand.ROSTER | {"people": people})
    publish(by_hand.page("another", url=""))
    site = app.extensions["kb"].site
    site.look()
    assert not begin(database, settings, site)


def test_there_is_none_where_somebody_has_been_before(app: Flask, database: Database, settings: Settings) -> None:
    app.test_client().post("/sign-in/", data={"handle": "sam"}, headers={"Sec-Fetch-Site": "same-origin"})
    assert not begin(database, settings, app.extensions["kb"].site)
    assert count(database, threads) == 0


def test_it_comes_once_and_not_again_after_it_was_removed(
    started: Flask, database: Database, settings: Settings
) -> None:
    site = started.extensions["kb"].site
    assert not begin(database, settings, site)
    assert count(database, threads) == len(STORIES)
    sample.remove(database)
    with database.transaction() as connection:  # not even once everybody is forgotten
        connection.execute(sa.update(people).values(erased=1))
    assert not begin(database, settings, site)
    assert count(database, threads) == 0


# ── Taking it away ────────────────────────────────────────────────────────


def test_removing_leaves_everything_as_it_was_before(app: Flask, database: Database, settings: Settings) -> None:
    before = rows(database)
    assert begin(database, settings, app.extensions["kb"].site)
    assert rows(database) != before
    done = sample.remove(database)
    assert rows(database) == before
    assert done.counts == {"conversations": 7, "remarks": 14, "entries of Waiting for you": 9}
    assert sample.told(done).startswith("Taken away: 7 conversations, 14 remarks, 9 entries of Waiting for you.")
    assert sample.told(sample.remove(database)) == "There is no sample activity."
    client = app.test_client()
    assert client.get("/api/v1/search?query=rush+jobs").json["hits"] == []
    assert "Nobody has said anything here yet" in client.get("/talk/what-marketing-does/").text


def test_pages_that_were_fetched_before_show_it_no_more(client: FlaskClient, database: Database) -> None:
    client.set_cookie("kb_guide", "closed")  # the first steps, which would go too, are not what changes it
    first = client.get("/talk/what-marketing-does/")
    again = {"If-None-Match": first.headers["ETag"]}
    assert client.get("/talk/what-marketing-does/", headers=again).status_code == 304
    sample.remove(database)
    assert client.get("/talk/what-marketing-does/", headers=again).status_code == 200


def test_a_real_conversation_and_what_waits_because_of_it_stay(somebody: As, database: Database) -> None:
    nia, mia = somebody("nia"), somebody("mia")
    nia.post("/talk/what-marketing-does/", body="Who writes the case studies?", kind="question")
    assert "Who writes the case studies?" in mia.get("/waiting/").text
    assert sample.remove(database).kept == ()
    assert "Who writes the case studies?" in mia.get("/waiting/").text
    assert "Who writes the case studies?" in nia.get("/talk/what-marketing-does/").text
    assert "works with any ERP" not in mia.get("/waiting/").text + nia.get("/talk/what-marketing-does/").text
    assert nia.finds("case studies")


def answered(person: Person, thread: Thread, _first: str) -> None:
    person.post(f"/t/{thread.id}/", body="Words of my own.")


def edited(person: Person, _thread: Thread, first: str) -> None:
    person.post(first, body="Words of my own.", version="1")


def settled(person: Person, thread: Thread, _first: str) -> None:
    person.post(f"/t/{thread.id}/settle/", reason="Words of my own.")


def objected(person: Person, _thread: Thread, first: str) -> None:
    person.post(f"{first}flag/", reason="Words of my own.")


@pytest.mark.parametrize(
    ("handle", "write"), [("mia", answered), ("otto", edited), ("mia", settled), ("mia", objected)]
)
def test_a_sample_conversation_in_which_somebody_really_wrote_stays_whole(
    handle: str, write: Callable[..., None], somebody: As, database: Database
) -> None:
    thread = made_up(database)["what-marketing-does"]
    write(somebody(handle), thread, first_said(database, thread))
    before = {name: some for name, some in rows(database).items() if name in {"threads", "comments", "flags"}}
    done = sample.remove(database)
    assert done.kept == (f"t/{thread.id}/",)
    assert done.counts["conversations"] == len(STORIES) - 1
    assert f"  t/{thread.id}/" in sample.told(done)
    after = rows(database)
    for name, some in before.items():
        assert [row for row in some if thread.id in row or name == "flags"] == after[name]
    assert "kb-sample" in somebody("ada").get(f"/t/{thread.id}/").text


def test_what_somebody_only_clicked_goes_with_it(somebody: As, database: Database) -> None:
    thread = made_up(database)["what-marketing-does"]
    mia = somebody("mia")
    first = first_said(database, thread)
    assert mia.post(f"{first}agree/").status_code == 303
    assert mia.post(f"{first}flag/").status_code == 303
    assert sample.remove(database).kept == ()
    assert mia.get(f"/t/{thread.id}/").status_code == 404
    assert mia.get("/waiting/").status_code == 200
    assert somebody("ada").get("/moderation/").status_code == 200


def test_taking_ones_words_back_lets_it_go(somebody: As, database: Database) -> None:
    thread = made_up(database)["what-marketing-does"]
    mia = somebody("mia")
    said = mia.say(f"/t/{thread.id}/", "Words of my own.")
    assert sample.remove(database).kept
    assert mia.post(f"{said}delete/").status_code == 303
    assert sample.remove(database).kept == ()
    assert count(database, threads) == count(database, samples) == 0


# ── Names ─────────────────────────────────────────────────────────────────


def test_a_list_and_a_mail_say_the_names_of_those_they_mention(somebody: As) -> None:
    shown = somebody("lee").get("/waiting/").text
    assert '<b class="kb-mention">@<bdi>Lee</bdi></b>, what do the others say?' in shown
    assert "@lee" not in shown
