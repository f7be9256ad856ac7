"""Working time as people write it in ``teams.yml``: "Mon-Thu 9:00-12:30, 13:30-17:00", "2 days", "12-25"."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from datetime import date
from functools import cache
from importlib import resources
from itertools import pairwise

from kb_server.clock.calendar import DAYS_OF_A_WEEK, MINUTE, Hours, Span, usual_day

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
AS_IN = "Write it as in 'Mon-Fri 9:00-17:00' or 'Mon, Wed 9:00-12:30, 13:30-17:00'."
LONGEST = 100
"""Days; more than that is no time for an answer."""

_DASH = r"\s*[-\u2013]\s*"
_NAME = r"[a-z]{3,9}\.?"
_LINE = re.compile(rf"({_NAME}(?:{_DASH}{_NAME})?(?:\s*,\s*{_NAME}(?:{_DASH}{_NAME})?)*):?\s+(\d.*)")
_SPAN = re.compile(rf"(\d\d?)(?::(\d\d))?{_DASH}(\d\d?)(?::(\d\d))?")
_WITHIN = re.compile(r"(\d{1,5}) (hour|day)s?")
_HOUR, _DAY = 60, 24 * 60  # minutes


class Unreadable(ValueError):  # noqa: N818  -- it reads as what is the matter
    """This is not how it is written: the message says what is wrong, `fix` what to do."""

    def __init__(self, message: str, fix: str) -> None:
        super().__init__(message)
        self.fix = fix


def hours(lines: Iterable[str]) -> Hours:
    """The working hours of a week, of lines that each name days and spans. Raises Unreadable."""
    week: list[list[Span]] = [[] for _ in range(DAYS_OF_A_WEEK)]
    for line in lines:
        days, spans = _line(line.strip())
        for day in days:
            week[day] += spans
    for name, all_day in zip(DAYS, week, strict=True):
        all_day.sort()
        if any(later[0] < earlier[1] for earlier, later in pairwise(all_day)):
            raise Unreadable(f"two of the hours of {name.title()} overlap", "Make one of them, or keep them apart.")
    if not any(week):
        raise Unreadable("there are no working hours", AS_IN)
    return tuple(map(tuple, week))


def holiday(text: str) -> date | tuple[int, int]:
    """The day of "2026-12-24", or the month and the day of "12-25", which is every year. Raises Unreadable."""
    try:
        if re.fullmatch(r"\d\d-\d\d", text):
            every = date.fromisoformat(f"2024-{text}")  # a leap year: 29 February is a day
            return every.month, every.day
        if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise Unreadable(f"'{text}' is no day", "Write it as in 2026-12-24, or '12-25' for every year.")


def within(text: str, week: Hours) -> int:
    """Working seconds of "16 hours" or "2 days", a day being a usual one of that week. Raises Unreadable."""
    found = _WITHIN.fullmatch(" ".join(text.lower().split()))
    if not found:
        raise Unreadable(f"'{text}' is no time for an answer", "Write it as in '16 hours' or '2 days'.")
    number, day = int(found[1]), usual_day(week)
    seconds = number * (day if found[2] == "day" else _HOUR * MINUTE)
    if not 0 < seconds <= LONGEST * day:
        raise Unreadable(f"'{text}' is no time for an answer", f"Take between 1 hour and {LONGEST} days.")
    return seconds


def zone(text: str) -> str:
    """The time zone of that name. Raises Unreadable."""
    known = zones()
    if text in known:
        return text
    near = difflib.get_close_matches(text, known, n=1, cutoff=0.6)
    fix = f"Did you mean '{near[0]}'?" if near else "Write it as in Europe/Berlin, America/New_York or UTC."
    raise Unreadable(f"'{text}' is no time zone we know", fix)


@cache
def zones() -> dict[str, None]:
    """The names of all time zones; the same whatever the machine has."""
    return dict.fromkeys(resources.files("tzdata").joinpath("zones").read_text(encoding="ascii").split())


def _line(line: str) -> tuple[list[int], list[Span]]:
    found = _LINE.fullmatch(line.lower())
    if not found:
        raise Unreadable(f"'{line}' is no working hours", AS_IN)
    days = [day for part in found[1].split(",") for day in _days(part.strip())]
    return list(dict.fromkeys(days)), [_span(part.strip()) for part in found[2].split(",")]


def _days(text: str) -> list[int]:
    """The days of "Mon" or of "Sat-Mon", counted from Monday."""
    ends = [_day(part) for part in re.split(_DASH, text)]
    first, last = ends[0], ends[-1]
    return [day % DAYS_OF_A_WEEK for day in range(first, last + 1 + (DAYS_OF_A_WEEK if last < first else 0))]


def _day(text: str) -> int:
    name = text.strip(" .")
    for at, day in enumerate(DAYS):
        if day.startswith(name):
            return at
    raise Unreadable(f"'{text}' is no day of the week", AS_IN)


def _span(text: str) -> Span:
    found = _SPAN.fullmatch(text)
    if not found:
        raise Unreadable(f"'{text}' says not from when till when", AS_IN)
    start, end = (int(found[at]) * _HOUR + int(found[at + 1] or 0) for at in (1, 3))
    if max(int(found[at] or 0) for at in (2, 4)) >= _HOUR or end > _DAY:
        raise Unreadable(f"'{text}' is no time of a day", "A day goes from 0:00 to 24:00.")
    if start >= end:
        raise Unreadable(
            f"'{text}' ends before it begins",
            "Over midnight, write two lines: 'Mon 22:00-24:00' and 'Tue 0:00-6:00'.",
        )
    return start, end
