"""What every act in a conversation has in common: it counts against a limit, and leaves one line in the log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import sqlalchemy as sa

from kb_server.activity.storage import record
from kb_server.errors import NotFound
from kb_server.people.secret import stamp
from kb_server.threads import reading, storage
from kb_server.threads.models import Comment, Thread
from kb_server.words import t
from kb_server.writing import text
from kb_server.writing.models import By


@dataclass(frozen=True, slots=True)
class Told:
    """What the log tells besides: the comment's id, whom its text means, and what only this kind of line has.

    ``number`` is the line's, where it was taken together with that of the page's change.
    """

    comment: str = ""
    ready: text.Ready | None = None
    more: Mapping[str, object] = field(default_factory=dict)
    number: int = 0


def thread_of(connection: sa.Connection, comment: Comment) -> Thread:
    """The conversation a comment belongs to."""
    found = reading.thread(connection, comment.thread)
    if found is None:
        raise NotFound(t("talk.no_thread"))
    return found


def log(connection: sa.Connection, by: By, verb: str, thread: Thread, told: Told = Told()) -> None:
    """One line in the log, of ids alone; whoever has the page's conversations learns that they have changed."""
    if not told.number:
        storage.page_changed(connection, thread.page)
    data = {
        "thread": thread.id,
        "page": thread.page,
        "section": thread.section,
        "kind": thread.kind,
        "comment": told.comment,
        "mentions": told.ready.people if told.ready else [],
        "teams": told.ready.teams if told.ready else [],
        **told.more,
    }
    subject, at = told.comment or thread.id, stamp(by.now)
    record(connection, actor=by.actor.id, verb=verb, subject=subject, data=data, at=at, number=told.number)
