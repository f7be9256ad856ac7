"""The server looks at the clock every minute: a thread that mostly sleeps, and goes on whatever happens."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from kb_server.errors import KbError

log = logging.getLogger("kb.clock")

EVERY = 60.0  # seconds


@contextmanager
def ticking(
    tick: Callable[[datetime], object],
    *,
    every: float = EVERY,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Iterator[None]:
    """Tick at once and then every so many seconds while the block runs."""
    stop = threading.Event()
    thread = threading.Thread(target=_again_and_again, args=(tick, every, clock, stop), name="kb-clock", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(6)


def _again_and_again(
    tick: Callable[[datetime], object], every: float, clock: Callable[[], datetime], stop: threading.Event
) -> None:
    trouble, pause = "", 0.0
    while not stop.wait(pause):
        pause = every
        try:
            tick(clock())
            trouble = ""
        except Exception as error:  # the outer edge of a thread: it must go on
            if str(error) != trouble:  # what lasts need not be told of again and again
                said = error if isinstance(error, KbError) else "Looking at the clock failed."
                log.error("%s It will be tried again.", said, exc_info=said is not error)  # noqa: TRY400
            trouble = str(error)
