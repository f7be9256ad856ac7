"""Whether the conversation or comment in an address is there, for whoever may know that it is."""

from __future__ import annotations

from kb_server.errors import NotFound
from kb_server.threads.models import Comment, Thread
from kb_server.words import t


def thread(found: Thread | None) -> Thread:
    """The conversation. Raises NotFound."""
    if found is None:
        raise NotFound(t("talk.no_thread"))
    return found


def readable(found: Thread | None) -> Thread:
    """The conversation, if there is anything in it to read: nothing is done with one of which all is hidden or gone."""
    if found is None or not found.shown:
        raise NotFound(t("talk.no_thread"))
    return found


def comment(found: Comment | None, thread_id: str) -> Comment:
    """The comment, if it belongs to the conversation in the address. Raises NotFound."""
    if found is None or found.thread != thread_id:
        raise NotFound(t("talk.no_comment"))
    return found
