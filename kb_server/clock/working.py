"""Working time, counted: when so much of it will have passed, and how much of it has.

A moment is working time when the clocks of the calendar's zone then show a time within a span of that day's. So an hour
that is left out in spring is nobody's, and one that comes twice in autumn counts twice. UTC is cut into days, and each
of those where the zone changes its offset into parts that run evenly; all that follows is adding up.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from kb_server.clock.calendar import DAYS_OF_A_WEEK, MINUTE, Calendar

NEVER = datetime(9999, 12, 30, 23, 59, 59, tzinfo=UTC)
"""When something is due for which there is no time in a hundred years: a moment that clocks anywhere can still show."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND, _DAY = timedelta(seconds=1), 24 * 3600
_FIRST, _THURSDAY = date(1970, 1, 1).toordinal(), 3
_FARTHEST, _LAST = 36_525, date(9998, 12, 31).toordinal() - _FIRST  # days: how far it looks, and the end of all


def due(calendar: Calendar, start: datetime, seconds: int) -> datetime:
    """When `seconds` of working time will have passed since `start`: in working time, or at the very end of it.

    Whole seconds count. Gives NEVER where a hundred years have not that much.
    """
    at, left = _since_epoch(start), max(seconds, 0)
    for begin, end in _from(calendar, at):
        begin = max(begin, at)  # noqa: PLW2901  -- what is left of it
        if left <= end - begin:
            return _EPOCH + timedelta(seconds=begin + left)
        left -= end - begin
    return NEVER


def worked(calendar: Calendar, start: datetime, end: datetime) -> int:
    """Seconds of working time from `start` to `end`; 0 where that is no later. Looks a hundred years far."""
    at, until, total = _since_epoch(start), _since_epoch(end), 0
    for begin, finish in _from(calendar, at):
        if begin >= until:
            break
        total += max(min(finish, until) - max(begin, at), 0)
    return total


def _from(calendar: Calendar, at: int) -> Iterator[tuple[int, int]]:
    """The spans of working time that do not end before `at`, in their order."""
    first = (at - 1) // _DAY  # one that ends with `at` counts, and it may end with the day before
    for day in range(first, min(first + _FARTHEST, _LAST)):
        for begin, end in _spans(calendar, day):
            if end >= at:
                yield begin, end


@lru_cache(maxsize=16_384)
def _spans(calendar: Calendar, day: int) -> tuple[tuple[int, int], ...]:
    """The working time in a day of UTC, in seconds since 1970."""
    found: list[tuple[int, int]] = []
    for first, last, ahead in _evenly(ZoneInfo(calendar.zone), day * _DAY, (day + 1) * _DAY):
        found += ((begin - ahead, end - ahead) for begin, end in _local(calendar, first + ahead, last + ahead))
    return tuple(found)


def _local(calendar: Calendar, first: int, last: int) -> Iterator[tuple[int, int]]:
    """The working time between two times that clocks show while they run evenly."""
    for day in range(first // _DAY, (last - 1) // _DAY + 1):
        spans = calendar.hours[(day + _THURSDAY) % DAYS_OF_A_WEEK]
        if spans and not calendar.is_holiday(date.fromordinal(_FIRST + day)):
            for start, stop in spans:
                begin, end = max(first, day * _DAY + start * MINUTE), min(last, day * _DAY + stop * MINUTE)
                if begin < end:
                    yield begin, end


def _evenly(zone: ZoneInfo, first: int, last: int) -> Iterator[tuple[int, int, int]]:
    """The parts of a day in each of which the zone keeps its offset: from, to, and the offset."""
    while first < last:
        ahead = _ahead(zone, first)
        until = last if _ahead(zone, last - 1) == ahead else _changes(zone, first, last - 1)
        yield first, until, ahead
        first = until


def _changes(zone: ZoneInfo, before: int, after: int) -> int:
    """The first second with another offset than `before` has; `after` has another."""
    offset = _ahead(zone, before)
    while after - before > 1:
        middle = (before + after) // 2
        before, after = (middle, after) if _ahead(zone, middle) == offset else (before, middle)
    return after


def _ahead(zone: ZoneInfo, at: int) -> int:
    """By how many seconds the zone is ahead of UTC at a moment."""
    offset = (_EPOCH + timedelta(seconds=at)).astimezone(zone).utcoffset()
    return offset // _SECOND if offset else 0


def _since_epoch(moment: datetime) -> int:
    return (moment - _EPOCH) // _SECOND
