"""The rules of conversations: who may say, change, settle and move what.

What each of these changes, its documents and its line in the log are one transaction: the caller's.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa

from kb_server.errors import Conflict, Invalid
from kb_server.people.permissions import require
from kb_server.people.roster import Roster
from kb_server.people.secret import stamp
from kb_server.people.storage import new_id
from kb_server.threads import acts, carrying, finding, presence, questions, reading, settling, storage, ticking
from kb_server.threads.acts import Told, log
from kb_server.threads.models import DELETED, KINDS, SHOWN, Comment, Thread, Topic
from kb_server.words import t
from kb_server.writing import marking, pace, sending, text
from kb_server.writing.dues import Owed
from kb_server.writing.markdown import VERSION
from kb_server.writing.models import By, Place, Said


class Stale(Conflict):
    """Somebody edited the same comment in between; `current` is what it says now."""

    def __init__(self, current: Comment) -> None:
        super().__init__(t("talk.stale"))
        self.current = current


# ── Saying ────────────────────────────────────────────────────────────────


def start(connection: sa.Connection, by: By, topic: Topic, said: Said) -> Comment:
    """Begin a conversation on a page, a section or a passage; gives what it begins with. Raises Invalid."""
    place = topic.place
    require(by.actor, "thread.start", place.thing())
    if topic.kind not in KINDS:
        raise Invalid(t("talk.no_kind"))
    quoted = topic.passage.exact if topic.passage else ""
    send = sending.Sending(by, said, f"{place.page}#{place.section} {topic.kind} {quoted}")
    if before := _made(connection, by, send):
        return before
    quote = marking.quoted(place, topic.passage)
    ready = text.ready(connection, by, said.body)
    pace.spend(connection, by)
    thread = Thread(
        id=new_id("th"),
        number=storage.next_number(connection),
        page=place.page,
        section=place.section,
        section_title=place.section_title,
        kind=topic.kind,
        title=ready.title,
        author=by.actor.id,
        created_at=stamp(by.now),
        quote=quote,
        build=place.build,
        digest=place.digest,
        shown=1,
    )
    storage.add_thread(connection, thread)
    comment, line = _say(connection, by, thread, place, ready)
    due = questions.begin(connection, by, thread, place)
    log(connection, by, "thread.started", thread, Told(comment.id, ready, {"due": due} if due else {}, line))
    send.remember(connection, comment.id)
    return comment


def answer(connection: sa.Connection, by: By, thread: Thread, place: Place, said: Said) -> Comment:
    """Say something in a conversation; gives it. Raises Invalid."""
    require(by.actor, "comment.post", place.thing())
    send = sending.Sending(by, said, thread.id)
    if before := _made(connection, by, send):
        return before
    ready = text.ready(connection, by, said.body)
    pace.spend(connection, by)
    comment, line = _say(connection, by, thread, place, ready)
    storage.one_more(connection, thread.id)
    owed = questions.said(connection, by, thread, place)
    log(connection, by, "comment.posted", thread, Told(comment.id, ready, owed, line))
    send.remember(connection, comment.id)
    return comment


def edit(connection: sa.Connection, by: By, comment: Comment, place: Place, said: Said) -> Comment:
    """Change what one has said. Raises Stale, Invalid."""
    thread = thread_of(connection, comment)
    require(by.actor, "comment.edit", place.thing(comment.author))
    if comment.state != SHOWN:
        raise Conflict(t("talk.gone"))
    ready = text.ready(connection, by, said.body)
    if ready.body == comment.body:
        return comment
    if said.version != comment.version:
        raise Stale(comment)
    pace.spend(connection, by)
    changed = text.reworded(by, comment, ready)
    storage.change_comment(connection, comment, changed)
    if reading.first_comment(connection, thread.id) == comment.id:
        presence.call(connection, thread, ready.title, place)
    finding.put(connection, thread, changed, place)
    added = replace(ready, mentions={name: one for name, one in ready.mentions.items() if name not in comment.mentions})
    log(connection, by, "comment.edited", thread, Told(comment.id, added))
    return changed


def delete(connection: sa.Connection, by: By, comment: Comment, place: Place) -> None:
    """Take back what one has said: its text is gone for good, that there was one stays."""
    thread = thread_of(connection, comment)
    require(by.actor, "comment.delete", place.thing(comment.author))
    if comment.state == DELETED:
        return
    storage.empty_comment(connection, comment.id)
    presence.leave(connection, thread, comment, place)
    log(connection, by, "comment.deleted", thread, Told(comment.id))


def agree(connection: sa.Connection, by: By, comment: Comment, place: Place, *, does: bool = True) -> None:
    """Agree with a comment, or no longer. Doing so twice changes nothing."""
    thread = thread_of(connection, comment)
    require(by.actor, "comment.agree", place.thing(comment.author))
    if comment.state != SHOWN:
        raise Conflict(t("talk.gone"))
    if comment.author == by.actor.id:
        raise Invalid(t("talk.agree.own"))
    pace.spend_small(connection, by)
    if not does:
        if storage.remove_reaction(connection, comment.id, by.actor.id):
            log(connection, by, "comment.unagreed", thread, Told(comment.id))
    elif storage.add_reaction(connection, comment.id, by.actor.id, stamp(by.now)):
        log(connection, by, "comment.agreed", thread, Told(comment.id))


# ── What becomes of a conversation ────────────────────────────────────────

settle, reopen, move = settling.settle, settling.reopen, settling.move
thread_of = acts.thread_of


# ── How far somebody has come ─────────────────────────────────────────────

asked_by, answered_by = reading.asked_by, reading.answered_by


# ── From build to build ───────────────────────────────────────────────────

plan_passages, carry_passages = carrying.plan, carrying.carry
foresee_passages, seen = carrying.foreseen, carrying.seen
threads_about = reading.threads_about


# ── What time alone brings about ──────────────────────────────────────────

CLOCKED = ticking.CLOCKED


def owed(connection: sa.Connection, ids: Iterable[str], roster: Roster, now: datetime) -> dict[str, Owed]:
    """How the clocks stand of those of these conversations that are questions and owed an answer."""
    return {one: questions.owed(asked, roster, now) for one, asked in reading.questions_in(connection, ids).items()}


# ── Shared by all of them ─────────────────────────────────────────────────


def _say(connection: sa.Connection, by: By, thread: Thread, place: Place, ready: text.Ready) -> tuple[Comment, int]:
    """Write a comment and its document; gives the number of the line in the log, too."""
    numbers = storage.take_numbers(connection, thread.page)
    comment = Comment(
        id=new_id("c"),
        number=numbers.said,
        thread=thread.id,
        author=by.actor.id,
        body=ready.body,
        html=ready.made.html,
        renderer=VERSION,
        created_at=stamp(by.now),
        mentions=ready.mentions,
    )
    storage.add_comment(connection, comment)
    finding.add(connection, thread, comment, place, numbers.document)
    return comment, numbers.line


def _made(connection: sa.Connection, by: By, send: sending.Sending) -> Comment | None:
    before = send.before(connection)
    return reading.comment(connection, before, by.actor.id) if before else None
