"""When something is in the way: what it is, and everything that was typed, to be sent once more. No word is lost."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from flask import Response, current_app, request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as BaseResponse

from kb_server.errors import KbError
from kb_server.people import secret
from kb_server.people.permissions import SignInFirst
from kb_server.threads import view
from kb_server.threads.forms import QUOTE
from kb_server.threads.routes.answers import WRITER, form, is_part, page, part, writer
from kb_server.threads.service import Stale
from kb_server.web import cookies
from kb_server.web.context import build, kb
from kb_server.web.gate import FromElsewhere
from kb_server.web.words import words_for
from kb_server.writing import drafts
from kb_server.writing.marking import PassageGone
from kb_server.writing.places import SectionGone
from kb_server.writing.text import Ready

TYPED_IN = tuple(f"threads.{name}" for name in ("start", "answer", "edit", "settle", "flag"))
"""The routes whose forms people write in."""


def again(error: Exception) -> BaseResponse:
    """What could not be done, why, and everything that was typed, ready to be sent once more."""
    usual = _usual(error)
    if request.method != "POST" or not (is_part() or _is_typed(error)):
        return usual
    status, why = usual.status_code, str(error) if isinstance(error, KbError) else ""
    headers = {name: usual.headers[name] for name in ("Retry-After", "WWW-Authenticate") if name in usual.headers}
    if is_part():
        return _problem(error, status, why, headers)
    fields, browser = _kept_fields(error), writer() or secret.new()
    sign_in = _to_sign_in(fields, browser) if isinstance(error, SignInFirst) else ""
    response = filled(request.path, fields, status=status, why=why, sign_in=sign_in, current=_current(error))
    response.headers.update(headers)
    if sign_in:
        response.set_cookie(WRITER, browser, max_age=drafts.LASTS, **cookies.flags())
    return response


def _is_typed(error: Exception) -> bool:
    """Whether a form of ours was sent in which people write.

    What another site sends is never made into a form of ours: a click would then say it in the name of who reads here.
    """
    try:
        typed = request.form.get("body") or request.form.get("reason")
    except HTTPException:  # it is too long to be read, whoever sends it
        return False
    return bool(typed) and request.endpoint in TYPED_IN and not isinstance(error, FromElsewhere)


def _usual(error: Exception) -> Response:
    """The answer that everybody else would get."""
    handler = current_app._find_error_handler(error, [])  # noqa: SLF001  -- there is no other way to ask for it
    if handler is None:
        raise error
    answered: Response = current_app.make_response(handler(error))  # type: ignore[arg-type]  # Flask's own handlers
    return answered


def _problem(error: Exception, status: int, why: str, headers: dict[str, str]) -> Response:
    words = words_for(status)
    body = {"type": "about:blank", "title": words.title, "status": status, "detail": why or words.lead}
    if isinstance(error, Stale):
        body |= {"current": error.current.body, "version": error.current.version}
    response = Response(json.dumps(body), status, headers, content_type="application/problem+json")
    response.headers["Cache-Control"] = "no-store"
    return response


def filled(path: str, fields: dict[str, str], *, status: int = 200, **more: Any) -> Response:  # noqa: ANN401
    """The form at `path`, filled in."""
    words = words_for(status) if status != HTTPStatus.OK else None
    given: dict[str, Any] = {"action": path, "fields": fields, "words": words, "starts": path.startswith("/talk/")}
    return page("threads/again.html", status=status, **given, **more)


def previewed(ready: Ready) -> Response:
    """How a text will look: as a part, or above the form it came from."""
    shown = view.previewed(ready, build().roster)
    if is_part():
        return part("threads/preview.html", preview=shown)
    return filled(request.path, form().kept(), preview=shown)


def _kept_fields(error: Exception) -> dict[str, str]:
    fields = form().kept()
    if isinstance(error, (PassageGone, SectionGone)):
        fields = {name: value for name, value in fields.items() if name not in QUOTE}
    if isinstance(error, SectionGone):
        fields.pop("section", None)
    if isinstance(error, Stale):
        fields["version"] = str(error.current.version)
    return fields


def _current(error: Exception) -> str:
    return error.current.body if isinstance(error, Stale) else ""


def _to_sign_in(fields: dict[str, str], browser: str) -> str:
    """Keep what was typed; gives the address that leads through signing in and back to it."""
    with kb().database.transaction() as connection:
        # The path comes last: a field of this name must not send the form elsewhere when it is sent again.
        given = drafts.keep(connection, fields | {"path": request.path}, browser, datetime.now(UTC))
    return f"/draft/{given}/" if given else ""
