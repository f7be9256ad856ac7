"""Kill what publishes and what indexes, with SIGKILL, at random moments and named places; then start, and look at all.

One round: another version of a wiki is published by a process that is killed (or by two at once, of which one is), or a
server is killed while it takes in what was published. Then a server is started, and has to serve one build whole, with
all its texts and no others, every one of them found, and an index that agrees with them. People talk on it, and it is
killed meanwhile: every comment it has acknowledged must be there after the next start, once, and all that is kept of it
must agree. So each round has two kills.
"""

from __future__ import annotations

import itertools
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from by_hand import make_build, page
from faults.saying import BOARD, Speaker
from faults.soundness import COMMON, look_at_all
from processes import start

from kb_server.config import Settings
from kb_server.db import Database, migrate
from kb_server.pages.manifest import Page

DYING = [sys.executable, str(Path(__file__).parent / "dying.py")]
PUBLISHING = (
    "kb_server.builds.service:verify:1:before",
    "kb_server.builds.packing:_pack:5:before",
    "kb_server.builds.service:pack:1:after",
    "kb_server.builds.storage:add:1:after",
    "kb_server.documents.storage:put:1:before",
    "kb_server.documents.storage:put:1:after",
    "kb_server.documents.storage:remove:1:after",
    "kb_server.builds.service:record:1:after",
    "sqlalchemy.engine.default:DefaultDialect.do_commit:1:before",
    "sqlalchemy.engine.default:DefaultDialect.do_commit:1:after",
    "kb_server.builds.service:_make_current:1:after",
)
_WHOOSH = "kb_server.search.engines.whoosh"
INDEXING = (
    f"{_WHOOSH}.writing:Writer.commit_without:1:before",
    f"{_WHOOSH}.writing:Writer.commit_without:1:after",
    f"{_WHOOSH}.storage:Storage.rename_file:1:before",
    f"{_WHOOSH}.storage:Storage.rename_file:1:after",
    f"{_WHOOSH}.storage:Storage.tidy:1:before",
)
ANEW = (  # where an index is made anew
    f"{_WHOOSH}.writing:Writer.commit_without:1:after",
    f"{_WHOOSH}.home:Home._turn_to:1:before",
    f"{_WHOOSH}.home:sync:2:after",
    f"{_WHOOSH}.home:Home._turn_to:1:after",
    f"{_WHOOSH}.home:Home._remove_all_but:2:after",
)
PAGES, PATIENCE = 120, 60.0
SPEAKERS = ("sam", "mia", "otto")


@dataclass(frozen=True)
class Killed:
    """What was done in a round."""

    what: str
    published: bool
    seconds: float
    said: int = 0
    """Comments acknowledged before the server was killed."""


