"""When something should not stand here: anybody flags it, liaisons and admins hide it, and all of that is on record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from kb_server.activity.storage import Event, events_of
from kb_server.errors import Conflict
from kb_server.people.permissions import require
from kb_server.people.secret import stamp
from kb_server.threads import reading, storage
from kb_server.threads.acts import Told, log, thread_of
from kb_server.threads.models import DELETED, HIDDEN, SHOWN, Comment
from kb_server.threads.presence import enter, leave
from kb_server.words import t
from kb_server.writing import pace, text
from kb_server.writing.models import By, Place

VERBS = ("comment.flagged", "comment.hidden", "comment.shown")
MOST = 100


@dataclass(frozen=True, slots=True)
class Record:
    """What waits for somebody to look at it, and what was done, the latest first."""

    waiting: Sequence[sa.RowMapping]
    done: Sequence[Event]


def flag(connection: sa.Connection, by: By, comment: Comment, place: Place, reason: str) -> None:
    """Tell the liaisons that something should not stand here. Doing so twice changes nothing. Raises Invalid."""
    thread = thread_of(connection, comment)
    require(by.actor, "comment.flag", place.thing(comment.author))
    if comment.state != SHOWN:
        raise Conflict(t("talk.gone"))
    reason = text.reason(reason, needed=False)
    pace.spend_small(connection, by)
    if storage.add_flag(connection, comment.id, by.actor.id, reason, stamp(by.now)):
        log(connection, by, "comment.flagged", thread, Told(comment.id))


def hide(connection: sa.Connection, by: By, comment: Comment, place: Place) -> None:
    """Take a comment out of sight: of lists, counts and search at once."""
    thread = thread_of(connection, comment)
    require(by.actor, "comment.hide", place.thing(comment.author))
    if comment.state != SHOWN:
        return
    storage.set_state(connection, comment.id, HIDDEN)
    leave(connection, thread, comment, place)
    log(connection, by, "comment.hidden", thread, Told(comment.id))


def show(connection: sa.Connection, by: By, comment: Comment, place: Place) -> None:
    """Let a comment stand, also one that was hidden: what was flagged about it counts as looked at."""
    thread = thread_of(connection, comment)
    require(by.actor, "comment.hide", place.thing(comment.author))
    if comment.state == DELETED:
        return
    storage.close_flags(connection, comment.id)
    if comment.state == HIDDEN:
        storage.set_state(connection, comment.id, SHOWN)
        enter(connection, thread, comment, place)
    log(connection, by, "comment.shown", thread, Told(comment.id))


def on_record(connection: sa.Connection, by: By) -> Record:
    """What waits, and what was done."""
    require(by.actor, "moderation.see")
    return Record(reading.flagged(connection, MOST), events_of(connection, VERBS, MOST))
