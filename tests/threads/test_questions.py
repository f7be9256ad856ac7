"""A question owes its asker an answer in time: when its clock runs, what stops it, and who is told when it is late."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from kb_server.activity.storage import THE_CLOCK, Event, events_of
from kb_server.db import Database
from kb_server.people import samples
from kb_server.people import service as people
from kb_server.people.roster import Listed, Roster, Team
from kb_server.people.secret import stamp
from kb_server.threads import reading, service
from kb_server.threads.models import Question, Thread, Topic
from kb_server.ticking import tick
from kb_server.writing.models import By, Place, Said

MONDAY = datetime(2026, 11, 23, 10, tzinfo=UTC)
TUESDAY, WEDNESDAY, THURSDAY = (MONDAY + timedelta(days=days) for days in (1, 2, 3))
SECOND = timedelta(seconds=1)
PEOPLE = {"sam": ("sales",), "nia": ("sales",), "mia": ("marketing",), "lee": (), "otto": ()}
ROSTER = Roster(
    {
        "sales": Team("sales", "Sales", "blue", speakers=("sam",)),
        "marketing": Team("marketing", "Marketing", "plum", speakers=("mia",), liaisons=("lee",)),
        "board": Team("board", "Board", "slate"),
    },
    {name: Listed(name, name.title(), teams=teams) for name, teams in PEOPLE.items()},
)


def place(*teams: str, owner: str = "", page: str = "handing") -> Place:
    return Place(page, page.title(), f"{page}/", teams=teams, owner=owner)


HERE = place("marketing")


class Talk:
    """A question asked by Otto on Monday at ten on a page of Marketing, and what becomes of it."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def by(self, handle: str, now: datetime) -> By:
        with self.database.transaction() as connection:
            person = people.person_for(connection, handle, ROSTER, now)
            return By(people.actor_of(connection, person, ROSTER), ROSTER, now)

    def ask(self, where: Place = HERE, kind: str = "question", who: str = "otto") -> Thread:
        by = self.by(who, MONDAY)
        with self.database.transaction() as connection:
            said = service.start(connection, by, Topic(where, kind), Said("Who takes leads in August?"))
            return service.thread_of(connection, said)

    def now(self, thread: Thread) -> Thread:
        with self.database.read() as connection:
            found = reading.thread(connection, thread.id)
        assert found
        return found

    def question(self, thread: Thread) -> Question | None:
        return self.now(thread).question

    def answer(self, thread: Thread, who: str, now: datetime = TUESDAY, where: Place = HERE) -> str:
        by = self.by(who, now)
        with self.database.transaction() as connection:
            service.answer(connection, by, self.now(thread), where, Said(f"{who} says something at {now}"))
        question = self.question(thread)
        return question.in_time if question else ""

    def does(self, what: str, thread: Thread, now: datetime, *more: object, who: str = "mia") -> Question | None:
        by, doing = self.by(who, now), getattr(service, what)
        with self.database.transaction() as connection:
            doing(connection, by, self.now(thread), HERE, *more)
        return self.question(thread)

    def tick(self, now: datetime) -> list[str]:
        return [one.to for one in tick(self.database, ROSTER, (), now)]

    def told(self, verb: str) -> list[Event]:
        with self.database.read() as connection:
            return events_of(connection, (verb,), 100)[::-1]


@pytest.fixture
def talk(database: Database) -> Talk:
    return Talk(database)


def test_a_question_is_due_by_the_calendar_of_the_page_s_team(talk: Talk) -> None:
    assert talk.question(talk.ask()) == Question("marketing", stamp(WEDNESDAY))
    assert talk.told("thread.started")[0].data["due"] == stamp(WEDNESDAY)


@pytest.mark.parametrize("kind", ["wrong", "idea"])
def test_nothing_else_that_is_said_is_due(talk: Talk, kind: str) -> None:
    assert talk.question(talk.ask(kind=kind)) is None
    assert "due" not in talk.told("thread.started")[0].data


@pytest.mark.parametrize(
    ("where", "team"),
    [
        (place("board", "marketing", "sales"), "marketing"),
        (place("marketing", "sales", owner="nia"), "sales"),
        (place("marketing", owner="nia"), "marketing"),
        (place("board"), "board"),
    ],
)
def test_the_owner_s_team_owes_the_answer_else_the_first_that_has_a_speaker(
    talk: Talk, where: Place, team: str
) -> None:
    found = talk.question(talk.ask(where))
    assert found
    assert found.team == team


def test_the_asker_s_own_team_owes_the_answer_only_where_there_is_no_other(talk: Talk) -> None:
    found = [talk.question(talk.ask(where, who="sam")) for where in (place("sales", "marketing"), place("sales"))]
    assert [one.team for one in found if one] == ["marketing", "sales"]


def test_what_a_colleague_of_the_asker_says_is_no_answer_for_the_other_teams(talk: Talk) -> None:
    where = place("sales", "marketing", "board")
    thread = talk.ask(where, who="sam")
    assert talk.answer(thread, "nia", where=where) == ""
    assert talk.answer(thread, "mia", where=where) == "yes"