class Torture:
    """One wiki, one store, one engine, and chance."""

    def __init__(self, settings: Settings, chance: random.Random) -> None:
        """Make the store and publish a first version."""
        self.settings = settings
        self._chance = chance
        self._version = 0
        self._words = dict.fromkeys(range(PAGES), "w0")
        settings.data_dir.mkdir(mode=0o700, exist_ok=True)
        with closing(Database(settings.database_url)) as database:
            migrate(database, settings.data_dir / "backups")
        self._environment = os.environ | {
            "KB_DATA_DIR": str(settings.data_dir),
            "KB_DATABASE_URL": settings.database_url,
            "KB_SEARCH_ENGINE": settings.search_engine,
        }
        self._speakers = [Speaker(handle) for handle in SPEAKERS]
        self._places = {places: _shuffled(places, chance) for places in (PUBLISHING, INDEXING, ANEW)}
        self._current = self._next_build()
        publisher, started = self._publisher("-", self._current), time.monotonic()
        assert _ended(publisher) == 0
        self._usual = 0.8 * (time.monotonic() - started)  # seconds within which publishing is hardly ever done

    def round(self, *, number: int) -> Killed:
        """Kill something, start a server, look at all. Raises AssertionError."""
        started, before = time.monotonic(), self._current
        ways = [self._publisher_at_a_place, self._publisher_at_any_moment, self._one_of_two_publishers]
        if self.settings.search_engine == "whoosh":
            ways += [self._server_at_a_place, self._server_at_any_moment, self._server_that_indexes_anew]
        coming = self._next_build()
        what = ways[number % len(ways)](coming)
        with self._server("-") as (server, address):
            self._current = look_at_all(self.settings, address, self._acknowledged())
            assert self._current in {before, coming}
            said = self._kill_while_talking(server, address)
        return Killed(what, self._current == coming, time.monotonic() - started, said)

    def look_once_more(self) -> None:
        """Start a server, and look at what the last kill has left. Raises AssertionError."""
        with self._server("-") as (_, address):
            assert look_at_all(self.settings, address, self._acknowledged()) == self._current

    # The ways to kill.

    def _publisher_at_a_place(self, coming: str) -> str:
        place = next(self._places[PUBLISHING])
        code = _ended(self._publisher(place, coming))
        assert code in (-signal.SIGKILL, 0), code  # some places are not reached where there is nothing to do
        return f"publishing, {'at' if code else 'not reached'} {_short(place)}"

    def _publisher_at_any_moment(self, coming: str) -> str:
        return f"publishing, {self._kill_soon(self._publisher('-', coming), self._usual)}"

    def _one_of_two_publishers(self, coming: str) -> str:
        both = [self._publisher("-", coming) for _ in range(2)]
        what = self._kill_soon(self._chance.choice(both), self._usual)
        codes = sorted(map(_ended, both))
        assert codes in ([-signal.SIGKILL, 0], [0, 0]), codes
        return f"one of two publishing, {what}"

    def _server_at_a_place(self, coming: str) -> str:
        return self._server_dies(coming, next(self._places[INDEXING]))

    def _server_that_indexes_anew(self, coming: str) -> str:
        pointer = self.settings.data_dir / "search" / "current.json"
        pointer.unlink(missing_ok=True)
        return self._server_dies(coming, next(self._places[ANEW])) + ", anew"

    def _server_dies(self, coming: str, place: str) -> str:
        assert _ended(self._publisher("-", coming)) == 0
        with self._server(place) as (server, _):
            code = _ended(server)
        assert code == -signal.SIGKILL, code
        return f"indexing, at {_short(place)}"

    def _server_at_any_moment(self, coming: str) -> str:
        assert _ended(self._publisher("-", coming)) == 0
        with self._server("-") as (server, _):
            return f"indexing, {self._kill_soon(server, 0.5)}"

    def _acknowledged(self) -> dict[str, str]:
        return {comment: text for speaker in self._speakers for comment, text in speaker.acknowledged.items()}

    def _kill_while_talking(self, server: subprocess.Popen[str], address: str) -> int:
        """What is acknowledged until then must be there after the next start; gives how much that was."""
        before, heard = len(self._acknowledged()), threading.Event()
        with ThreadPoolExecutor(len(self._speakers)) as people:
            talking = [people.submit(speaker.speak, address, heard) for speaker in self._speakers]
            heard.wait(PATIENCE)
            time.sleep(self._chance.uniform(0, 0.4))
            server.kill()
        for talked in talking:
            talked.result()
        return len(self._acknowledged()) - before

    def _kill_soon(self, process: subprocess.Popen[str], within: float) -> str:
        after = self._chance.uniform(0, within)
        time.sleep(after)  # not a wait for something: the moment of the kill is what is tried
        process.kill()
        late = "" if _ended(process) else ", when it was done"
        return f"after {after * 1000:.0f} ms{late}"

    # What is killed, and what it works on.

    def _next_build(self) -> str:
        """A version in which some pages are changed, some gone, some new."""
        self._version += 1
        for number in self._chance.sample(range(PAGES + 20), self._chance.choice((1, 20, 100))):
            self._words[number] = f"w{self._version}"
        for number in self._chance.sample(sorted(self._words), 3):
            del self._words[number]
        pages = [_page(*known) for known in sorted(self._words.items())]
        pages.append(page(BOARD, f"A {COMMON} to talk about.", title=BOARD))
        files = {f"notes{number}__txt": f"{word} " * 500 for number, word in sorted(self._words.items())[::10]}
        return make_build(self.settings.data_dir / "builds", *pages, **files)

    def _publisher(self, place: str, build_id: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [*DYING, place, "publish", build_id],
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
        return process

    @contextmanager
    def _server(self, place: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
        given = {name: self._environment[name] for name in ("KB_DATABASE_URL", "KB_SEARCH_ENGINE")}
        given["KB_POSTS_PER_MINUTE"] = "1000000"
        process, address = start(self.settings.data_dir, program=[*DYING, place], **given)
        try:
            yield process, address
        finally:
            process.kill()
            _ended(process)


def _ended(process: subprocess.Popen[str]) -> int:
    """How it ended."""
    code = process.wait(PATIENCE)
    if process.stdout:
        process.stdout.close()
    return code


def _page(number: int, word: str) -> Page:
    return page(f"p{number}", f"A {COMMON} of {word} hangs in number {number}. " * 15, title=word)


def _shuffled(places: Sequence[str], chance: random.Random) -> Iterator[str]:
    """All of them, again and again."""
    return itertools.cycle(chance.sample(places, len(places)))


def _short(place: str) -> str:
    module, name, number, when = place.split(":")
    return f"{module.rpartition('.')[2]}.{name} {number} {when}"
