"""An edit that a suggestion carries, and what somebody asks for with several of them."""

from __future__ import annotations

from dataclasses import dataclass

from kb_server.wiki.editing.models import Edit

MOST = 10
"""Edits in one suggestion: more than that is a change for somebody with an editor."""


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
