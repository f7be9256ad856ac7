"""When the branch is looked at again: as often as usual, later after each failure, and at once where somebody calls."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

LOOK = 0.25
"""Seconds between two looks whether somebody has called, or whoever follows has ended."""
LEAST = 1.0
"""Seconds of the shortest pause, however often somebody calls."""
LONGEST = 900.0
"""Seconds of the longest pause after a failure, unless the branch is looked at less often anyway."""
AGAIN = 60.0
"""Seconds until a commit that could not be built is tried again for the first time."""


@dataclass
class Pause:
    """How long it is until the next look: after each failure twice as long as before."""

    usual: float
    longest: float = LONGEST
    failures: int = 0

    @property
    def seconds(self) -> float:
        """In seconds."""
        return max(self.usual, min(self.usual * 2.0**self.failures, self.longest))


@dataclass(frozen=True)
class Tried:
    """A commit that could not be built, and until when (by the monotonic clock) it is not tried again."""

    commit: str = ""
    until: float = 0.0
    times: int = 0

    def again(self, commit: str) -> Tried:
        """It, or another one, could not be built once more."""
        times = self.times + 1 if commit == self.commit else 1
        return Tried(commit, time.monotonic() + min(AGAIN * 2.0 ** (times - 1), 4 * LONGEST), times)


@dataclass
class Wanted:
    """Whether there is something new on the branch, looked for as often as usual, and whenever somebody calls."""

    every: float
    woken: Callable[[], str]
    is_new: Callable[[], bool]
    known: str
    found: bool = False
    due: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        """The branch was looked at a moment ago."""
        self.due += self.every

    def __call__(self) -> bool:
        """Whether there is; once there is, there is."""
        called = self.woken()
        if not self.found and (called != self.known or time.monotonic() >= self.due):
            self.known, self.due = called, time.monotonic() + self.every
            self.found = self.is_new()
        return self.found
