"""What today's pages say: where a text stands to which no step leads, and whether a place has anything of a text.

A sentence speaks for a section if it stands in that one alone. One that stands in two or three (a copy, a text taken
over) speaks only where the heading has the same words as well.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb_server.wiki.past.likeness import Index, Near
from kb_server.wiki.past.sections import uncounted

if TYPE_CHECKING:
    from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence

    from kb_server.wiki.past.today import Standing

Place = tuple[str, str]

_SURE = 0.6  # of the sentences
_NAMED = 0.5  # of them, below a heading of the same words
_COPIES = 3  # sections; a sentence that stands in more says nothing
_NEAR = 10
_SHORT = 3  # letters
_SMALL = frozenset(["", "a", "an", "and", "are", "for", "in", "is", "of", "on", "our", "the", "to", "we", "with"])


class Evidence:
    """Today's sections by their sentences and headings."""

    def __init__(self, pages: Mapping[str, Standing]) -> None:
        texts: dict[Hashable, Iterable[int]] = {
            (path, anchor): prints for path, page in pages.items() for anchor, prints in page.prints.items()
        }
        self._pages = pages
        self._copied = Index(texts, most=_COPIES)
        self._alone = self._copied.narrowed(1)

    def place(self, anchor: str, prints: Sequence[int]) -> Place | None:
        """The one section that has most of these sentences, or half of them below a heading of the same words."""
        near = self._alone.near(prints, most=1)
        if near and near[0].votes >= max(2, _SURE * len(prints)):
            return near[0].key  # type: ignore[return-value]  # as they were put in
        named = [
            (one.votes, place)
            for one, place in self._places(prints)
            if one.votes >= _NAMED * len(prints) and uncounted(anchor) and uncounted(place[1]) == uncounted(anchor)
        ]
        is_one = len(named) == 1 or (len(named) > 1 and named[0][0] > named[1][0])
        return named[0][1] if is_one else None

    def is_sure(self, anchor: str, prints: Collection[int], place: Place) -> bool:
        """Whether the heading there has all its words, or no others; or a sentence stands there and nowhere else."""
        here, there = _words(anchor), _words(place[1])
        both = here & there
        if both and both in (here, there):
            return True
        return any(one.key == place for one in self._alone.near(prints, most=_NEAR))

    def has_any(self, anchor: str, prints: Collection[int], place: Place) -> bool:
        """Whether at least a word of the heading is there, or a sentence of the text."""
        there = self._pages[place[0]].prints.get(place[1], ())
        return bool(_telling(anchor) & _telling(place[1]) or set(prints) & set(there))

    def _places(self, prints: Collection[int]) -> list[tuple[Near, Place]]:
        near = self._copied.near(prints, most=_NEAR)
        return [(one, one.key) for one in near]  # type: ignore[misc]  # as they were put in


def _words(anchor: str) -> set[str]:
    """The words of a heading, by its anchor."""
    return set(uncounted(anchor).split("-")) - _SMALL


def _telling(anchor: str) -> set[str]:
    """Those of them that say something."""
    return {word for word in _words(anchor) if len(word) > _SHORT}
