"""How far a first visitor has come: by what is in the store, whichever browser asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import sqlalchemy as sa

from kb_server.pages.manifest import Page
from kb_server.people import keys, storage
from kb_server.people.samples import THERE, state
from kb_server.people.secret import stamp
from kb_server.threads import service as threads

ASKS, ANSWERS = "nia", "mia"
"""Who asks, and whose page it is: handles of the sample wiki."""
PAGE = "what-marketing-does"
DONE, NOW, LATER = "done", "now", "later"


@dataclass(frozen=True, slots=True)
class Step:
    """One step: its name among the words, how far it is, who has something to do now, and where."""

    name: str
    how: str
    handle: str
    path: str


@dataclass(frozen=True, slots=True)
class Walked:
    """What has been done: asked, seen by whose page it is, answered, and the answer read."""

    asked: bool = False
    seen: bool = False
    answered: bool = False
    read: bool = False


def is_on(connection: sa.Connection) -> bool:
    """Whether there is sample activity to be led through."""
    return state(connection) == THERE


def steps(connection: sa.Connection, pages: Mapping[str, Page]) -> list[Step]:
    """The three steps as they stand."""
    walked = _walked(connection, pages)
    done = {"ask": walked.asked, "wait": walked.seen, "answer": walked.read}
    first = next((name for name, is_done in done.items() if not is_done), "")
    ways = {
        "ask": (ASKS, f"/talk/{PAGE}/#say"),
        "wait": (ANSWERS, "/waiting/"),
        "answer": (ASKS if walked.answered else ANSWERS, "/waiting/"),
    }
    return [
        Step(name, DONE if is_done else NOW if name == first else LATER, *ways[name]) for name, is_done in done.items()
    ]


def _walked(connection: sa.Connection, pages: Mapping[str, Page]) -> Walked:
    known = storage.people_by_handle(connection, [ASKS, ANSWERS])
    theirs = [page.id for page in pages.values() if page.meta.get("owner") == ANSWERS]
    if len(known) < 2 or not (asked := threads.asked_by(connection, known[ASKS].id, theirs)):  # noqa: PLR2004  -- both
        return Walked()
    answered = threads.answered_by(connection, known[ASKS].id, theirs, known[ANSWERS].id)
    seen = bool(answered) or _came(connection, known[ANSWERS].id, asked)
    return Walked(True, seen, bool(answered), bool(answered) and _came(connection, known[ASKS].id, answered))


def _came(connection: sa.Connection, person_id: str, since: str) -> bool:
    """Whether somebody has signed in since, and is still."""
    now = stamp(datetime.now(UTC))
    return any(one.created_at >= since for one in keys.sessions_of(connection, person_id, now))
