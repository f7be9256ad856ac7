"""Working hours as people write them, and what they are told when nobody can read them."""

from __future__ import annotations

import pytest

from kb_server.clock import grammar
from kb_server.clock.calendar import USUAL, usual_day

NINE_TO_FIVE, SHORT = (540, 1020), (540, 780)


@pytest.mark.parametrize(
    "lines", [["Mon-Fri 9:00-17:00"], ["mon - fri: 9-17"], ["Monday, Tue, Wed, Thursday–Friday 09:00 – 17:00"]]
)
def test_a_week_is_written_in_more_than_one_way(lines: list[str]) -> None:
    assert grammar.hours(lines) == USUAL


def test_a_day_may_have_several_spans_and_a_week_several_lines() -> None:
    week = grammar.hours(["Mon-Thu 13:30-17:00, 9:00-12:30", "Fri 9-13", "Sat-Sun 0:00-24:00"])
    assert week[0] == week[3] == ((540, 750), (810, 1020))
    assert week[4:] == (((540, 780),), ((0, 1440),), ((0, 1440),))


def test_days_may_go_over_the_end_of_the_week() -> None:
    assert [bool(day) for day in grammar.hours(["Sat-Mon 9-17"])] == [True, False, False, False, False, True, True]


@pytest.mark.parametrize(
    ("lines", "message", "fix"),
    [
        (["9-17"], "'9-17' is no working hours", "Mon-Fri 9:00-17:00"),
        (["Mon-Fry 9-17"], "'fry' is no day of the week", "Mon-Fri"),
        (["Mon 17-9"], "'17-9' ends before it begins", "two lines"),
        (["Mon 9-25"], "'9-25' is no time of a day", "24:00"),
        (["Mon 9:60-12"], "'9:60-12' is no time of a day", "24:00"),
        (["Mon 9 till 5"], "'9 till 5' says not from when till when", "Mon-Fri 9:00-17:00"),
        (["Mon 9-12", "Mon-Tue 11-17"], "two of the hours of Monday overlap", "apart"),
        ([], "there are no working hours", "Mon-Fri 9:00-17:00"),
    ],
)
def test_hours_that_cannot_be_read_are_refused_with_what_to_write(lines: list[str], message: str, fix: str) -> None:
    with pytest.raises(grammar.Unreadable, match=message) as raised:
        grammar.hours(lines)
    assert fix in raised.value.fix


def test_a_day_of_an_answer_is_a_usual_day_of_that_team() -> None:
    week = ((NINE_TO_FIVE,),) * 4 + ((SHORT,), (), ())
    assert usual_day(week) == 8 * 3600
    assert grammar.within("2 days", week) == grammar.within("16 Hours", week) == 16 * 3600
    assert usual_day(((SHORT,), (NINE_TO_FIVE,), (), (), (), (), ())) == 8 * 3600


@pytest.mark.parametrize("text", ["soon", "0 days", "101 days", "2", "-1 hours", "3 weeks", "99999 hours"])
def test_a_time_for_an_answer_is_some_hours_or_days(text: str) -> None:
    with pytest.raises(grammar.Unreadable, match="is no time for an answer"):
        grammar.within(text, USUAL)


@pytest.mark.parametrize("text", ["24 Dec", "2026-02-30", "13-01", "02-30", "2026-W01-1", "٢٠٢٦-01-01"])
def test_a_holiday_is_a_day_of_the_calendar(text: str) -> None:
    with pytest.raises(grammar.Unreadable, match="is no day"):
        grammar.holiday(text)


def test_the_leap_day_may_be_a_holiday_every_year() -> None:
    assert grammar.holiday("02-29") == (2, 29)


@pytest.mark.parametrize(
    ("text", "near"), [("Europe/Berln", "'Europe/Berlin'"), ("here", "Europe/Berlin"), ("", "UTC")]
)
def test_a_time_zone_is_one_of_those_that_all_machines_know(text: str, near: str) -> None:
    with pytest.raises(grammar.Unreadable, match="is no time zone") as raised:
        grammar.zone(text)
    assert near in raised.value.fix
