"""The server's daily backup: one thread that mostly sleeps. What went wrong is noted where `kb doctor` can see it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from kb_server.config import Settings
from kb_server.db import database_file
from kb_server.db.files import Stopped
from kb_server.errors import Conflict, KbError
from kb_server.upkeep import failures
from kb_server.upkeep.backing import back_up_daily

log = logging.getLogger("kb.upkeep")

FIRST_LOOK, LOOK_EVERY, AFTER_FAILURE = 20.0, 600.0, 3600.0  # seconds


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds until the thread looks whether a backup is due: at first, from then on, and after one has failed."""

    first: float = FIRST_LOOK
    then: float = LOOK_EVERY
    after_failure: float = AFTER_FAILURE


@contextmanager
def daily_backups(
    settings: Settings, *, pace: Pace | None = None, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
) -> Iterator[None]:
    """Make a backup a day while the block runs. It ends without waiting for one that is half done."""
    if database_file(settings.database_url) is None:
        yield  # a database server has its own ways
        return
    stop = threading.Event()
    thread = threading.Thread(
        target=_look, args=(settings, pace or Pace(), clock, stop), name="kb-daily-backup", daemon=True
    )
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(5)


def _look(settings: Settings, pace: Pace, clock: Callable[[], datetime], stop: threading.Event) -> None:
    pause = pace.first
    while not stop.wait(pause):
        pause = pace.then if _make_one(settings, clock(), stop) else pace.after_failure


def _make_one(settings: Settings, now: datetime, stop: threading.Event) -> bool:
    try:
        path = back_up_daily(settings, now, stop.is_set)
    except (Stopped, Conflict):  # the server ends, or somebody is making one by hand: nothing is wrong
        return True
    except Exception as error:  # the outer edge of a thread: it must go on tomorrow
        known = isinstance(error, KbError)  # then its sentence is enough
        log.error("The daily backup failed: %s", error, exc_info=not known)  # noqa: TRY400
        failures.note(settings.data_dir, f"{now:%Y-%m-%d %H:%M} UTC: {error}")
        return False
    if path:
        log.info("The daily backup is %s.", path)
    return True
