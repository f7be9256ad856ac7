"""The sample activity of suggestions: every kind of answer, in both directions, whenever the first visitor comes."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from by_hand import page
from processes import ROOT
from suggesting import House

from kb_server.activity.storage import activity
from kb_server.db import Database
from kb_server.pages.manifest import Page, Section
from kb_server.people.roster import from_data
from kb_server.people.samples import Stage, Taken
from kb_server.people.secret import stamp
from kb_server.suggestions import reading, service
from kb_server.suggestions.dues import LATE, TODAY, Moment
from kb_server.suggestions.models import ASKED, DONE, LIAISON, MORE, NOT_NOW, PLANNED, WAITING, Suggestion
from kb_server.suggestions.sample import SAMPLE
from kb_server.suggestions.stories import STORIES, Story
from kb_server.wiki.teams import load

MOMENTS = {
    "in the middle of a day": datetime(2026, 11, 24, 10, 0, tzinfo=UTC),
    "at night": datetime(2026, 11, 24, 23, 30, tzinfo=UTC),
    "on a Friday afternoon": datetime(2026, 11, 27, 15, 0, tzinfo=UTC),
    "on a Sunday": datetime(2026, 11, 29, 12, 0, tzinfo=UTC),
    "on a holiday": datetime(2027, 1, 1, 12, 0, tzinfo=UTC),
    "when the clocks are changed": datetime(2027, 3, 28, 1, 30, tzinfo=UTC),
}
NOW = MOMENTS["in the middle of a day"]


@pytest.fixture
def house(database: Database) -> House:
    """The people of the sample wiki, with its own hours."""
    return House(database, now=NOW, roster=from_data(load(ROOT / "teams.yml").for_roster()))


def made_of(page_id: str) -> Page:
    plain, anchors = page(page_id), sorted({story.section for story in STORIES if story.page == page_id})
    sections = tuple(Section(one, one, 2, one, one, (1, 2), f"1:{one}") for one in anchors)
    fields = {name: getattr(plain, name) for name in Page.__slots__ if name != "sections"}
    return Page(**fields, sections=(*plain.sections, *sections))


def write(house: House, now: datetime = NOW) -> dict[str, Suggestion]:
    """Play the stories at that moment; gives them by their keys."""
    pages = {one: made_of(one) for one in {story.page for story in STORIES}}
    with house.database.transaction() as connection:
        SAMPLE.write(connection, Stage(house.roster, pages, "b1", now))
        found = {one.title: one for one in reading.samples(connection)}
    return {story.key: found[story.title] for story in STORIES}


def remove(house: House) -> Taken:
    with house.database.transaction() as connection:
        return SAMPLE.remove(connection)


@pytest.mark.parametrize("now", MOMENTS.values(), ids=list(MOMENTS))
def test_whenever_somebody_comes_first_one_is_late_one_due_next_and_all_of_it_lies_before(
    house: House, now: datetime
) -> None:
    found = write(house, now)
    moment = Moment(house.roster, now)
    late, due = found["reasons"], found["desk"]
    assert (late.state, late.passed, late.due < stamp(now)) == (WAITING, LIAISON, True)
    assert moment.clock(late).kind == LATE  # type: ignore[union-attr]
    assert (due.state, due.passed) == (WAITING, "")
    assert stamp(now) < due.due < stamp(now + timedelta(days=5))
    with house.database.read() as connection:
        times = list(
            connection.scalars(
                sa.select(activity.c.at).where(activity.c.verb.like("suggestion.%")).order_by(activity.c.seq)
            )
        )
        (to_marketing, *_) = [one for one in reading.between(connection, "", stamp(now)) if one.to_team == "marketing"]
    assert times == sorted(times)
    assert times[-1] <= stamp(now)
    assert to_marketing.waiting_late == 0


def test_on_a_working_day_one_is_due_today(house: House) -> None:
    clock = Moment(house.roster, NOW).clock(write(house)["desk"])
    assert clock is not None
    assert clock.kind == TODAY


def test_there_is_one_of_every_kind_in_both_directions(house: House) -> None:
    found = write(house)
    assert {one.state for one in found.values()} == {WAITING, MORE, PLANNED, DONE, NOT_NOW, ASKED}
    assert all(one.sample and one.page and one.section for one in found.values())
    done = found["ahead"]
    assert done.quote is not None
    assert "before the first day" in done.quote.exact
    assert found["erp"].votes == 3  # with Nia, whose own joined it
    with house.database.read() as connection:
        between = {(one.from_team, one.to_team): one for one in reading.between(connection, "", stamp(NOW))}
    ours, theirs = between["sales", "marketing"], between["marketing", "sales"]
    assert (ours.in_time, ours.late, ours.waiting, ours.waiting_late, ours.done) == (4, 0, 1, 0, 1)
    assert (theirs.in_time, theirs.late, theirs.waiting, theirs.waiting_late, theirs.done) == (3, 2, 2, 1, 3)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.key)
def test_each_is_about_something_that_stands_in_the_sample_wiki(story: Story) -> None:
    sources = [path.read_text() for path in (ROOT / "docs").rglob("*.md")]
    source = next(text for text in sources if f"\nid: {story.page}\n" in text)
    titles = re.findall(r"^## (.*)$", source, re.MULTILINE)
    assert story.section in {re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-") for title in titles}
    assert not story.was or (story.was not in source and story.now in source)


def test_where_the_wiki_is_another_there_is_less_to_say(house: House) -> None:
    with house.database.transaction() as connection:
        SAMPLE.write(connection, Stage(house.roster, {"first-call": made_of("first-call")}, "b1", NOW))
        assert {one.page for one in reading.samples(connection)} == {"first-call"}


# ── Taking it away ────────────────────────────────────────────────────────


def test_all_of_it_can_be_taken_away(house: House) -> None:
    before, findable = house.written(), house.findable()
    write(house)
    assert house.findable()
    taken = remove(house)
    assert taken.counts == {"suggestions": len(STORIES)}
    assert len(taken.ids) == len(STORIES)
    assert taken.kept == ()
    assert {**house.written(), "log": []} == {**before, "log": []}
    assert house.findable() == findable
    assert house.read(reading.samples) == []


def test_what_somebody_really_did_or_said_stays_and_what_they_only_clicked_goes(house: House) -> None:
    found = write(house)
    house.vote("ada", found["listen"])
    house.say("ada", found["card"], "Words of my own")
    house.act("mia", found["desk"], "decline", words="Not on fair days")
    house.ask("tom", "A real one", to_team="sales", from_team="marketing")
    joined = house.ask("mia", "Another", to_team="sales", from_team="marketing")
    house.act("sam", joined, "join", into=found["criteria"].number)
    taken = remove(house)
    kept = {found[key].number for key in ("card", "desk", "criteria")}
    assert set(taken.kept) == {f"s/{number}/" for number in kept}
    assert taken.counts == {"suggestions": len(STORIES) - 3}
    there = {one.number for one in house.read(reading.listed, reading.Filter(), most=100)}
    assert there == kept | {joined.number, joined.number - 1}
    assert house.one(found["card"]).sample


def test_what_a_kept_one_has_joined_stays_too(house: House) -> None:
    found = write(house)
    house.say("ada", found["systems"], "Words of my own")
    assert set(remove(house).kept) == {f"s/{found[key].number}/" for key in ("systems", "erp")}


def test_nobody_made_up_agrees_any_more_with_what_is_kept(house: House) -> None:
    erp = write(house)["erp"]
    house.say("ada", erp, "Words of my own")
    remove(house)
    assert house.one(erp).votes == house.read(reading.count_voters, erp.number) == erp.votes - 1


def test_taking_ones_words_back_lets_it_go(house: House) -> None:
    found = write(house)
    said = house.say("ada", found["card"], "Words of my own")
    house.do(service.delete_remark, "ada", said)
    assert remove(house).kept == ()
