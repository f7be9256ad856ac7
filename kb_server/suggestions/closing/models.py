"""A change that says something of a suggestion, and what it made of the text."""

from __future__ import annotations

from dataclasses import dataclass

CLOSES, REFERS, REVERTS = "closes", "refs", "reverts"
UNANSWERED, NOT_YET = "", "notyet"


@dataclass(frozen=True, slots=True)
class Landing:
    """That a published commit closes a suggestion, refers to it, or takes back one that did.

    ``ids`` are by what a copy of the commit is known, its own id first. ``undone`` is the id of the commit that took
    it back, "" while it holds. ``person`` made it, as far as the wiki knows them; ``at`` is when it was published.
    ``answer`` is what was said to "Does this finish it?".
    """

    suggestion: int
    kind: str
    ids: tuple[str, ...]
    title: str = ""
    person: str = ""
    at: str = ""
    undone: str = ""
    answer: str = UNANSWERED

    @property
    def commit(self) -> str:
        """The id of the commit."""
        return self.ids[0]


@dataclass(frozen=True, slots=True)
class Changed:
    """Paragraphs of a page before and after the change that closed a suggestion, in Markdown."""

    page: str
    section: str
    section_title: str
    before: str
    after: str
