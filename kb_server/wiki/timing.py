"""When a team works and how long it takes itself for an answer, as ``teams.yml`` says it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, TypeVar

from kb_server.clock import grammar
from kb_server.clock.calendar import USUAL, USUAL_DAYS, ZONE, Calendar, usual_day
from kb_server.wiki.checking import Checker, Path

KEYS = ("hours", "time_zone", "holidays", "answer_within")

_T = TypeVar("_T")


def calendar(checker: Checker, team: Mapping[Any, Any], path: Path) -> Calendar:
    """The calendar of a team; what it does not say is as most people work."""
    lines, zone, within = _lines(checker, team, path), *(checker.text(team, path, key) for key in (KEYS[1], KEYS[3]))
    hours = _read(checker, (*path, "hours"), lambda: grammar.hours(lines), USUAL) if lines is not None else USUAL
    days = [_holiday(checker, day, (*path, "holidays", at)) for at, day in enumerate(_days(checker, team, path))]
    found = Calendar(
        zone=_read(checker, (*path, "time_zone"), lambda: grammar.zone(zone), ZONE) if zone else ZONE,
        hours=hours,
        holidays=frozenset(day for day in days if isinstance(day, date)),
        allowance=USUAL_DAYS * usual_day(hours),
        yearly=frozenset(day for day in days if isinstance(day, tuple)),
    )
    if not found.ever_works:
        checker.note((*path, "holidays"), "no working day is left", "Leave out some of the holidays.")
    if not within:
        return found
    allowance = _read(checker, (*path, "answer_within"), lambda: grammar.within(within, hours), found.allowance)
    return Calendar(found.zone, hours, found.holidays, allowance, found.yearly)


def _lines(checker: Checker, team: Mapping[Any, Any], path: Path) -> list[str] | None:
    """The lines of working hours; None where nothing is said of them."""
    value = team.get("hours")
    if value is None:
        return None
    if isinstance(value, str):
        return value.strip().splitlines()
    if isinstance(value, list) and all(isinstance(line, str) for line in value):
        return value
    checker.note((*path, "hours"), "'hours' must be text, or a list of it", grammar.AS_IN)
    return None


def _days(checker: Checker, team: Mapping[Any, Any], path: Path) -> list[Any]:
    value = team.get("holidays") or []
    if isinstance(value, list):
        return value
    checker.note((*path, "holidays"), "'holidays' must be a list of days", "Write holidays: [2026-12-24, 12-25].")
    return []


def _holiday(checker: Checker, day: object, path: Path) -> date | tuple[int, int] | None:
    """YAML reads most days as such by itself."""
    return _read(checker, path, lambda: grammar.holiday(str(day)), None)


def _read(checker: Checker, path: Path, read: Callable[[], _T], otherwise: _T) -> _T:
    try:
        return read()
    except grammar.Unreadable as error:
        checker.note(path, str(error), error.fix)
        return otherwise
