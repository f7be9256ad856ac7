"""What of conversations can be found: each comment that everybody may read, and how a conversation was settled."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa

from kb_server.documents import reading as documents
from kb_server.documents import storage
from kb_server.documents.models import Draft
from kb_server.threads import reading
from kb_server.threads.models import SETTLED, Comment, Thread
from kb_server.writing import markdown
from kb_server.writing.models import Place
from kb_server.writing.text import first_line

KIND = "conversation"


def url_of(thread_id: str, comment_id: str = "") -> str:
    """Where a conversation, or something said in it, can always be found; relative to the site's root."""
    return f"t/{thread_id}/#{comment_id}" if comment_id else f"t/{thread_id}/"


def words(comment: Comment) -> str:
    """What a comment says, in plain text."""
    return markdown.plain(comment.html)


def put(connection: sa.Connection, thread: Thread, comment: Comment, place: Place) -> None:
    """Let what somebody said be found as it is now."""
    storage.put(connection, [_said(thread, comment, place)], documents.analyser(connection))


def add(connection: sa.Connection, thread: Thread, comment: Comment, place: Place, number: int) -> None:
    """Let what somebody has just said be found; `number` is that of this change of the documents."""
    storage.add(connection, _said(thread, comment, place), documents.analyser(connection), number)


def remove(connection: sa.Connection, comment: Comment) -> None:
    """Let it be found no more."""
    storage.remove(connection, [ref(comment)], documents.analyser(connection))


def put_reason(connection: sa.Connection, thread: Thread, place: Place) -> None:
    """Let it be found how a conversation was settled."""
    storage.put(connection, [_settled(thread, place)], documents.analyser(connection))


def remove_reason(connection: sa.Connection, thread: Thread) -> None:
    """Let it be found no more how a conversation was settled."""
    storage.remove(connection, [ref_of_reason(thread)], documents.analyser(connection))


def put_all(connection: sa.Connection, thread: Thread, place: Place) -> None:
    """Write everything said in a conversation anew: it hangs elsewhere now."""
    drafts = [_said(thread, comment, place) for comment in reading.shown_comments(connection, thread.id)]
    if thread.state == SETTLED and drafts:
        drafts.append(_settled(thread, place))
    storage.put(connection, drafts, documents.analyser(connection))


def _said(thread: Thread, comment: Comment, place: Place) -> Draft:
    plain = words(comment)
    facts = {"mentions": dict(comment.mentions)} if comment.mentions else {}
    return _draft(ref(comment), thread, place, first_line(plain), url_of(thread.id, comment.id), plain, facts)


def _settled(thread: Thread, place: Place) -> Draft:
    return _draft(ref_of_reason(thread), thread, place, thread.title, url_of(thread.id, "settled"), thread.reason)


def _draft(  # noqa: PLR0913, PLR0917  -- the parts of a text
    ref: str, thread: Thread, place: Place, title: str, url: str, text: str, facts: Mapping[str, object] = {}
) -> Draft:
    return Draft(ref, KIND, thread.page, title, url, text, place.teams, {"page_title": title, **facts})


def ref(comment: Comment) -> str:
    """The name of a comment among all that can be found."""
    return f"comment:{comment.id}"


def ref_of_reason(thread: Thread) -> str:
    """The name of how a conversation was settled among all that can be found."""
    return f"settled:{thread.id}"
