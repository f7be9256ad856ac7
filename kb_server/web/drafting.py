"""What somebody was writing is laid by for a while, and taken up again in the browser in which it was typed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial

from flask import Response, after_this_request

from kb_server.errors import NotFound
from kb_server.people import secret
from kb_server.web import cookies
from kb_server.web.context import kb
from kb_server.web.live import WRITER, writer
from kb_server.words import t
from kb_server.writing import drafts


def lay_by(fields: Mapping[str, str], longest: int = drafts.LONGEST) -> str:
    """Keep what was typed; gives what its address needs, "" where it is longer than the `longest` that is kept."""
    browser = writer() or secret.new()
    with kb().database.transaction() as connection:
        given = drafts.keep(connection, fields, browser, datetime.now(UTC), longest)
    if given:
        after_this_request(partial(_told, browser))
    return given


def taken_up(given: str) -> dict[str, str]:
    """What was typed. Raises NotFound once it was sent, its time is over, or in another browser."""
    with kb().database.read() as connection:
        fields = drafts.found(connection, given, writer(), datetime.now(UTC))
    if not fields:
        raise NotFound(t("talk.no_draft"))
    return fields


def _told(browser: str, response: Response) -> Response:
    """The answer, with the secret by which the browser finds again what was typed in it."""
    response.set_cookie(WRITER, browser, max_age=drafts.LASTS, **cookies.flags())
    return response
