"""Which build is served. A new publication is taken up without a restart, and a bad one not at all."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from kb_server.web.build import Build, BuildError, load

log = logging.getLogger("kb.site")

LOOK_EVERY = 0.5  # seconds between two looks at what is published
PATIENCE = 0.5  # seconds a reader waits for such a look, before the build at hand has to do
TRY_AGAIN = 10  # seconds until a build that could not be read is tried again
NOTHING = "Nothing has been published yet: run `kb build` and `kb publish`."


class Site:
    """The builds that are published, newest first, of which the first good one is served."""

    def __init__(self, builds: Path, published: Callable[[], Sequence[str]]) -> None:
        """`published` gives the ids of the builds to be served, newest first."""
        self._builds = builds
        self._published = published
        self._loaded: dict[str, Build] = {}
        self._refused: dict[str, tuple[float, BuildError]] = {}
        self._current: Build | None = None
        self._looked = float("-inf")
        self._lock = threading.Lock()
        self._trouble = ""
        self.problems: list[str] = []

    def current(self) -> Build:
        """The build to serve now. Raises BuildError when there is none, SQLAlchemyError when that cannot be known.

        A request asks once and keeps the answer (`context.build`): the next moment another may be current.
        """
        if self._current is None:
            self._look_for_the_first()
        elif time.monotonic() - self._looked >= LOOK_EVERY and not self._lock.locked():
            self._look_aside()
        if self._current is None:
            raise BuildError(" ".join(self.problems) or NOTHING)
        return self._current

    def recent(self) -> list[Build]:
        """The builds at hand, the served one among them: a page read a moment ago may still ask for its assets."""
        return list(self._loaded.values())

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Look again and again while the block runs, so that nobody has to who asks for a page."""
        stop = threading.Event()

        def look() -> None:
            while not stop.wait(LOOK_EVERY / 2):
                with suppress(SQLAlchemyError):  # nothing is served yet, and whoever asks learns why
                    self.look()

        thread = threading.Thread(target=look, name="kb-look", daemon=True)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join(PATIENCE)

    def look(self, *, afresh: bool = False) -> None:
        """See what is published; `afresh` also tries again what was refused before.

        While one thread looks, the others go on with the build before.
        """
        if not self._lock.acquire(blocking=self._current is None):
            return
        try:
            self._look(afresh=afresh)
        finally:
            self._lock.release()

    def _look_for_the_first(self) -> None:
        """After a start all who ask at once wait for one look: there is nothing to give them meanwhile."""
        with self._lock:
            if self._current is None:
                self._look()

    def _look_aside(self) -> None:
        """Look without holding a reader up: the store may be away or locked, and a large build takes time to read."""
        looking = threading.Thread(target=self.look, name="kb-look", daemon=True)
        looking.start()
        looking.join(PATIENCE)

    def _look(self, *, afresh: bool = False) -> None:
        self._looked = time.monotonic()
        try:
            if afresh:
                self._refused.clear()
            self._take_up(self._published_or_not())
        finally:
            self._looked = time.monotonic()

    def _published_or_not(self) -> Sequence[str]:
        try:
            published = self._published()
        except SQLAlchemyError as error:
            if self._current is None:
                raise
            # Reading goes on: what was served is still whole.
            self._note(str(error))
            return [self._current.id]
        self._note("")
        return published

    def _note(self, trouble: str) -> None:
        """Tell of what is in the way, once as long as it lasts."""
        if trouble and trouble != self._trouble:
            log.warning("what is published cannot be known just now: %s", trouble)
        self._trouble = trouble

    def _take_up(self, ids: Sequence[str]) -> None:
        loaded, problems = self._first_good(ids)
        previous = self._current
        self._current = loaded or previous
        if self._current is not previous:
            # The one before stays at hand for the assets of pages that are open in somebody's browser.
            self._loaded = {build.id: build for build in (self._current, previous) if build}
        if problems and self._current:
            problems.append(f"Served is build {self._current.id}; search may know texts of the newer one.")
        self.problems = problems

    def _first_good(self, ids: Sequence[str]) -> tuple[Build | None, list[str]]:
        problems: list[str] = []
        for build_id in ids:
            try:
                return self._at_hand(build_id), problems
            except BuildError as error:
                problems.append(str(error))
        return None, problems

    def _at_hand(self, build_id: str) -> Build:
        since, refused = self._refused.get(build_id, (0.0, None))
        if refused and time.monotonic() - since < TRY_AGAIN:
            raise refused
        try:
            return self._loaded.get(build_id) or load(self._builds / build_id)
        except BuildError as error:
            self._refused[build_id] = (time.monotonic(), error)
            raise