def test_an_answer_of_another_team_of_the_page_counts_too(talk: Talk) -> None:
    where = place("marketing", "sales")
    thread = talk.ask(where)
    assert talk.question(thread) == Question("marketing", stamp(WEDNESDAY))
    assert talk.answer(thread, "nia", where=where) == "yes"


@pytest.mark.parametrize("where", [place(), place("dissolved")])
def test_on_a_page_of_no_team_nobody_owes_an_answer_by_a_time(talk: Talk, where: Place) -> None:
    assert talk.question(talk.ask(where)) is None


@pytest.mark.parametrize("who", ["mia", "lee"])
def test_the_first_answer_of_the_page_s_people_stops_the_clock(talk: Talk, who: str) -> None:
    thread = talk.ask()
    assert talk.answer(thread, who) == "yes"
    assert talk.tick(THURSDAY + SECOND) == []
    assert talk.told("comment.posted")[0].data["answers"] is True


def test_the_owner_s_answer_stops_it_whatever_team_they_are_in(talk: Talk) -> None:
    where = place("marketing", owner="otto")
    assert talk.answer(talk.ask(where, who="sam"), "otto", where=where) == "yes"


@pytest.mark.parametrize("who", ["otto", "sam"])
def test_what_somebody_else_says_or_whoever_asked_is_no_answer(talk: Talk, who: str) -> None:
    thread = talk.ask()
    assert talk.answer(thread, who) == ""
    assert talk.tick(WEDNESDAY + SECOND) == ["liaison"]


def test_a_member_s_own_question_is_not_answered_by_asking_on(talk: Talk) -> None:
    assert talk.answer(talk.ask(who="mia"), "mia") == ""


def test_settling_it_stops_the_clock_too(talk: Talk) -> None:
    settled = talk.does("settle", talk.ask(), WEDNESDAY, "Asked around.", who="otto")
    assert settled
    assert settled.in_time == "yes"
    assert talk.tick(THURSDAY + SECOND) == []


def test_a_late_question_is_passed_to_the_liaison_and_then_to_the_head(talk: Talk) -> None:
    thread = talk.ask()
    assert talk.tick(WEDNESDAY) == []
    assert talk.tick(WEDNESDAY + SECOND) == ["liaison"]
    assert talk.tick(THURSDAY + SECOND) == ["head"]
    assert talk.tick(THURSDAY + 2 * SECOND) == []
    assert [line.data["passed"] for line in talk.told("thread.late")] == ["liaison", "head"]
    assert {line.actor for line in talk.told("thread.late")} == {THE_CLOCK}
    assert talk.answer(thread, "mia", THURSDAY + 3 * SECOND) == "no"


def test_whoever_has_the_page_learns_that_it_is_late(talk: Talk) -> None:
    thread = talk.ask()
    with talk.database.read() as connection:
        before = reading.standing(connection, thread.page)
    talk.tick(WEDNESDAY + SECOND)
    with talk.database.read() as connection:
        assert reading.standing(connection, thread.page) != before


def test_asking_on_after_an_answer_does_not_start_it_again(talk: Talk) -> None:
    thread = talk.ask()
    talk.answer(thread, "mia")
    assert talk.answer(thread, "otto", WEDNESDAY) == "yes"
    assert talk.tick(THURSDAY + SECOND) == []


def test_a_question_that_is_opened_again_is_due_anew(talk: Talk) -> None:
    thread = talk.ask()
    talk.does("settle", thread, MONDAY, "It is in the minutes.")
    assert talk.does("reopen", thread, TUESDAY) == Question("marketing", stamp(THURSDAY))
    assert talk.told("thread.reopened")[0].data["due"] == stamp(THURSDAY)


def test_a_question_that_is_moved_is_due_anew_only_where_another_team_owes_the_answer(talk: Talk) -> None:
    thread = talk.ask()
    same = talk.does("move", thread, TUESDAY, place("marketing", "sales", page="elsewhere"))
    assert same == Question("marketing", stamp(WEDNESDAY))
    assert talk.does("move", thread, TUESDAY, place("sales")) == Question("sales", stamp(THURSDAY))
    assert talk.does("move", thread, TUESDAY, place(page="nowhere")) is None
    assert talk.tick(THURSDAY + SECOND) == []


def test_what_is_made_up_for_a_first_visitor_is_passed_to_nobody(talk: Talk) -> None:
    thread = talk.ask()
    with talk.database.transaction() as connection:
        samples.mark(connection, [thread.id])
    assert talk.tick(THURSDAY + SECOND) == []


def test_a_question_that_was_taken_back_is_never_late(talk: Talk) -> None:
    thread, by = talk.ask(), talk.by("otto", TUESDAY)
    with talk.database.transaction() as connection:
        said = reading.comment(connection, reading.first_comment(connection, thread.id))
        assert said
        service.delete(connection, by, said, HERE)
    assert talk.tick(THURSDAY + SECOND) == []
