"""The branches there are previews of, as the data folder keeps them. The store knows nothing of a preview."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import quote


@dataclass(frozen=True, slots=True)
class Branch:
    """A branch: its last ``commit`` with its ``title``, and what became of it.

    ``build`` is the id of the preview's build, made ``at`` (UTC, ISO 8601) ``of`` a commit that may be an earlier one;
    "" where there is none yet, or there was no room for it, or it cannot be: then ``said`` tells why, at that moment.
    ``by`` tells the configuration that was used from any other. ``pages`` are those it changes, by address and title.
    """

    name: str
    commit: str
    title: str = ""
    build: str = ""
    of: str = ""
    at: str = ""
    by: str = ""
    said: tuple[str, ...] = ()
    pages: tuple[tuple[str, str], ...] = ()

    @property
    def address(self) -> str:
        """Where its preview is, below the wiki's root."""
        return f"preview/{quote(self.name)}/"

    @property
    def is_broken(self) -> bool:
        """Whether its last commit cannot be built."""
        return bool(self.said)

    @property
    def is_left_out(self) -> bool:
        """Whether its last commit was built, and there was no room for it."""
        return not (self.build or self.said or self.is_behind)

    @property
    def is_behind(self) -> bool:
        """Whether its last commit has still to be built."""
        return self.of != self.commit


@dataclass(frozen=True, slots=True)
class Previews:
    """The branches, those with the newest commits first; when they were ``looked`` at, and what is in the way.

    ``left`` counts those that there is no room for.
    """

    branches: tuple[Branch, ...] = ()
    looked: str = ""
    trouble: str = ""
    left: int = 0

    def of(self, address: str) -> Branch | None:
        """The branch whose preview an address lies in. In no repository is one branch's name the folder of another."""
        return next((one for one in self.branches if f"{address}/".startswith(f"{one.name}/")), None)

    def work_on(self, branch: str) -> Branch | None:
        """The newest of a branch and those that took its work up again, which have a number behind its name."""
        again = re.compile(rf"{re.escape(branch)}(?:-\d{{1,9}})?")
        return next((one for one in self.branches if again.fullmatch(one.name)), None)

    def written(self) -> str:
        """As it is kept."""
        return json.dumps(asdict(self), indent=0)


def read(text: str) -> Previews:
    """What was `written`. Raises ValueError, TypeError or KeyError for anything else."""
    kept: dict[str, Any] = json.loads(text)
    return Previews(**kept | {"branches": tuple(_branch(one) for one in kept["branches"])})


def _branch(kept: Mapping[str, Any]) -> Branch:
    pages = tuple((url, title) for url, title in kept["pages"])
    return Branch(**{**kept, "said": tuple(kept["said"]), "pages": pages})
