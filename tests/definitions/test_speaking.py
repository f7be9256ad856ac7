"""Teams agree to what a word means, through people who speak for them; on both databases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
from counting import counted

from kb_server.activity.storage import activity
from kb_server.db import Database
from kb_server.definitions import service, storage, view
from kb_server.definitions.models import AGREE, BACK, NOT_YET, RENEWED, WORDING_ONLY, Facts, Says, Standing, Wording
from kb_server.definitions.service import Reworded, Said
from kb_server.errors import Forbidden, Invalid
from kb_server.people.models import Actor
from kb_server.people.roster import Roster, Team
from kb_server.writing.models import By

OLD, NEW = "1:old", "1:new"
MQL = Facts("mql", OLD, ("sales", "marketing"), examples=("a", "b"))
MONDAY = datetime(2026, 11, 16, 9, tzinfo=UTC)
TEAMS = {"sam": "sales", "mia": "marketing", "otto": "success"}


class Room:
    """The people, a store, and a clock that goes on by an hour with everything somebody says."""

    def __init__(self, database: Database) -> None:
        self.database, self.now = database, MONDAY

    def by(self, handle: str) -> By:
        speaks = frozenset(TEAMS[one] for one in (handle,) if one in TEAMS)
        liaison = frozenset({"sales", "marketing"}) if handle == "lee" else frozenset()
        actor = Actor(f"p_{handle}", handle, handle, speaks | liaison, speaks, liaison, handle == "ada", reads=True)
        self.now += timedelta(hours=1)
        return By(actor, Roster(), self.now)

    def say(self, handle: str, says: Says = AGREE, facts: Facts = MQL, reason: str = "", own: str = "") -> Standing:
        said = Said(TEAMS[handle], facts.digest, says, reason, own)
        with self.database.transaction() as connection:
            return service.say(connection, self.by(handle), facts, said)

    def declare(self, handle: str, facts: Facts) -> Standing:
        with self.database.transaction() as connection:
            storage.keep(connection, [wording(OLD, "A lead must not wait."), wording(NEW, "A lead mustn't wait.")])
            return service.declare(connection, self.by(handle), facts, OLD, "en")

    def asked(self, handle: str, facts: Facts = MQL) -> tuple[str, ...]:
        """The teams for which the page offers somebody to say that they agree."""
        roster = Roster({team: Team(team, team, "blue") for team in facts.teams})
        viewer = view.Viewer(frozenset({TEAMS[handle]}), roster)
        with self.database.read() as connection:
            return tuple(team.id for team in view.shown(connection, facts, viewer, self.now).asked)

    def settle(self, facts: Facts = MQL, days: float = 0) -> Standing:
        self.now += timedelta(days=days)
        with self.database.transaction() as connection:
            return service.settle(connection, facts, self.now)

    def log(self) -> list[str]:
        with self.database.read() as connection:
            return list(connection.scalars(sa.select(activity.c.verb).order_by(activity.c.seq)))

    def versions(self) -> list[tuple[int, str, str]]:
        with self.database.read() as connection:
            return [(one.version, one.digest, one.how) for one in storage.past(connection, "mql").versions]


def wording(digest: str, text: str) -> Wording:
    return Wording("mql", digest, text, f"<p>{text}</p>", text, "build", "2026-11-16T09:00:00Z")


@pytest.fixture
def room(database: Database) -> Room:
    return Room(database)


def agreed(room: Room) -> Room:
    room.say("sam")
    assert room.say("mia").state == "agreed"
    return room


def test_version_1_comes_into_force_when_both_have_agreed(room: Room) -> None:
    agreed(room)
    assert room.versions() == [(1, OLD, "agreed")]
    assert room.log() == [
        "definition.stands",
        "definition.agreed",
        "definition.agreed",
        "definition.in_force",
        "definition.stands",
    ]


@pytest.mark.parametrize(
    ("handle", "team"), [("sam", "marketing"), *((one, "sales") for one in ("nia", "tom", "lee", "ada", "otto"))]
)
def test_only_who_speaks_for_a_team_speaks_for_it(room: Room, handle: str, team: str) -> None:
    with room.database.transaction() as connection, pytest.raises(Forbidden):
        service.say(connection, room.by(handle), MQL, Said(team, OLD, AGREE))


def test_a_team_it_does_not_concern_has_no_say(room: Room) -> None:
    with pytest.raises(Invalid, match="does not concern"):
        room.say("otto")


def test_not_yet_wants_a_reason_or_a_text(room: Room) -> None:
    with pytest.raises(Invalid):
        room.say("sam", NOT_YET)
    assert room.say("sam", NOT_YET, reason="Two weeks are too short").state == "notyet"
    assert room.say("sam", NOT_YET, own="Who told us a budget.").state == "differ"


def test_agreeing_to_a_text_that_has_changed_meanwhile_is_told(room: Room) -> None:
    with room.database.transaction() as connection, pytest.raises(Reworded) as raised:
        service.say(connection, room.by("sam"), replace(MQL, digest=NEW), Said("sales", OLD, AGREE))
    assert raised.value.digest == NEW
    assert room.log() == []


def test_saying_the_same_twice_says_it_once(room: Room) -> None:
    room.say("sam")
    before = room.log()
    room.say("sam")
    assert room.log() == before


def test_an_agreement_can_be_taken_back_and_given_again(room: Room) -> None:
    agreed(room)
    assert room.say("sam", BACK).state == "notyet"
    assert room.say("sam").state == "agreed"
    assert room.versions() == [(1, OLD, "agreed")]
    assert room.log()[-2:] == ["definition.agreed", "definition.stands"]


def test_what_was_not_given_cannot_be_taken_back(room: Room) -> None:
    with pytest.raises(Invalid, match="no agreement"):
        room.say("sam", BACK)


def test_a_new_wording_becomes_version_2_when_both_agree_to_it(room: Room) -> None:
    agreed(room)
    new = replace(MQL, digest=NEW)
    assert room.settle(new).state == "wording"
    assert room.say("mia", facts=new).state == "wording"
    assert room.say("sam", facts=new).state == "agreed"
    assert room.versions() == [(1, OLD, "agreed"), (2, NEW, "agreed")]


def test_each_change_is_told_once(room: Room) -> None:
    agreed(room)
    new = replace(MQL, digest=NEW)
    for facts in (new, new, MQL, MQL, new):
        room.settle(facts)
    assert room.log().count("definition.stands") == 2 + 3


def test_wording_only_holds_after_seven_days_and_keeps_its_number(room: Room) -> None:
    agreed(room)
    new = replace(MQL, digest=NEW)
    room.settle(new)
    assert room.declare("lee", new).pending
    assert room.settle(new, days=6.9).state == "wording"
    assert room.settle(new, days=0.2).state == "agreed"
    assert room.settle(new).force
    assert room.versions() == [(1, OLD, "agreed"), (1, NEW, WORDING_ONLY)]
    assert room.log().count("definition.in_force") == 2


def test_one_objection_reopens_what_was_declared(room: Room) -> None:
    agreed(room)
    new = replace(MQL, digest=NEW)
    room.settle(new)
    room.declare("lee", new)
    assert room.say("sam", NOT_YET, new, reason="Ninety is not thirty").pending is None
    assert room.settle(new, days=30).state == "wording"
    assert "definition.objected" in room.log()


@pytest.mark.parametrize("handle", ["nia", "tom", "ada", "otto"])
def test_only_who_sees_to_it_declares(room: Room, handle: str) -> None:
    agreed(room)
    with pytest.raises(Forbidden):
        room.declare(handle, replace(MQL, digest=NEW))


def test_there_must_be_something_to_declare(room: Room) -> None:
    with pytest.raises(Invalid):
        room.declare("lee", MQL)
    agreed(room)
    with pytest.raises(Invalid):
        room.declare("lee", MQL)


def test_a_new_example_voids_nothing_and_is_taken_in_when_all_look_again(room: Room) -> None:
    agreed(room)
    more = replace(MQL, examples=("a", "b", "c"))
    assert room.settle(more).state == "agreed"
    room.say("sam", facts=more)
    assert len(room.versions()) == 1
    assert room.say("mia", facts=more).state == "agreed"
    assert room.versions()[1:] == [(1, OLD, RENEWED)]


def test_it_is_told_once_that_it_is_due_for_a_fresh_look(room: Room) -> None:
    agreed(room)
    due = replace(MQL, review=date(2026, 11, 20))
    assert not room.settle(due).is_due
    assert room.settle(due, days=7).is_due
    room.settle(due, days=1)
    assert room.log().count("definition.due") == 1
    assert room.asked("sam", due) == ("sales",)
    room.say("sam", facts=due)
    assert (room.asked("sam", due), room.asked("mia", due)) == ((), ("marketing",))
    assert room.log().count("definition.agreed") == 3
    room.say("sam", facts=due)
    assert room.log().count("definition.agreed") == 3
    assert not room.say("mia", facts=due).is_due


def test_the_first_publication_of_a_wording_is_kept(room: Room) -> None:
    def wording(digest: str, build: str) -> Wording:
        return Wording("mql", digest, "A *contact*.", "<p>A contact.</p>", "A contact.", build, "2026-11-16T09:00:00Z")

    for build in ("one", "two"):
        with room.database.transaction() as connection:
            storage.keep(connection, [wording(OLD, build)])
    with room.database.read() as connection:
        kept = storage.wording(connection, "mql", OLD)
        assert kept
        assert kept.build == "one"
        assert storage.wording(connection, "mql", NEW) is None


def test_how_many_stand_is_asked_in_as_many_queries_as_how_one_does(room: Room) -> None:
    def queries(facts: Sequence[Facts]) -> int:
        with counted(room.database) as said, room.database.read() as connection:
            service.standings(connection, facts, room.now)
        return len(said)

    agreed(room)
    many = [replace(MQL, page=f"term-{number}") for number in range(700)]
    assert queries([MQL]) == queries(many) == len(storage.PARTS) + 1
