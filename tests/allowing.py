"""How long something may take where a test must ask: here and now, and not on some machine that does nothing else.

A limit is set for such a machine. It grows by as much as this one is slower, and by the time in which somebody had to
wait for a processor meanwhile. On a machine that is at rest it holds as it stands.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

USUAL = 0.02
"""Seconds of a processor that `_work` takes where limits are set."""
PRESSURE = Path("/proc/pressure/cpu")  # https://docs.kernel.org/accounting/psi.html


class Span:
    """From now on."""

    def __init__(self) -> None:
        self._waited = _waited()

    def allows(self, seconds: float) -> float:
        """What so many seconds on the wall have become."""
        if self._waited is None:
            return seconds * slower() * max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))
        return seconds * slower() + (_waited() or 0) - self._waited


@contextmanager
def within(seconds: float, clock: Callable[[], float] = time.monotonic) -> Iterator[None]:
    """What is done here takes no longer, by the clock on the wall, or by that of the processor."""
    span, began = Span(), clock()
    yield
    took = clock() - began
    if took >= seconds:
        allowed = span.allows(seconds) if clock is time.monotonic else seconds * slower()
        assert took < allowed, f"This takes {took:.2f} seconds; {seconds} are allowed, which were {allowed:.2f} here."


def slower() -> float:
    """How many times the time it takes this machine to do what another did in its usual time; at least once."""
    began = time.process_time()
    _work()
    return max(1.0, (time.process_time() - began) / USUAL)


def _work() -> int:
    return sum(number * number % 7 for number in range(400_000))


def _waited() -> float | None:
    """Seconds in which somebody had to wait for a processor since this machine was started, where it says so."""
    try:
        return int(PRESSURE.read_text(encoding="ascii").split("total=")[1].split()[0]) / 1e6
    except (OSError, IndexError):
        return None
