"""The time a search has. Whoosh's own way to stop one needs the main thread, and does not stop everything."""

from __future__ import annotations

import time
from dataclasses import dataclass


class OutOfTimeError(Exception):
    """The time is over."""


@dataclass(frozen=True, slots=True)
class Clock:
    """A deadline of `time.monotonic`, looked at wherever work may be long."""

    deadline: float

    def look(self) -> None:
        """Raises OutOfTimeError when the time is over."""
        if time.monotonic() >= self.deadline:
            raise OutOfTimeError
