"""What becomes of a conversation: settled, open again, moved to where it belongs."""

from __future__ import annotations

from dataclasses import replace

import sqlalchemy as sa

from kb_server.errors import Conflict
from kb_server.pages import quotes
from kb_server.people.permissions import require
from kb_server.people.secret import stamp
from kb_server.threads import finding, origins, questions, storage
from kb_server.threads.acts import Told, log
from kb_server.threads.models import OPEN, SETTLED, Thread
from kb_server.words import t
from kb_server.writing import pace, text
from kb_server.writing.models import By, Place


def settle(connection: sa.Connection, by: By, thread: Thread, place: Place, reason: str) -> None:
    """Settle a conversation, and say how. Raises Invalid, Conflict."""
    require(by.actor, "thread.settle", place.thing(thread.author))
    reason = text.reason(reason)
    if thread.state == SETTLED:
        if (thread.settled_by, thread.reason) == (by.actor.id, reason):
            return
        raise Conflict(t("talk.settled_before"))
    pace.spend_small(connection, by)
    storage.settle(connection, thread.id, by=by.actor.id, at=stamp(by.now), reason=reason)
    questions.stop(connection, thread, by.now)
    finding.put_reason(connection, replace(thread, reason=reason), place)
    log(connection, by, "thread.settled", thread)


def reopen(connection: sa.Connection, by: By, thread: Thread, place: Place) -> None:
    """Open a settled conversation again."""
    require(by.actor, "thread.reopen", place.thing(thread.author))
    if thread.state == OPEN:
        return
    pace.spend_small(connection, by)
    storage.reopen(connection, thread.id)
    finding.remove_reason(connection, thread)
    due = questions.begin(connection, by, thread, place)
    log(connection, by, "thread.reopened", thread, Told(more={"due": due} if due else {}))


def move(connection: sa.Connection, by: By, thread: Thread, place: Place, to: Place) -> None:
    """Let a conversation hang on another page, or another section. A passage stays with it if it stands there too."""
    require(by.actor, "thread.move", place.thing(thread.author))
    if (to.page, to.section) == (thread.page, thread.section):
        return
    pace.spend_small(connection, by)
    quote = quotes.found(to.text, thread.quote.exact) if thread.quote else None
    moved = replace(
        thread,
        page=to.page,
        section=to.section,
        section_title=to.section_title,
        build=to.build,
        digest=to.digest,
        fate="here" if quote or not thread.quote else "gone",
        quote=quote or thread.quote,
    )
    storage.move(connection, moved)
    origins.forget(connection, thread.id)
    finding.put_all(connection, moved, to)
    storage.page_changed(connection, thread.page)
    due = questions.move(connection, by, thread, to)
    log(connection, by, "thread.moved", moved, Told(more={"due": due} if due else {}))
