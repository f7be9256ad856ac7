"""What time alone brings about, of every feature: one whose things wait for an answer adds its `Clocked` here."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from kb_server.db import Database
from kb_server.definitions.ticking import Watch
from kb_server.pages.manifest import Page
from kb_server.people.roster import Roster
from kb_server.suggestions.service import CLOCKED as SUGGESTIONS
from kb_server.threads.service import CLOCKED as QUESTIONS
from kb_server.writing import sending
from kb_server.writing.ticking import Clocked, Passed
from kb_server.writing.ticking import tick as tick_for

CLOCKED: tuple[Clocked, ...] = (QUESTIONS, SUGGESTIONS)


def tick(
    database: Database, roster: Roster, pages: Iterable[Page], now: datetime, watch: Watch | None = None
) -> list[Passed]:
    """Pass on what is late by now, settle what time alone decides, forget what is too old; gives what was passed on."""
    passed = tick_for(database, roster, CLOCKED, now)
    (watch or Watch()).tick(database, pages, now)
    sending.forget_old(database, now)
    return passed


def ticker(database: Database, served: Callable[[], tuple[Roster, Iterable[Page]]]) -> Callable[[datetime], object]:
    """The same for a server that goes on: who we are is asked anew each time. It does nothing where it cannot write."""
    watch = Watch()
    return lambda now: tick(database, *served(), now, watch) if database.is_writable else None
