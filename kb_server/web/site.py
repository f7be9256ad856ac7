"""Which build is served. A new publication is taken up without a restart, and a bad one not at all."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from kb_server.errors import NotFound
from kb_server.web.build import Build, BuildError, load

LOOK_EVERY = 0.5  # seconds between two looks at what is published


class Site:
    """The builds that are published, newest first, of which the first good one is served."""

    def __init__(self, builds: Path, published: Callable[[], Sequence[str]]) -> None:
        """`published` gives the ids of the builds to be served, newest first."""
        self._builds = builds
        self._published = published
        self._loaded: dict[str, Build] = {}
        self._current: Build | None = None
        self._looked = float("-inf")
        self._lock = threading.Lock()
        self.problems: list[str] = []

    def current(self) -> Build:
        """The build to serve now. Raises NotFound when nothing has been published yet."""
        if time.monotonic() - self._looked >= LOOK_EVERY:
            self.look()
        if self._current is None:
            raise NotFound(
                " ".join(self.problems) or "Nothing has been published yet: run `kb build` and `kb publish`."
            )
        return self._current

    def recent(self) -> list[Build]:
        """The builds at hand, the served one among them: a page read a moment ago may still ask for its assets."""
        return list(self._loaded.values())

    def look(self) -> None:
        """See what is published. While one thread loads a new build, the others go on with the one before."""
        if not self._lock.acquire(blocking=self._current is None):
            return
        try:
            self._take_up(self._published())
            self._looked = time.monotonic()
        finally:
            self._lock.release()

    def _take_up(self, ids: Sequence[str]) -> None:
        problems: list[str] = []
        loaded: dict[str, Build] = {}
        for build_id in ids:
            try:
                loaded[build_id] = self._loaded.get(build_id) or load(self._builds / build_id)
            except BuildError as error:
                problems.append(str(error))
                continue
            break
        # The one before stays at hand for the assets of pages that are open in somebody's browser.
        previous = self._current
        self._current = next(iter(loaded.values()), previous)
        if previous and previous is not self._current:
            loaded.setdefault(previous.id, previous)
        self._loaded = loaded if self._current is not previous else self._loaded | loaded
        self.problems = problems
