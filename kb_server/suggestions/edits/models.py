"""An edit that a suggestion carries, and what somebody types to suggest several of them."""

from __future__ import annotations

from dataclasses import dataclass

from kb_server.errors import Conflict, Invalid
from kb_server.wiki.editing.models import Edit

MOST = 10
"""Edits in one suggestion: more than that is a change for somebody with an editor."""

LONGEST_TOGETHER = 300_000
"""Bytes of all texts of one suggestion: sent by a form, other letters than ours take three times as many."""


@dataclass(frozen=True, slots=True)
class KeptEdit(Edit):
    """An edit as it is kept with its suggestion.

    ``page`` is the id of the page, ``section`` the anchor of the section, ``build`` the id of the build in which it was
    read. Of a new page ``front`` is the front matter that was made for it, with what holds it off from the text.
    ``position`` counts from 0. ``applied`` is the address of the pull request or the branch it is in, "" while it is
    nowhere.
    """

    page: str = ""
    section: str = ""
    build: str = ""
    front: str = ""
    position: int = 0
    applied: str = ""

    @property
    def file(self) -> str:
        """The whole text of the file of a new page."""
        return f"{self.front}{self.after}\n"


@dataclass(frozen=True, slots=True)
class Past:
    """Edits as they were before their author changed them; ``at`` is when they were suggested."""

    version: int
    at: str
    edits: tuple[KeptEdit, ...]


@dataclass(frozen=True, slots=True)
class Typed:
    """One text of the form: of a section as it should be, or of a page that should be there.

    ``was`` tells the text of the section that was read from any other (`stamp_of`). A new page has a ``kind``, a
    ``name`` and ``teams``.
    """

    text: str
    page: str = ""
    section: str = ""
    was: str = ""
    kind: str = ""
    name: str = ""
    teams: tuple[str, ...] = ()


class WrongEdit(Invalid):
    """One of the texts cannot be taken; ``position`` is which, ``line`` the line of it that is in the way, or 0."""

    def __init__(self, message: str, position: int, line: int = 0) -> None:
        super().__init__(message)
        self.position = position
        self.line = line


class StaleEdit(Conflict):
    """A section reads otherwise than when somebody began to change it; ``now`` is how."""

    def __init__(self, message: str, position: int, now: str) -> None:
        super().__init__(message)
        self.position = position
        self.now = now
