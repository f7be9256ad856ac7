"""The versions of pages, each read once: git's blobs as `outline` reads them, the latest kept at hand."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

from kb_server.wiki import outline

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kb_server.wiki.outline import Text
    from kb_server.wiki.past.reading import Texts

_KEPT = 24_000_000  # characters


class Versions:
    """Pages by their blob's id, "" being the page that is not there."""

    def __init__(self, texts: Texts) -> None:
        self._texts = texts
        self._kept: OrderedDict[str, tuple[Text, int]] = OrderedDict()
        self._size = 0

    def fetch(self, blobs: Iterable[str]) -> None:
        """Bring these to hand in one go; what has not been used for long goes."""
        missing = []
        for blob in filter(None, blobs):
            if blob in self._kept:
                self._kept.move_to_end(blob)
            else:
                missing.append(blob)
        self._make_room()
        for blob, text in self._texts.read(missing):
            self.put(blob, text)

    def raw(self, blob: str) -> list[tuple[str, str]]:
        """This one blob with its text, which is no page."""
        return list(self._texts.read([blob]))

    def put(self, blob: str, source: str) -> None:
        """Keep a page that has this source under this name."""
        self._kept[blob] = outline.read(source), len(source)
        self._size += len(source)

    def __getitem__(self, blob: str) -> Text:
        if not blob:
            return outline.NONE
        if blob not in self._kept:
            self.fetch([blob])
        return self._kept[blob][0]

    def _make_room(self) -> None:
        while self._size > _KEPT:
            self._size -= self._kept.popitem(last=False)[1][1]
