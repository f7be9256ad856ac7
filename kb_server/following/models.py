"""How following stands, as the store keeps it for everybody who asks."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field


@dataclass(frozen=True, slots=True)
class Broken:
    """A commit of the trusted branch that could not be built, since when, and what the build said last."""

    commit: str = ""
    at: str = ""
    said: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Status:
    """Which commit is live and since when, which one is broken, and what is in the way.

    ``seconds`` is how long the build of what is live took, ``looked`` when the branch was last looked at, ``every`` how
    many seconds lie between two looks, 0 where nobody promised another one. ``trouble`` is a sentence: the branch could
    not be looked at, or what was built could not be published. Times are UTC, ISO 8601; of a text that is "" nothing is
    known.
    """

    branch: str = ""
    looked: str = ""
    every: int = 0
    commit: str = ""
    live: str = ""
    seconds: float = 0.0
    trouble: str = ""
    broken: Broken = field(default_factory=Broken)

    def written(self) -> str:
        """As it is kept."""
        return json.dumps(asdict(self))


def read(text: str) -> Status:
    """What was `written`; nothing is known where that is nothing."""
    if not text:
        return Status()
    kept = json.loads(text)
    broken = kept.pop("broken")
    return Status(**kept, broken=Broken(broken["commit"], broken["at"], tuple(broken["said"])))
