"""Late suggestions are passed on once, in order, whoever looks at the clock, and whatever happens meanwhile."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
from by_hand import page
from stores import patiently

from kb_server.activity.storage import THE_CLOCK, Event, events_of
from kb_server.clock import Calendar
from kb_server.config import Settings
from kb_server.db import Database
from kb_server.people import samples
from kb_server.people import service as people
from kb_server.people.roster import Listed, Roster, Team
from kb_server.people.secret import stamp
from kb_server.suggestions import acts, service, ticking
from kb_server.suggestions.models import Asking, Given, Suggestion
from kb_server.writing.models import By, Said
from kb_server.writing.ticking import Waiting, tick

MONDAY = datetime(2026, 11, 23, 10, tzinfo=UTC)
WEDNESDAY, THURSDAY = MONDAY + timedelta(days=2), MONDAY + timedelta(days=3)
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
NAMES = {"sam": "sales", "mia": "marketing", "tom": "marketing", "lee": "sales"}
ROSTER = Roster(
    {key: Team(key, key.title(), "blue", liaisons=("lee",)) for key in ("sales", "marketing")},
    {name: Listed(name, name.title(), teams=(team,)) for name, team in NAMES.items()},
)


class Wiki:
    """Two teams that work from nine to five and have sixteen hours to answer: asked on Monday, due on Wednesday."""

    def __init__(self, database: Database) -> None:
        self.database, self.roster = database, ROSTER

    def by(self, handle: str, now: datetime) -> By:
        with self.database.transaction() as connection:
            person = people.person_for(connection, handle, ROSTER, now)
            return By(people.actor_of(connection, person, ROSTER), self.roster, now)

    def ask(self, words: str = "One slide on pricing", now: datetime = MONDAY) -> Suggestion:
        by = self.by("sam", now)
        with self.database.transaction() as connection:
            return service.ask(connection, by, Asking(Said(words), "marketing", "sales"))

    def act(self, handle: str, act: str, now: datetime, number: int = 1, **given: str) -> Suggestion:
        by, before = self.by(handle, now), self.suggestion(number)
        with self.database.transaction() as connection:
            return service.act(connection, by, before, Given(act, version=before.version, **given))

    def hide(self) -> None:
        by, before = self.by("lee", WEDNESDAY), self.suggestion()
        with self.database.transaction() as connection:
            service.hide(connection, by, before)

    def suggestion(self, number: int = 1) -> Suggestion:
        with self.database.read() as connection:
            found = service.suggestion(connection, number)
        assert found
        return found

    def tick(self, now: datetime) -> list[tuple[str, str]]:
        return [(one.id, one.to) for one in tick(self.database, self.roster, [ticking.CLOCKED], now)]

    def told(self, verb: str = "suggestion.late") -> list[Event]:
        with self.database.read() as connection:
            return events_of(connection, (verb,), 1_000)[::-1]

    def work(self, **calendar: object) -> None:
        team = ROSTER.teams["marketing"]
        changed = replace(team, calendar=replace(team.calendar, **calendar))
        self.roster = Roster({**ROSTER.teams, "marketing": changed}, ROSTER.people)


def die_at_the_second_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the log, before it is written."""
    log, lines = acts.log, 0

    def dies(*given: object, **named: object) -> None:
        nonlocal lines
        lines += 1
        if lines == 2:
            raise SystemExit
        log(*given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(acts, "log", dies)


@pytest.fixture
def wiki(database: Database) -> Wiki:
    return Wiki(database)


def test_an_answer_is_late_from_the_second_after_it_was_due(wiki: Wiki) -> None:
    wiki.ask()
    assert wiki.suggestion().due == stamp(WEDNESDAY)
    assert wiki.tick(WEDNESDAY) == []
    assert wiki.tick(WEDNESDAY + SECOND) == [("1", "liaison")]
    assert wiki.suggestion().passed == "liaison"


def test_after_half_the_time_more_it_is_passed_to_the_head(wiki: Wiki) -> None:
    wiki.ask()
    wiki.tick(WEDNESDAY + SECOND)
    assert wiki.tick(THURSDAY) == []
    assert wiki.tick(THURSDAY + SECOND) == [("1", "head")]
    assert wiki.tick(THURSDAY + 100 * DAY) == []


def test_each_is_passed_on_once_however_often_somebody_looks(wiki: Wiki) -> None:
    wiki.ask()
    for minute in range(5):
        wiki.tick(THURSDAY + timedelta(minutes=minute + 1))
    assert [line.data["passed"] for line in wiki.told()] == ["liaison", "head"]


def test_the_log_says_it_of_the_clock_and_in_ids_alone(wiki: Wiki) -> None:
    wiki.ask()
    wiki.tick(WEDNESDAY + SECOND)
    (line,) = wiki.told()
    assert (line.actor, line.subject, line.at) == (THE_CLOCK, "S-1", stamp(WEDNESDAY + SECOND))
    assert line.data.items() >= {"number": 1, "from": "sales", "to": "marketing", "passed": "liaison"}.items()
    assert "slide" not in str(line)


def test_what_became_late_while_nobody_looked_is_said_in_the_order_in_which_it_did(wiki: Wiki) -> None:
    """The first asked is due on Wednesday and goes to the head on Thursday; the second is due in between."""
    wiki.ask("First")
    wiki.ask("Second", MONDAY + timedelta(hours=2))
    assert wiki.tick(MONDAY + 30 * DAY) == [("1", "liaison"), ("2", "liaison"), ("1", "head"), ("2", "head")]


def test_what_was_answered_is_never_late(wiki: Wiki) -> None:
    wiki.ask()
    answered = wiki.act("mia", "decline", WEDNESDAY, words="Not this year.")
    assert answered.in_time == "yes"
    assert wiki.tick(MONDAY + 30 * DAY) == []


def test_while_more_is_needed_the_clock_stands_still(wiki: Wiki) -> None:
    wiki.ask()
    assert wiki.act("mia", "ask", MONDAY + DAY, words="For whom?").left == 8 * 3600
    assert wiki.tick(MONDAY + 30 * DAY) == []
    wiki.act("sam", "tell", MONDAY + 7 * DAY, words="For everybody.")
    assert wiki.suggestion().due == stamp(MONDAY + 8 * DAY)
    assert wiki.tick(MONDAY + 8 * DAY) == []
    assert wiki.tick(MONDAY + 8 * DAY + SECOND) == [("1", "liaison")]


def test_a_clock_that_jumps_back_unsays_nothing(wiki: Wiki) -> None:
    wiki.ask()
    wiki.tick(WEDNESDAY + SECOND)
    assert wiki.tick(MONDAY) == wiki.tick(WEDNESDAY + 2 * SECOND) == []
    assert len(wiki.told()) == 1


def test_what_is_made_up_for_a_first_visitor_is_passed_to_nobody(wiki: Wiki) -> None:
    wiki.ask()
    with wiki.database.transaction() as connection:
        samples.mark(connection, ["S-1"])
    assert wiki.tick(THURSDAY + SECOND) == []


def test_without_a_list_of_teams_nothing_is_passed_on(wiki: Wiki) -> None:
    wiki.ask()
    wiki.roster = Roster()
    assert wiki.tick(MONDAY + 30 * DAY) == []


# ── Calendars that change ─────────────────────────────────────────────────


def test_a_holiday_added_later_gives_the_team_that_day_back(wiki: Wiki) -> None:
    wiki.ask()
    wiki.tick(MONDAY)
    wiki.work(holidays=frozenset({date(2026, 11, 24)}))
    assert wiki.tick(WEDNESDAY + SECOND) == []
    assert wiki.suggestion().due == stamp(THURSDAY)
    assert [line.data["due"] for line in wiki.told("suggestion.due_changed")] == [stamp(THURSDAY)]
    assert wiki.tick(THURSDAY + SECOND) == [("1", "liaison")]


def test_a_new_calendar_is_followed_to_the_end_though_somebody_was_killed_in_between(
    wiki: Wiki, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kb_server.writing.ticking.AT_ONCE", 1)
    for number in range(3):
        wiki.ask(f"Number {number}")
    wiki.tick(MONDAY)
    wiki.work(holidays=frozenset({date(2026, 11, 24)}))
    die_at_the_second_line(monkeypatch)
    with pytest.raises(SystemExit):
        wiki.tick(MONDAY)
    assert [wiki.suggestion(number).due for number in (1, 2, 3)] == [
        stamp(day) for day in (THURSDAY, WEDNESDAY, WEDNESDAY)
    ]
    wiki.tick(MONDAY)
    assert {wiki.suggestion(number).due for number in (1, 2, 3)} == {stamp(THURSDAY)}
    assert len(wiki.told("suggestion.due_changed")) == 3


def test_a_new_calendar_is_followed_once_and_comes_too_early_for_nobody(wiki: Wiki) -> None:
    """Who asks by the new one before anybody has looked at the clock has asked by the new one."""
    wiki.tick(MONDAY)
    wiki.work(zone="America/New_York", allowance=4 * 3600)
    due = wiki.ask().due
    wiki.tick(MONDAY + timedelta(minutes=1))
    wiki.tick(MONDAY + timedelta(minutes=2))
    assert wiki.suggestion().due == due
    assert wiki.told("suggestion.due_changed") == []


def test_a_new_calendar_moves_nothing_that_was_answered_or_passed_on(wiki: Wiki) -> None:
    wiki.ask("Answered")
    wiki.ask("Late")
    wiki.act("mia", "decline", MONDAY, number=1, words="Not this year.")
    wiki.tick(WEDNESDAY + SECOND)
    before = wiki.suggestion(1), wiki.suggestion(2)
    wiki.work(holidays=frozenset({date(2026, 11, 24)}))
    wiki.tick(WEDNESDAY + 2 * SECOND)
    assert (wiki.suggestion(1), wiki.suggestion(2)) == before


def test_a_team_that_is_no_more_has_the_hours_of_most_people(wiki: Wiki) -> None:
    wiki.ask()
    wiki.roster = Roster({"sales": ROSTER.teams["sales"]}, ROSTER.people)
    assert wiki.tick(THURSDAY + SECOND) == [("1", "liaison"), ("1", "head")]
    assert ROSTER.teams["marketing"].calendar == Calendar()


# ── Several at once, and killed in between ────────────────────────────────


def test_two_that_look_at_once_say_everything_once(wiki: Wiki) -> None:
    for number in range(8):
        wiki.ask(f"Number {number}")
    together = threading.Barrier(2)

    def look() -> list[tuple[str, str]]:
        together.wait()
        return patiently(lambda: wiki.tick(WEDNESDAY + SECOND))

    with ThreadPoolExecutor(2) as both:
        one, other = (each.result() for each in [both.submit(look) for _ in range(2)])
    assert sorted(one + other) == [(str(number), "liaison") for number in range(1, 9)]
    assert len(wiki.told()) == 8


@pytest.mark.parametrize("what", ["answer", "hide"])
def test_what_comes_while_somebody_looks_wins(wiki: Wiki, what: str) -> None:
    """It was read as late, and is answered or hidden before that is written."""
    wiki.ask()
    does = {"answer": lambda: wiki.act("mia", "decline", WEDNESDAY, words="Not this year."), "hide": wiki.hide}

    def late(connection: sa.Connection, now: str) -> Sequence[Waiting]:
        found = ticking.CLOCKED.late(connection, now)
        with ThreadPoolExecutor(1) as another:
            another.submit(does[what]).result()
        return found

    meanwhile = replace(ticking.CLOCKED, late=late)
    assert tick(wiki.database, wiki.roster, [meanwhile], WEDNESDAY + SECOND) == []
    assert (wiki.suggestion().passed, wiki.told()) == ("", [])
    assert wiki.tick(THURSDAY + SECOND) == []


def test_what_is_killed_in_between_is_done_by_the_next(wiki: Wiki, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(3):
        wiki.ask(f"Number {number}")
    die_at_the_second_line(monkeypatch)
    with pytest.raises(SystemExit):
        wiki.tick(WEDNESDAY + SECOND)
    assert [wiki.suggestion(number).passed for number in (1, 2, 3)] == ["liaison", "", ""]
    assert wiki.tick(WEDNESDAY + SECOND) == [("2", "liaison"), ("3", "liaison")]
    assert [line.subject for line in wiki.told()] == ["S-1", "S-2", "S-3"]


# ── By hand ───────────────────────────────────────────────────────────────


@pytest.mark.slow
def test_an_operator_ticks_and_reads_what_was_passed_on(
    wiki: Wiki, settings: Settings, publish: Callable[..., str]
) -> None:
    publish(page("home", url=""))
    wiki.ask(now=MONDAY - 70 * DAY)

    def run(*words: str) -> str:
        environment = {"KB_DATA_DIR": str(settings.data_dir), "KB_DATABASE_URL": settings.database_url}
        command = [sys.executable, "-c", "from kb_server.cli import main; main()", "tick", *words]
        done = subprocess.run(command, env=os.environ | environment, capture_output=True, text=True, check=True)
        return done.stdout

    due = stamp(WEDNESDAY - 70 * DAY)
    said = {"kind": "suggestion", "id": "1", "team": "marketing", "due": due}
    assert json.loads(run("--json")) == [said | {"to": to} for to in ("liaison", "head")]
    assert run() == "Nothing became late.\n"
