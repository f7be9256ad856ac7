"""Working time over summer and winter time, year ends and leap days: what must hold whatever the calendar."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb_server.clock import NEVER, Calendar, due, worked
from kb_server.clock.calendar import from_data, to_data

ZONES = (
    *("UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Chatham"),
    *("Africa/Casablanca", "America/St_Johns", "America/Havana", "Pacific/Apia", "Asia/Beirut", "Pacific/Kiritimati"),
)
SHIFTS = (  # near these everybody's clocks were changed, or a year ended, or a day was left out
    *("2026-03-29", "2026-10-25", "2026-03-08", "2026-11-01", "2026-10-04", "2026-04-05", "2026-02-15"),
    *("2025-12-31", "2023-12-31", "2024-02-28", "2011-12-29", "2010-11-06", "2024-03-31", "2024-10-27"),
)
ALL_DAY = (((0, 1440),),) * 7
BERLIN = Calendar("Europe/Berlin")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def local(text: str, zone: str = "Europe/Berlin") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


# ── By example ────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("start", "hours", "then"),
    [
        ("2026-11-23T10:00", 16, "2026-11-25T10:00"),
        ("2026-11-20T16:00", 2, "2026-11-23T10:00"),  # over a weekend
        ("2026-11-20T19:00", 1, "2026-11-23T10:00"),  # asked in the evening
        ("2026-11-23T09:00", 8, "2026-11-23T17:00"),  # to the very end, not to the next morning
        ("2026-11-23T17:00", 1, "2026-11-24T10:00"),
        ("2026-11-23T17:00", 0, "2026-11-23T17:00"),
        ("2026-11-23T17:01", 0, "2026-11-24T09:00"),
        ("2026-12-31T16:00", 2, "2027-01-01T10:00"),  # nobody said that it is a holiday
        ("2028-02-28T16:00", 9, "2028-02-29T17:00"),
        ("2026-03-27T16:00", 2, "2026-03-30T10:00"),  # the clocks went forward in between
    ],
)
def test_an_answer_is_due_after_so_many_working_hours(start: str, hours: int, then: str) -> None:
    assert due(BERLIN, local(start), hours * 3600) == local(then)


def test_nobody_works_on_a_holiday_and_some_come_every_year() -> None:
    off = replace(BERLIN, holidays=frozenset({date(2026, 12, 24)}), yearly=frozenset({(12, 25), (1, 1)}))
    assert due(off, local("2026-12-23T16:00"), 2 * 3600) == local("2026-12-28T10:00")
    assert due(off, local("2027-12-23T16:00"), 2 * 3600) == local("2027-12-24T10:00")
    assert due(off, local("2026-12-31T16:00"), 2 * 3600) == local("2027-01-04T10:00")


@pytest.mark.parametrize(
    ("day", "zone", "hours"),
    [
        ("2026-03-29", "Europe/Berlin", 23),
        ("2026-10-25", "Europe/Berlin", 25),
        ("2026-10-04", "Australia/Lord_Howe", 23.5),
        ("2011-12-30", "Pacific/Apia", 0),  # a day that never was
    ],
)
def test_a_day_has_as_many_hours_as_its_clocks_show(day: str, zone: str, hours: float) -> None:
    then = date.fromisoformat(day)
    calendar = Calendar(zone, ALL_DAY, frozenset(then + timedelta(days) for days in (-2, -1, 1, 2)))
    around = local(f"{then - timedelta(2)}T12:00", zone), local(f"{then + timedelta(2)}T12:00", zone)
    assert worked(calendar, *around) == hours * 3600


def test_an_hour_that_comes_twice_counts_twice_and_one_left_out_not_at_all() -> None:
    night = Calendar("Europe/Berlin", (((120, 180),),) * 7)
    assert worked(night, at("2026-10-24T12:00"), at("2026-10-25T12:00")) == 2 * 3600
    assert worked(night, at("2026-03-28T12:00"), at("2026-03-29T12:00")) == 0


def test_the_end_of_a_day_at_midnight_is_an_end_as_any_other() -> None:
    late = Calendar(hours=(((960, 1440),),) * 7)
    assert due(late, at("2026-11-24"), 0) == due(late, at("2026-11-23T12:00"), 8 * 3600) == at("2026-11-24")


@pytest.mark.slow
def test_where_nobody_ever_works_nothing_is_ever_due() -> None:
    every_day = frozenset((day.month, day.day) for n in range(366) for day in [date(2024, 1, 1) + timedelta(n)])
    for calendar in (Calendar(hours=((),) * 7), Calendar(yearly=every_day)):
        assert not calendar.ever_works
        assert due(calendar, at("2026-01-01"), 1) == NEVER
        assert worked(calendar, at("2026-01-01"), NEVER) == 0
    assert due(BERLIN, at("2026-01-01"), 10**12) == NEVER
    assert due(BERLIN, NEVER, 1) == NEVER


@pytest.mark.parametrize("zone", ZONES)
def test_that_nothing_is_ever_due_can_be_said_by_the_clocks_of_any_place(zone: str) -> None:
    assert NEVER.astimezone(ZoneInfo(zone)).year == NEVER.year


def test_a_day_that_comes_every_fourth_year_is_waited_for() -> None:
    but_one = frozenset((day.month, day.day) for n in range(366) for day in [date(2024, 1, 1) + timedelta(n)])
    leap = Calendar(hours=(((0, 60),),) * 7, yearly=but_one - {(2, 29)})
    assert leap.ever_works
    assert due(leap, at("2026-01-01"), 3600) == at("2028-02-29T01:00")


def test_ten_thousand_answers_are_timed_in_a_second() -> None:
    start, began = at("2026-01-01"), time.thread_time()
    for each in range(10_000):
        due(BERLIN, start + timedelta(minutes=37 * each), BERLIN.allowance)
    assert time.thread_time() - began < 1


def test_a_holiday_added_later_gives_whoever_is_asked_the_day_back() -> None:
    """What is due is worked out anew, of when the clock began to run and of what was left then."""
    start = local("2026-12-22T12:00")
    later = replace(BERLIN, holidays=frozenset({date(2026, 12, 23)}))
    assert due(BERLIN, start, 8 * 3600) == local("2026-12-23T12:00")
    assert due(later, start, 8 * 3600) == local("2026-12-24T12:00")


# ── Whatever the calendar ─────────────────────────────────────────────────


@st.composite
def spans(draw: st.DrawFn) -> tuple[tuple[int, int], ...]:
    edges = draw(st.lists(st.integers(0, 1440) | st.sampled_from([0, 120, 180, 540, 1440]), max_size=4, unique=True))
    edges = sorted(edges)[: len(edges) // 2 * 2]
    return tuple(zip(edges[::2], edges[1::2], strict=True))


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    hours = draw(st.tuples(*[spans()] * 7).filter(any) | st.just(ALL_DAY) | st.just(BERLIN.hours))
    day = date.fromisoformat(draw(st.sampled_from(SHIFTS)))
    holidays = frozenset(day + timedelta(n) for n in draw(st.sets(st.integers(-1, 6), max_size=4)))
    yearly = draw(st.frozensets(st.sampled_from([(1, 1), (2, 29), (12, 25), (3, 29), (10, 25)]), max_size=2))
    return Calendar(draw(st.sampled_from(ZONES)), hours, holidays, yearly=yearly)


SHIFTED = st.builds(
    lambda day, minutes: at(day) + timedelta(minutes=minutes), st.sampled_from(SHIFTS), st.integers(-2000, 4000)
)
MOMENTS = SHIFTED | st.datetimes(datetime(2001, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
SECONDS = st.integers(0, 400_000) | st.sampled_from([0, 60, 3600, 8 * 3600])


def is_worked(calendar: Calendar, moment: datetime) -> bool:
    """By the clock on the wall, and nothing else."""
    wall = moment.astimezone(ZoneInfo(calendar.zone))
    day = wall.date()
    if day in calendar.holidays or (day.month, day.day) in calendar.yearly:
        return False
    return any(start <= wall.hour * 60 + wall.minute < end for start, end in calendar.hours[wall.weekday()])


@given(calendars(), SHIFTED, st.integers(1, 2500))
@settings(deadline=None)
def test_it_counts_what_whoever_looks_at_the_clock_each_minute_counts(
    calendar: Calendar, start: datetime, minutes: int
) -> None:
    looked = [is_worked(calendar, start + timedelta(minutes=each)) for each in range(minutes)]
    assert worked(calendar, start, start + timedelta(minutes=minutes)) == 60 * sum(looked)


@given(calendars(), SHIFTED, st.integers(1, 600))
@settings(deadline=None)
def test_it_is_due_when_that_many_minutes_were_counted(calendar: Calendar, start: datetime, minutes: int) -> None:
    moment, counted = start, 0
    for _ in range(4 * 1440):
        counted += is_worked(calendar, moment)
        moment += timedelta(minutes=1)
        if counted == minutes:
            assert due(calendar, start, minutes * 60) == moment
            return
    assert due(calendar, start, minutes * 60) > moment


@given(calendars(), MOMENTS, SECONDS)
@settings(deadline=None)
def test_until_it_is_due_just_that_much_is_worked(calendar: Calendar, start: datetime, seconds: int) -> None:
    then = due(calendar, start, seconds)
    assert worked(calendar, start, then) == seconds
    assert is_worked(calendar, then) or is_worked(calendar, then - timedelta(seconds=1))


@given(calendars(), MOMENTS, SECONDS, SECONDS)
@settings(deadline=None)
def test_pausing_and_going_on_loses_nothing(calendar: Calendar, start: datetime, one: int, two: int) -> None:
    """First the one and then the other is both at once; and more time is never due sooner."""
    assert due(calendar, due(calendar, start, one), two) == due(calendar, start, one + two)
    assert due(calendar, start, one) <= due(calendar, start, one + two)


@given(calendars(), MOMENTS, st.integers(0, 10**6), SECONDS)
@settings(deadline=None)
def test_who_asks_later_waits_until_later_but_for_no_longer(
    calendar: Calendar, start: datetime, later: int, seconds: int
) -> None:
    after = start + timedelta(seconds=later)
    first, second = due(calendar, start, seconds), due(calendar, after, seconds)
    assert first <= second
    left = seconds - worked(calendar, start, after)
    if left > 0:  # what was left when it was stopped is what it goes on with
        assert due(calendar, after, left) == first


@given(calendars())
def test_a_calendar_comes_back_from_a_build_as_it_went_in(calendar: Calendar) -> None:
    assert from_data(to_data(calendar)) == calendar
