"""The folder of backups: what lies there is told by names alone, and only what the server put there is ever removed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

DAILY, BY_HAND, BEFORE_RESTORE, DAMAGED = "daily", "by-hand", "before-restore", "damaged"
DAYS, WEEKS = 7, 4
_STAMP = "%Y%m%d-%H%M%S"
_NAME = re.compile(r"(?P<kind>[a-z]+(?:-[a-z]+)*)(?:-\w+)?-(?P<stamp>\d{8}-\d{6})(?:-\d+)?\.sqlite3")


@dataclass(frozen=True, slots=True)
class Backup:
    """A copy of the store. ``kind`` says who made it and why, ``at`` when (UTC)."""

    path: Path
    kind: str
    at: datetime


def backups(folder: Path) -> list[Backup]:
    """The copies on the shelf that were whole when they were made, the newest first."""
    found = filter(None, map(_backup, folder.glob("*.sqlite3")))
    return sorted(
        (entry for entry in found if entry.kind != DAMAGED), key=lambda entry: (entry.at, entry.path.name), reverse=True
    )


def free_name(folder: Path, kind: str, at: datetime) -> Path:
    """Where a copy made at this moment goes."""
    stem = f"{kind}-{at.astimezone(UTC).strftime(_STAMP)}"
    path, number = folder / f"{stem}.sqlite3", 1
    while path.exists():
        number += 1
        path = folder / f"{stem}-{number}.sqlite3"
    return path


def is_due(shelf: Iterable[Backup], now: datetime) -> bool:
    """Whether the server has not made its copy of this day (UTC) yet."""
    return not any(entry.kind == DAILY and entry.at.date() == now.date() for entry in shelf)


def superfluous(shelf: Iterable[Backup], now: datetime) -> list[Backup]:
    """The server's copies that may go: all but the last of each of seven days and of each of four weeks.

    A copy from the future, made while the clock was wrong, counts as the oldest: it must not push out good ones.
    """
    ours = [entry for entry in shelf if entry.kind == DAILY]
    ours.sort(key=lambda entry: (entry.at <= now, entry.at), reverse=True)
    days: dict[object, Backup] = {}
    weeks: dict[object, Backup] = {}
    for entry in ours:
        days.setdefault(entry.at.date(), entry)
        weeks.setdefault(entry.at.isocalendar()[:2], entry)
    kept = [*list(days.values())[:DAYS], *list(weeks.values())[:WEEKS]]
    return [entry for entry in ours if entry not in kept]


def clear_unfinished(folder: Path) -> None:
    """Remove what killed processes have left. Whoever calls must be the only one at work here (`locks.backing_up`)."""
    for kind in (DAILY, BY_HAND, BEFORE_RESTORE):
        for left in folder.glob(f".{kind}-*.partial"):
            left.unlink(missing_ok=True)


def _backup(path: Path) -> Backup | None:
    found = _NAME.fullmatch(path.name)
    if not found:
        return None
    try:
        at = datetime.strptime(found["stamp"], _STAMP).replace(tzinfo=UTC)
    except ValueError:
        return None
    return Backup(path, found["kind"], at)
