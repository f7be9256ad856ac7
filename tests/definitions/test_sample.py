"""The sample activity of definitions: one of each state, on the sample wiki's own pages, and gone without a trace."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from kb_server.activity.storage import activity
from kb_server.db import Database
from kb_server.definitions import publishing, service, storage, verifying, view
from kb_server.definitions.apart.service import tally_of
from kb_server.definitions.apart.storage import sortings
from kb_server.definitions.models import AGREE
from kb_server.definitions.pages import facts_in, facts_of
from kb_server.definitions.sample import SAMPLE
from kb_server.definitions.service import Said
from kb_server.definitions.stories import APART, OLDER, OPEN
from kb_server.people import samples
from kb_server.people import service as people
from kb_server.people.samples import Stage, Taken
from kb_server.web.build import Build, load
from kb_server.writing.models import By

pytestmark = pytest.mark.slow
NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def build(sample: Path) -> Build:
    """The sample wiki."""
    return load(next(path for path in (sample / "builds").iterdir() if path.name.isalnum()))


@pytest.fixture
def stage(database: Database, build: Build) -> Stage:
    with database.read() as connection:
        made = publishing.plan(connection, build.id, build.pages.values(), build.roster, lambda _: None)
    with database.transaction() as connection:
        publishing.publish(connection, made, NOW)
    return Stage(build.roster, build.pages, build.id, NOW)


def states(database: Database, stage: Stage) -> dict[str, str]:
    """How each definition stands, which is what was told of it."""
    facts = facts_in(stage.pages.values())
    with database.read() as connection:
        found = {page: one.state for page, one in service.standings(connection, facts, NOW).items()}
        assert service.states(connection, list(found)) == found
    return {page: str(state) for page, state in found.items()}


def write(database: Database, stage: Stage) -> None:
    with database.transaction() as connection:
        SAMPLE.write(connection, stage)


def remove(database: Database) -> Taken:
    with database.transaction() as connection:
        return SAMPLE.remove(connection)


def tables(database: Database) -> dict[str, list[tuple[object, ...]]]:
    """Everything that is kept of definitions, and what of it is made up."""
    with database.read() as connection:
        return {
            table.name: sorted(map(tuple, connection.execute(sa.select(table))))
            for table in (
                storage.wordings,
                storage.answers,
                storage.versions,
                storage.announced,
                samples.samples,
                sortings,
            )
        }


def test_a_first_visitor_finds_one_of_each_state_and_most_of_them_agreed(database: Database, stage: Stage) -> None:
    write(database, stage)
    found = states(database, stage)
    assert found["marketing-qualified-lead"] == "wording"
    assert found["sales-ready-prospect"] == "differ"
    assert {page for page, state in found.items() if state == "notyet"} == set(OPEN)
    assert Counter(found.values())["agreed"] == len(found) - 3
    with database.read() as connection:
        assert storage.past(connection, "ideal-customer-profile").versions[-1].version == 2
        assert [one.team for one in storage.past(connection, "marketing-qualified-lead").answers][-1] == "marketing"


def test_of_the_sample_leads_the_teams_agree_on_seven_of_ten(database: Database, stage: Stage) -> None:
    write(database, stage)
    page = stage.pages["sales-ready-prospect"]
    facts = facts_of(page)
    assert facts
    with database.read() as connection:
        found = tally_of(connection, page.cases, facts)
    assert [one.case.title for one in found.apart] == ["Lead C, sample", "Lead F, sample", "Lead J, sample"]
    assert (len(found.alike), found.count, found.is_blind) == (7, 10, True)


def test_a_person_of_the_story_brought_the_new_wording_in_whatever_commit_it_came_with(
    database: Database, stage: Stage
) -> None:
    """The sample's own repository knows its commits by people who are nobody in its story."""
    mql, really = "marketing-qualified-lead", "Make the sample a company. " * 70
    with database.transaction() as connection:
        connection.execute(sa.update(storage.wordings).values(commit="c0ffee", why=really))
    before = tables(database)
    write(database, stage)
    with database.read() as connection:
        viewer = view.Viewer(frozenset(), stage.roster)
        facts = facts_of(stage.pages[mql])
        assert facts
        new = view.shown(connection, facts, viewer, NOW).new
    assert new
    assert (new.by, new.why) == ("Lee", "Two of three who register never come, and the calls afterwards went nowhere.")
    remove(database)
    assert tables(database) == before


def test_all_of_it_lies_before_the_first_visit(database: Database, stage: Stage) -> None:
    write(database, stage)
    with database.read() as connection:
        times = [
            at for table in (storage.answers, storage.versions) for at in connection.scalars(sa.select(table.c.at))
        ]
    assert max(times) < "2026-11-24T10:00:00Z"


def test_each_kept_wording_has_the_digest_of_its_text(database: Database, stage: Stage) -> None:
    write(database, stage)
    with database.read() as connection:
        kept = storage.wordings_of(connection, sorted(storage.pages_with_a_wording(connection)))
    assert len(kept) == len(facts_in(stage.pages.values())) + len(OLDER)
    assert all(one.rendered and not verifying.wrongs(one) for one in kept)


def test_what_the_stories_quote_still_stands_on_the_pages(build: Build) -> None:
    for one in OLDER:
        term = build.pages[one.page].term
        assert term
        assert all(one.now in text for text in (term.source, term.html, term.text)), one.page
    assert {one.page for one in APART} | set(OPEN) <= set(build.pages)


def test_it_is_taken_away_without_a_trace_and_all_of_it_begins_anew(database: Database, stage: Stage) -> None:
    before = tables(database)
    write(database, stage)
    taken = remove(database)
    assert tables(database) == before
    assert set(states(database, stage).values()) == {"notyet"}
    assert len(taken.ids) == len(facts_in(stage.pages.values())) - len(OPEN)
    assert not taken.kept
    with database.read() as connection:
        last = connection.scalar(sa.select(activity.c.verb).order_by(activity.c.seq.desc()))
    assert last == "definition.stands"
    assert remove(database) == Taken()


def test_one_of_which_somebody_has_really_said_something_stays(database: Database, stage: Stage) -> None:
    write(database, stage)
    facts = facts_of(stage.pages["marketing-qualified-lead"])
    assert facts
    with database.transaction() as connection:
        person = people.person_for(connection, "sam", stage.roster, NOW)
        by = By(people.actor_of(connection, person, stage.roster), stage.roster, NOW)
        service.say(connection, by, facts, Said("sales", facts.digest, AGREE))
    taken = remove(database)
    assert taken.kept == ("d/marketing-qualified-lead/",)
    assert states(database, stage)["marketing-qualified-lead"] == "agreed"
