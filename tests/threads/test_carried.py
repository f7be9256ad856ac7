"""What becomes of conversations when the text they are about changes, moves or goes, and comes back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from by_hand import page
from talking import CALLS, TALK, As, Person, handing, log

from kb_server.builds import service as builds
from kb_server.config import Settings
from kb_server.db import Database
from kb_server.documents import storage as documents
from kb_server.threads import carrying, origins, reading
from kb_server.threads.models import Thread

Publish = Callable[..., str]


@pytest.fixture(autouse=True)
def _looks_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was published is served with the next request."""
    monkeypatch.setattr("kb_server.web.site.LOOK_EVERY", 0)


QUOTE = "within one working day"
HOME, OTHER = page("home", url=""), page("other", "Another page.", title="Other")


@pytest.fixture
def thread(sam: Person) -> str:
    """The id of a conversation about a passage."""
    return sam.start("Also at Easter?", section="when", exact=QUOTE)[0].split("/")[2]


def now(database: Database, thread_id: str) -> Thread:
    with database.read() as connection:
        found = reading.thread(connection, thread_id)
    assert found
    assert found.quote
    return found


def test_a_passage_that_was_changed_is_followed_and_said_so_once(
    database: Database, publish: Publish, thread: str
) -> None:
    build = publish(HOME, handing(CALLS.replace("one working day", "two working days")), OTHER)
    found = now(database, thread)
    assert (found.fate, found.quote and found.quote.exact, found.build) == ("changed", "within two working days", build)
    publish(HOME, handing(CALLS.replace("one working day", "two working days") + " Always."), OTHER)
    lines = log(database, "thread.carried")
    assert [(line["subject"], line["before"], line["fate"]) for line in lines] == [(thread, "here", "changed")]
    assert now(database, thread).fate == "changed"
    with database.read() as connection:
        assert origins.of(connection, [thread])[thread].exact == QUOTE


def test_a_gone_passage_comes_back_with_an_earlier_build(
    database: Database, publish: Publish, published: str, thread: str
) -> None:
    for number in range(4):  # the build it was in is not kept so long
        publish(HOME, handing(f"Nothing of the kind, {number}."), OTHER)
        assert (now(database, thread).fate, now(database, thread).build) == ("gone", published)
    publish(HOME, handing(), OTHER)
    assert (now(database, thread).fate, now(database, thread).quote.exact) == ("here", QUOTE)
    with database.read() as connection:
        assert origins.of(connection, [thread]) == {}
    assert [line["fate"] for line in log(database, "thread.carried")] == ["gone", "here"]


def test_a_conversation_goes_along_to_the_page_its_passage_moved_to(
    database: Database, publish: Publish, thread: str, sam: Person
) -> None:
    publish(
        HOME, page("handing", "Nothing is left.", title="Handing a lead to Sales"), page("other", CALLS, title="Other")
    )
    found = now(database, thread)
    assert (found.fate, found.page, found.section) == ("moved", "other", "")
    assert f"/t/{thread}/" in sam.get("/talk/other/").text
    assert f"/t/{thread}/" not in sam.get(TALK).text
    assert "This passage has moved to <bdi>Other</bdi>" in sam.get(f"/t/{thread}/").text
    with database.read() as connection:
        said = reading.first_comment(connection, thread)
        found_there = documents.documents_by_ref(connection, [f"comment:{said}"])
    assert [one.page_id for one in found_there.values()] == ["other"]


def test_what_was_said_of_a_changed_passage_stands_beside_both_texts(
    publish: Publish, thread: str, sam: Person
) -> None:
    before = sam.get(f"/t/{thread}/")
    publish(HOME, handing(CALLS.replace("one working day", "two working days")), OTHER)
    after = sam.get(f"/t/{thread}/", **{"If-None-Match": before.headers["ETag"]})
    assert "within <del>one</del><ins>two</ins> working <del>day</del><ins>days</ins>" in after.text
    assert "2 words changed" in after.text


def test_a_removed_page_keeps_what_was_said_and_its_liaisons_see_it_listed(
    publish: Publish, thread: str, sam: Person, somebody: As
) -> None:
    publish(HOME, OTHER)
    assert "Its page was removed." in sam.get(f"/t/{thread}/").text
    assert f"/t/{thread}/attach/" in sam.get("/gone/").text  # his own
    assert f"/t/{thread}/attach/" in somebody("lee").get("/gone/").text
    assert f"/t/{thread}/attach/" not in somebody("mia").get("/gone/").text


def test_a_passage_that_went_with_its_section_says_so(publish: Publish, thread: str, sam: Person) -> None:
    whole = handing()
    publish(HOME, replace(whole, sections=whole.sections[:-1]), OTHER)
    said = sam.get(f"/t/{thread}/").text
    assert "Its section" in said
    assert "was removed or has another name now." in said
    assert "It was taken out or rewritten." not in said


