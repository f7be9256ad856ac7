"""When a team works, and how long it takes itself for an answer; as ``teams.yml`` says it, or as most people work."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

Span = tuple[int, int]
"""From when till when, in minutes after midnight; the end is no part of it, and may be 24 * 60."""
Hours = tuple[tuple[Span, ...], ...]
"""The spans of Monday, Tuesday and so on, each day's in order."""

MINUTE, DAYS_OF_A_WEEK, LONGEST_YEAR = 60, 7, 366
USUAL: Hours = (((9 * 60, 17 * 60),),) * 5 + ((),) * 2
ZONE = "UTC"
USUAL_DAYS = 2
"""Working days for an answer, where nothing else is said."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """Working hours by the clocks of a time ``zone`` (IANA), without holidays; ``yearly`` are (month, day).

    ``allowance`` is for an answer, in working seconds.
    """

    zone: str = ZONE
    hours: Hours = USUAL
    holidays: frozenset[date] = frozenset()
    allowance: int = USUAL_DAYS * 8 * 3600
    yearly: frozenset[tuple[int, int]] = frozenset()

    @property
    def ever_works(self) -> bool:
        """Whether there is any working time in it, however far away."""
        return any(self.hours) and len(self.yearly) < LONGEST_YEAR

    def is_holiday(self, day: date) -> bool:
        """Whether nobody works on that day, whichever day of the week it is."""
        return day in self.holidays or (day.month, day.day) in self.yearly


def usual_day(hours: Hours) -> int:
    """Seconds in a working day as most of the week has it: of two that are equally frequent, the longer."""
    lengths = Counter(sum(end - start for start, end in day) * MINUTE for day in hours if day)
    return max(lengths, key=lambda length: (lengths[length], length), default=0)


def to_data(calendar: Calendar) -> dict[str, Any]:
    """The calendar as JSON has it."""
    return {
        "zone": calendar.zone,
        "hours": [[list(span) for span in day] for day in calendar.hours],
        "holidays": sorted(day.isoformat() for day in calendar.holidays),
        "yearly": [list(day) for day in sorted(calendar.yearly)],
        "allowance": calendar.allowance,
    }


def from_data(data: Mapping[str, Any]) -> Calendar:
    """The calendar in what `to_data` made. Raises KeyError, TypeError or ValueError where it has another shape."""
    return Calendar(
        zone=data["zone"],
        hours=tuple(tuple(map(_pair, day)) for day in data["hours"]),
        holidays=frozenset(map(date.fromisoformat, data["holidays"])),
        allowance=data["allowance"],
        yearly=frozenset(map(_pair, data["yearly"])),
    )


def _pair(two: Iterable[int]) -> tuple[int, int]:
    first, second = two
    return int(first), int(second)
