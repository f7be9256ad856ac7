"""What the routes of conversations share: who acts, where, and how it is answered, to people and to our own scripts."""

from __future__ import annotations

import gzip
import hashlib
import json
from datetime import UTC, datetime
from functools import cache
from http import HTTPStatus
from importlib.resources import files
from typing import Any

import sqlalchemy as sa
from flask import Response, current_app, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from kb_server.errors import KbError
from kb_server.people.permissions import SignInFirst
from kb_server.threads import drafts, markdown, places, reading, view
from kb_server.threads.forms import QUOTE, Form
from kb_server.threads.models import KINDS, LONGEST_REASON, MOST_BYTES, By, Place, Thread
from kb_server.threads.places import SectionGone
from kb_server.threads.service import PassageGone, Stale
from kb_server.threads.text import Ready
from kb_server.threads.view import Viewer
from kb_server.web.context import build, kb, shell
from kb_server.web.gate import actor
from kb_server.web.words import words_for

PART = "KB-Part"
"""The header by which our own scripts ask for a part of a page, and want what is wrong as data."""
_ICONS = {"wrong": "material/alert-outline", "question": "material/comment-question-outline"}
_ICONS["idea"] = "material/lightbulb-on-outline"


def by() -> By:
    """Who does what this request asks for, and when."""
    return By(actor(), build().roster, datetime.now(UTC), kb().settings.posts_per_minute)


def viewer() -> Viewer:
    """Who looks."""
    return Viewer(actor(), build().roster)


def form() -> Form:
    """What was sent."""
    return Form(request.form)


def place_at(page_id: str, section: str = "") -> Place:
    """A page of the served build, or a section of it. Raises NotFound, SectionGone."""
    served = build()
    return places.place(served.pages.get(page_id), served.id, section)


def place_of(thread: Thread) -> Place:
    """Where a conversation hangs."""
    served = build()
    return places.place_of(served.pages.get(thread.page), served.id, thread)


# ── Pages and parts ───────────────────────────────────────────────────────


def tag(connection: sa.Connection, page_id: str) -> str:
    """What tells the page's conversations as they stand, and as this person sees them, from any other."""
    me = actor()
    who = (me.id, *sorted(me.teams), *sorted(me.liaison_of), str(me.is_admin), me.handle, str(me.scopes))
    stands = "-".join(map(str, reading.standing(connection, page_id)))
    seen = "\0".join((*who, request.full_path, request.script_root, build().id, _templates()))
    return f"{stands}-{hashlib.sha256(seen.encode()).hexdigest()[:16]}"


def is_known(etag: str) -> bool:
    """Whether whoever asks has it already."""
    return request.if_none_match.contains_weak(etag)


def unchanged(etag: str) -> Response:
    """The answer to somebody who has it already."""
    return _kept(Response(status=304), etag)


def page(template: str, *, status: int = 200, etag: str = "", **fields: Any) -> Response:  # noqa: ANN401
    """A page in the wiki's own look."""
    text = render_template(template, shell=shell("talk"), **_common(), **fields)
    response = Response(text, status, content_type="text/html; charset=utf-8")
    response.headers["Content-Security-Policy"] = build().policy
    response.headers["Cache-Control"] = "no-store"
    return _kept(_packed(response), etag) if etag else response


def part(template: str, *, etag: str = "", **fields: Any) -> Response:  # noqa: ANN401
    """A part of a page, for our own script."""
    text = render_template(template, **_common(), **fields)
    response = Response(text, content_type="text/html; charset=utf-8")
    response.headers["Cache-Control"] = "no-store"
    return _kept(_packed(response), etag) if etag else response


def is_part() -> bool:
    """Whether our own script asks."""
    return PART in request.headers


def _common() -> dict[str, Any]:
    kinds = [(kind, _ICONS[kind]) for kind in KINDS]
    limits = {"most": MOST_BYTES, "most_reason": LONGEST_REASON}
    return {"me": actor(), "kinds": kinds, "kind_icons": _ICONS, "moment": view.moment, "limits": limits}


def _kept(response: Response, etag: str) -> Response:
    response.set_etag(etag, weak=True)
    response.headers["Cache-Control"] = "private, no-cache"
    response.vary.add("Cookie")
    return response


def _packed(response: Response) -> Response:
    """Compressed here, since whatever has an ETag is left alone later."""
    response.vary.add("Accept-Encoding")
    if request.accept_encodings["gzip"] > 0:
        response.set_data(gzip.compress(response.get_data(), 1, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
    return response


@cache
def _templates() -> str:
    """A digest of what makes pages of conversations: with another version of the program they look different."""
    folder = files("kb_server.threads") / "templates" / "threads"
    total = hashlib.sha256(markdown.VERSION.encode())
    for template in sorted(folder.iterdir(), key=lambda one: one.name):
        total.update(template.read_bytes())
    return total.hexdigest()


# ── When something is in the way ──────────────────────────────────────────


def again(error: Exception) -> BaseResponse:
    """What could not be done, why, and everything that was typed, ready to be sent once more."""
    usual = _usual(error)
    typed = request.form.get("body") or request.form.get("reason")
    if request.method != "POST" or not (is_part() or typed):
        return usual
    status, why = usual.status_code, str(error) if isinstance(error, KbError) else ""
    headers = {name: usual.headers[name] for name in ("Retry-After", "WWW-Authenticate") if name in usual.headers}
    if is_part():
        return _problem(error, status, why, headers)
    fields = _kept_fields(error)
    sign_in = _to_sign_in(fields) if isinstance(error, SignInFirst) else ""
    response = filled(request.path, fields, status=status, why=why, sign_in=sign_in, current=_current(error))
    response.headers.update(headers)
    return response


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
    return filled(request.path, form().without("preview"), preview=shown)


def _kept_fields(error: Exception) -> dict[str, str]:
    fields = form().without("preview")
    if isinstance(error, (PassageGone, SectionGone)):
        fields = {name: value for name, value in fields.items() if name not in QUOTE}
    if isinstance(error, SectionGone):
        fields.pop("section", None)
    if isinstance(error, Stale):
        fields["version"] = str(error.current.version)
    return fields


def _current(error: Exception) -> str:
    return error.current.body if isinstance(error, Stale) else ""


def _to_sign_in(fields: dict[str, str]) -> str:
    """Keep what was typed; gives the address that leads through signing in and back to it."""
    with kb().database.transaction() as connection:
        secret = drafts.keep(connection, {"path": request.path, **fields}, datetime.now(UTC))
    return f"/draft/{secret}/" if secret else ""