def test_whoever_began_it_says_where_it_belongs(database: Database, publish: Publish, thread: str, sam: Person) -> None:
    publish(HOME, handing("Somebody calls the same day."), OTHER)
    assert "It was taken out or rewritten." in sam.get(f"/t/{thread}/").text
    assert "The text this was about is gone" in sam.get(TALK).text
    assert "Somebody" not in sam.get(f"/t/{thread}/attach/").text  # no words are guessed
    wrong = sam.post(f"/t/{thread}/attach/", section="when", exact="nowhere to be found")
    assert wrong.status_code == 422
    assert sam.post(f"/t/{thread}/attach/", section="when", exact="the same day").status_code == 303
    found = now(database, thread)
    assert (found.fate, found.quote and found.quote.exact) == ("here", "the same day")
    assert "is gone" not in sam.get(f"/t/{thread}/").text
    assert [line["verb"] for line in log(database, "thread.attached")] == ["thread.attached"]
    publish(HOME, handing("Now: somebody calls the same day."), OTHER)
    assert now(database, thread).fate == "here"


def test_publishing_the_same_build_twice_carries_once(
    database: Database, settings: Settings, publish: Publish, thread: str
) -> None:
    changed = (HOME, handing(CALLS.replace("one working day", "two working days")), OTHER)
    build = publish(*changed)
    builds.publish(database, settings, build)
    assert len(log(database, "thread.carried")) == 1
    assert now(database, thread).fate == "changed"


def test_settled_conversations_are_carried_too(database: Database, publish: Publish, thread: str, sam: Person) -> None:
    sam.post(f"/t/{thread}/settle/", reason="Said")
    publish(HOME, handing(f"First of all: {CALLS}"), OTHER)
    found = now(database, thread)
    assert (found.fate, found.quote and found.quote.position) == ("here", CALLS.index(QUOTE) + len("First of all: "))


def test_one_that_began_while_the_build_was_compared_is_carried_with_it(
    database: Database, published: str, thread: str, sam: Person
) -> None:
    """It is worked out within the transaction, since nobody knew of it before."""
    later = {one.id: one for one in (HOME, handing(f"First of all: {CALLS}"), OTHER)}
    earlier = {one.id: one for one in (HOME, handing(), OTHER)}
    with database.read() as connection:
        plan = carrying.plan(connection, "next", later.values(), {published: earlier}.get)
    second = sam.start("And at night?", section="when", exact="one working day")[0].split("/")[2]
    with database.transaction() as connection:
        assert carrying.carry(connection, plan) == 0
    assert [now(database, one).build for one in (thread, second)] == ["next", "next"]


def test_one_that_was_put_elsewhere_while_the_build_was_compared_stays_there(
    database: Database, published: str, thread: str, sam: Person
) -> None:
    pages = {one.id: one for one in (HOME, handing(), OTHER)}
    with database.read() as connection:
        plan = carrying.plan(connection, "next", pages.values(), {published: pages}.get)
    assert sam.post(f"/t/{thread}/attach/", section="when", exact="calls back").status_code == 303
    with database.transaction() as connection:
        carrying.carry(connection, plan)
    assert now(database, thread).quote.exact == "calls back"  # type: ignore[union-attr]


def test_a_section_of_the_same_name_on_another_page_is_another_place(
    database: Database, publish: Publish, thread: str
) -> None:
    whole = handing()
    other = replace(OTHER, sections=(*OTHER.sections, whole.sections[-1]))
    publish(HOME, replace(whole, sections=whole.sections[:-1]), other)
    found = now(database, thread)
    assert (found.fate, found.page, found.section) == ("moved", "other", "when")


def test_a_conversation_about_a_section_that_is_gone_is_not_one_about_a_text_that_is(
    database: Database, publish: Publish, sam: Person
) -> None:
    thread = sam.start("About all of it", section="when")[0].split("/")[2]
    whole = handing()
    publish(HOME, replace(whole, sections=whole.sections[:-1]), OTHER)
    assert "The text this was about is gone" not in sam.get(f"/t/{thread}/").text
    assert log(database, "thread.carried") == []


def test_a_conversation_about_a_section_goes_along_when_that_has_another_name(
    database: Database, publish: Publish, sam: Person
) -> None:
    thread = sam.start("About all of it", section="when")[0].split("/")[2]
    for anchor, title in (("how-soon", "How soon"), ("when", "When, exactly")):
        page = handing()
        section = replace(page.sections[-1], anchor=anchor, title=title)
        publish(HOME, replace(page, sections=(*page.sections[:-1], section)), OTHER)
        with database.read() as connection:
            found = reading.thread(connection, thread)
        assert found
        assert (found.section, found.section_title, found.fate, found.quote) == (anchor, title, "here", None)
    assert log(database, "thread.carried") == []
