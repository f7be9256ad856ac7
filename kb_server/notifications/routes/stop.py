"""The address in a mail by which its receiver ends the mails, without signing in."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Response

from kb_server.notifications import stopping
from kb_server.notifications.routes import answers
from kb_server.web.context import kb


def ask(person_id: str, what: str, signature: str) -> Response:
    """Ask whether mails are to end: whoever only looks, or a scanner of mail, changes nothing."""
    with kb().database.read() as connection:
        stopping.require(connection, person_id, what, signature)
    return _page(what, is_done=False)


def stop(person_id: str, what: str, signature: str) -> Response:
    """End mails, by a click here or in the mail program (RFC 8058)."""
    with kb().database.transaction() as connection:
        stopping.require(connection, person_id, what, signature)
        stopping.stop(connection, person_id, what, datetime.now(UTC))
    return _page(what, is_done=True)


def _page(what: str, *, is_done: bool) -> Response:
    return answers.page("notifications/stop.html", "message", is_all=what == stopping.ALL, is_done=is_done)
