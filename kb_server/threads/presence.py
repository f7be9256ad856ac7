"""What comes into a conversation or leaves it: its count, its title, and what of it can be found follow at once."""

from __future__ import annotations

from dataclasses import replace

import sqlalchemy as sa

from kb_server.threads import finding, reading, storage
from kb_server.threads.models import SETTLED, Comment, Thread
from kb_server.writing import text
from kb_server.writing.models import Place


def leave(connection: sa.Connection, thread: Thread, comment: Comment, place: Place) -> None:
    """What a comment leaves behind is put right: found no more, not counted, no title of its words."""
    finding.remove(connection, comment)
    storage.close_flags(connection, comment.id)
    if reading.first_comment(connection, thread.id) == comment.id:
        call(connection, thread, "", place)
    if not storage.count_shown(connection, thread.id):
        finding.remove_reason(connection, thread)


def enter(connection: sa.Connection, thread: Thread, comment: Comment, place: Place) -> None:
    """A comment is there again: it is found, counted, and gives its conversation a title if it began it."""
    storage.count_shown(connection, thread.id)
    finding.put(connection, thread, comment, place)
    is_first = reading.first_comment(connection, thread.id) == comment.id
    call(connection, thread, text.first_line(finding.words(comment)) if is_first else thread.title, place)


def call(connection: sa.Connection, thread: Thread, title: str, place: Place) -> None:
    """Give a conversation this title, also where it is found by how it was settled."""
    storage.change_thread(connection, thread.id, title=title)
    if thread.state == SETTLED:
        finding.put_reason(connection, replace(thread, title=title), place)
