"""An edit: a section of a page as somebody read it and as it should be, or a page that should be there."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Edit:
    """A section as it was read, and as it should be, in Markdown with plain line ends; or a new page.

    ``path`` is that of the file, relative to the wiki's folder. ``line`` is where the section began (1-based), 0 for a
    new page, whose ``before`` is "". ``title`` is the section's heading, or the page's.
    """

    path: str
    before: str
    after: str
    line: int = 0
    title: str = ""

    @property
    def is_new_page(self) -> bool:
        """Whether it brings a page that is not there."""
        return not self.before and not self.line


@dataclass(frozen=True, slots=True)
class Found:
    """Something in a text, where it begins, and by what it is known as the same elsewhere."""

    what: str
    at: int
