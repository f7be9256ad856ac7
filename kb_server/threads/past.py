"""What happened in a conversation, or in all of a page, as the log has it: who began, answered, settled it, and when.

What was hidden is not told of here, nor who objected to something: that is on record for those who see to it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from kb_server.activity.storage import Event, events_about
from kb_server.threads import reading

VERBS = (
    *("thread.started", "comment.posted", "comment.edited", "comment.deleted"),
    *("thread.settled", "thread.reopened", "thread.moved"),
)
MOST = 50


@dataclass(frozen=True, slots=True)
class Past:
    """Some of what happened, the latest first; ``older`` is the number to go on from, 0 at the end.

    ``titles`` are those of the conversations it happened in, by their ids.
    """

    events: Sequence[Event]
    titles: Mapping[str, str]
    older: int


def of_thread(connection: sa.Connection, thread: str, *, before: int = 0) -> Past:
    """What happened in a conversation."""
    return _past(connection, reading.logged_as(thread=thread), before)


def of_page(connection: sa.Connection, page: str, *, before: int = 0) -> Past:
    """What happened in the conversations of a page."""
    return _past(connection, reading.logged_as(page=page), before)


def _past(connection: sa.Connection, ids: sa.CompoundSelect[tuple[str]], before: int) -> Past:
    found = events_about(connection, ids, VERBS, before or reading.LAST, MOST + 1)
    shown, older = found[:MOST], found[MOST - 1].seq if len(found) > MOST else 0
    return Past(shown, reading.titles_of(connection, (str(event.data["thread"]) for event in shown)), older)
