"""Pages that were made a moment ago, by what tells them from all others: for the next who sees just the same."""

from __future__ import annotations

import threading
from collections import OrderedDict

MOST = 128


class Shelf:
    """A number of pages, of which the one longest unasked for goes first. Whoever asks knows that it still holds."""

    def __init__(self, most: int = MOST) -> None:
        """An empty one."""
        self._pages: OrderedDict[str, bytes] = OrderedDict()
        self._most = most
        self._lock = threading.Lock()

    def get(self, tag: str) -> bytes | None:
        """The page with this tag, if it is there."""
        with self._lock:
            if tag in self._pages:
                self._pages.move_to_end(tag)
            return self._pages.get(tag)

    def put(self, tag: str, page: bytes) -> None:
        """Keep a page."""
        with self._lock:
            self._pages[tag] = page
            while len(self._pages) > self._most:
                self._pages.popitem(last=False)
