"""What the routes of conversations share: who acts, where, and how it is answered, to people and to our own scripts."""

from __future__ import annotations

import gzip
import hashlib
from datetime import UTC, datetime
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

import sqlalchemy as sa
from flask import Response, current_app, redirect, render_template, request
from markupsafe import Markup
from werkzeug.urls import iri_to_uri
from werkzeug.wrappers import Response as BaseResponse

from kb_server.threads import reading, view
from kb_server.threads.finding import url_of
from kb_server.threads.forms import Form
from kb_server.threads.models import KINDS, Thread
from kb_server.threads.shelf import Shelf
from kb_server.threads.view import Remark, Viewer
from kb_server.web import addresses
from kb_server.web.context import above, build, kb, shell
from kb_server.web.errors import PART
from kb_server.web.gate import actor
from kb_server.words import each
from kb_server.writing import markdown, places
from kb_server.writing.models import LONGEST_REASON, MOST_BYTES, By, Place

WRITER = "kb_writer"
"""The cookie by which a browser finds again what was typed in it before somebody signed in."""
HTML = "text/html; charset=utf-8"
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


def writer() -> str:
    """The secret of the browser in which something was typed, or ""."""
    return request.cookies.get(WRITER, "")


def place_at(page_id: str, section: str = "") -> Place:
    """A page of the served build, or a section of it. Raises NotFound, SectionGone."""
    served = build()
    return places.place(served.pages.get(page_id), served.id, section)


def place_of(thread: Thread) -> Place:
    """Where a conversation hangs."""
    served = build()
    return places.place_of(served.pages.get(thread.page), served.id, thread.page, thread.section)


# ── Pages and parts ───────────────────────────────────────────────────────


def tag(connection: sa.Connection, page_id: str) -> str:
    """What tells the page's conversations as they stand, and as this person sees them, from any other."""
    me = actor()
    who = (me.id, me.handle, me.is_admin, sorted(me.teams), sorted(me.liaison_of), sorted(me.scopes or ()))
    seen = (
        who,
        request.full_path,
        request.script_root,
        build().id,
        _templates(),
        reading.standing(connection, page_id),
        above(),
    )
    return hashlib.sha256(repr(seen).encode()).hexdigest()[:24]


def at_hand(etag: str) -> Response | None:
    """What can be answered without making it: that whoever asks has it already, or a page made a moment ago."""
    if request.if_none_match.contains_weak(etag):
        return _kept(Response(status=304), etag)
    body = _shelf().get(etag + _packing())
    return _sent(body, etag) if body is not None else None


def page(template: str, *, status: int = 200, etag: str = "", **fields: Any) -> Response:  # noqa: ANN401
    """A page in the wiki's own look; with an `etag`, one that is the same until that changes."""
    text = render_template(template, shell=shell("talk"), **_common(), **fields)
    return _made(text, etag) if etag else _once(text, status)


def part(template: str, *, etag: str = "", **fields: Any) -> Response:  # noqa: ANN401
    """A part of a page, for our own script."""
    text = render_template(template, **_common(), **fields)
    return _made(text, etag) if etag else _once(text)


def is_part() -> bool:
    """Whether our own script asks."""
    return PART in request.headers


def _common() -> dict[str, Any]:
    names = each("talk.kind")
    kinds = {kind: (names[kind], _ICONS[kind]) for kind in KINDS}
    limits = {"most": MOST_BYTES, "most_reason": LONGEST_REASON}
    base, served = f"{request.script_root}/", build().id

    def said(remark: Remark, may_say: bool = True) -> Markup:  # noqa: FBT001, FBT002  -- templates call it so
        return _said(remark, may_say, base, served)

    return {"me": actor(), "kinds": kinds, "said": said, "when": _when, "limits": limits}


@lru_cache(maxsize=4096)
def _said(remark: Remark, may_say: bool, base: str, _build: str) -> Markup:  # noqa: FBT001
    """Something said, as whoever is shown just this sees it in this build; most of a page was shown before."""
    template = current_app.jinja_env.get_template("threads/said.html")
    return Markup(template.render(remark=remark, may_say=may_say, base=base, when=_when))  # noqa: S704  -- a template


@lru_cache(maxsize=4096)
def _when(stamp: str) -> Markup:
    written = '<kb-when><time datetime="{}">{}</time></kb-when>'
    return Markup(written).format(stamp, view.moment(stamp))  # noqa: S704  -- a constant


def _once(text: str, status: int = 200) -> Response:
    """An answer that nobody keeps."""
    headers = {"Content-Security-Policy": build().policy, "Cache-Control": "no-store"}
    return Response(text, status, headers, content_type=HTML)


def _made(text: str, etag: str) -> Response:
    body = gzip.compress(text.encode(), 1, mtime=0) if _packing() else text.encode()
    _shelf().put(etag + _packing(), body)
    return _sent(body, etag)


def _sent(body: bytes, etag: str) -> Response:
    response = Response(body, content_type=HTML, headers={"Content-Security-Policy": build().policy})
    if _packing():
        response.headers["Content-Encoding"] = _packing()
    return _kept(response, etag)


def _kept(response: Response, etag: str) -> Response:
    response.set_etag(etag, weak=True)
    response.headers["Cache-Control"] = "private, no-cache"
    response.vary.update(("Accept-Encoding", "Cookie"))
    return response


def _packing() -> str:
    """How a page is packed here, since whatever has an ETag is left alone later."""
    return "gzip" if request.accept_encodings["gzip"] > 0 else ""


def _shelf() -> Shelf:
    kept: Shelf = current_app.extensions.setdefault("kb.talk", Shelf())
    return kept


@cache
def _templates() -> str:
    """A digest of what makes pages of conversations: with another version of the program they look different."""
    folder = files("kb_server.threads") / "templates" / "threads"
    total = hashlib.sha256(markdown.VERSION.encode())
    for template in sorted(folder.iterdir(), key=lambda one: one.name):
        total.update(template.read_bytes())
    return total.hexdigest()


# ── On from a form ────────────────────────────────────────────────────────


def done(thread_id: str, comment_id: str = "") -> BaseResponse:
    """On to where somebody came from, or to what was said or changed."""
    back = addresses.local(request.form["back"]).lstrip("/") if "back" in request.form else ""
    return to(back or url_of(thread_id, comment_id))


def to(url: str) -> BaseResponse:
    """On to a page that shows what was done; our own script is told where, and fetches what it needs itself."""
    there = f"{request.script_root}/{url}"
    response = Response(status=204, headers={"KB-At": iri_to_uri(there)}) if is_part() else redirect(there, 303)
    response.headers["Cache-Control"] = "no-store"
    return response
