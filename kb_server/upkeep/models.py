"""What `kb doctor` finds."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from kb_server.config import Settings
from kb_server.db import Database, database_file
from kb_server.web.serving import is_served


class State(StrEnum):
    """How something stands. Attention: it works, and may not tomorrow, or not for everybody."""

    OK = "ok"
    ATTENTION = "attention"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at: what was found, in a sentence, and what to do about it ("" where there is nothing to do)."""

    name: str
    state: State
    finding: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Installation:
    """What is examined.

    ``published`` gives the ids of a store's published builds, the current one first; ``audit`` what is wrong with an
    index of search that lies outside the database, ``mail`` what is the matter with the mail that waits to be sent,
    ``merges`` since when what is merged is live, and what is the matter with that (None where nobody follows),
    ``unusable`` why that index is of no use at all, as the end of a sentence; ``teams`` the ids of the teams for which
    anything was said.
    """

    settings: Settings
    published: Callable[[Database], Sequence[str]]
    audit: Callable[[Database], Sequence[str]]
    mail: Callable[[Database], Sequence[str]]
    merges: Callable[[Database], tuple[str, Sequence[str]] | None]
    unusable: Callable[[Database], str]
    teams: Callable[[Database], Collection[str]]

    @property
    def file(self) -> Path | None:
        """The SQLite file, whether it is there or not; None on another kind of database."""
        return database_file(self.settings.database_url)

    @contextmanager
    def store(self) -> Iterator[Database]:
        """The store as it is: nothing is migrated."""
        served = is_served(self.settings.data_dir, self.file)
        with closing(Database(self.settings.database_url, checkpoints=not served)) as database:
            yield database


def ok(name: str, finding: str) -> Check:
    """All is well."""
    return Check(name, State.OK, finding)


def attention(name: str, finding: str, remedy: str) -> Check:
    """It works, and may not tomorrow."""
    return Check(name, State.ATTENTION, finding, remedy)


def broken(name: str, finding: str, remedy: str) -> Check:
    """It does not work."""
    return Check(name, State.BROKEN, finding, remedy)
