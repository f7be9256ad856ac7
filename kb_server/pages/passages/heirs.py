"""The page that a page has become, where it has another id and nothing says so: the one that has its text."""

from __future__ import annotations

from difflib import SequenceMatcher
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from kb_server.pages.manifest import Page

SHARE = 0.4
"""The share of a page's long lines that must stand there."""
MARGIN = 0.8
"""How near the second best may come to the best."""
_LONG = 20  # letters


class Heirs:
    """The pages of a build, to be searched for those of the one before."""

    def __init__(self, before: Mapping[str, Page], after: Mapping[str, Page]) -> None:
        self._before, self._after = before, after

    def heir(self, page_id: str) -> Page | None:
        """The page that has most of the lines of one that is not there any more; None if it is not clear which."""
        old = self._before[page_id]
        wanted = _long(old)
        shares = {page: len(wanted & there) for page, there in self._lines.items()}
        some = [page for page, share in shares.items() if share >= max(1.0, SHARE * len(wanted))]
        ranked = sorted(((shares[page] * self._alike(old, page), page) for page in some), reverse=True)
        if not ranked or (len(ranked) > 1 and ranked[1][0] > MARGIN * ranked[0][0]):
            return None
        return self._after[ranked[0][1]]

    def _alike(self, old: Page, page_id: str) -> float:
        """How much speaks for a page besides its lines: that it is new, its title, and how it is called."""
        is_new, is_titled = page_id not in self._before, self._after[page_id].title == old.title
        called = SequenceMatcher(None, old.id, page_id, autojunk=False).ratio()
        return (1 + is_new) * (1 + is_titled) * (1 + called)

    @cached_property
    def _lines(self) -> dict[str, set[str]]:
        return {key: _long(page) for key, page in self._after.items()}


def lines(page: Page) -> Iterator[str]:
    """The lines of a page's text."""
    for section in page.sections:
        yield from section.text.split("\n")


def _long(page: Page) -> set[str]:
    return {line for line in lines(page) if len(line) >= _LONG}
