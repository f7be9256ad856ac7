"""What the live pages of features share: who acts, where, and how it is answered, to people and to our own scripts."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from flask import Response, current_app, redirect, render_template, request
from markupsafe import Markup
from werkzeug.urls import iri_to_uri
from werkzeug.wrappers import Response as BaseResponse

from kb_server.web import addresses
from kb_server.web.context import above, build, kb, shell
from kb_server.web.errors import PART
from kb_server.web.gate import actor
from kb_server.web.shelf import Shelf
from kb_server.words import day, t
from kb_server.writing import markdown, places
from kb_server.writing.models import By, Place

WRITER = "kb_writer"
"""The cookie by which a browser finds again what was typed in it before somebody signed in."""
HTML = "text/html; charset=utf-8"


def by() -> By:
    """Who does what this request asks for, and when."""
    return By(actor(), build().roster, datetime.now(UTC), kb().settings.posts_per_minute)


def writer() -> str:
    """The secret of the browser in which something was typed, or ""."""
    return request.cookies.get(WRITER, "")


def place_at(page_id: str, section: str = "") -> Place:
    """A page of the served build, or a section of it. Raises NotFound, SectionGone."""
    served = build()
    return places.place(served.pages.get(page_id), served.id, section)


def place_of(page_id: str, section: str) -> Place:
    """Where something hangs, be it gone by now."""
    served = build()
    return places.place_of(served.pages.get(page_id), served.id, page_id, section)


def is_part() -> bool:
    """Whether our own script asks."""
    return PART in request.headers


# ── Pages and parts ───────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Look:
    """How the pages of a feature look: the shell they stand in, whose templates they are, and what all these know."""

    shell: str
    package: str
    common: Callable[[], Mapping[str, Any]]

    def tag(self, *standing: object) -> str:
        """What tells what this person asks for, as it stands and as they see it, from anything else."""
        me = actor()
        who = (me.id, me.handle, me.is_admin, sorted(me.teams), sorted(me.liaison_of), sorted(me.scopes or ()))
        asked = (request.full_path, request.script_root, build().id)
        seen = (who, *asked, _templates(self.package), *standing, above())
        return hashlib.sha256(repr(seen).encode()).hexdigest()[:24]

    def page(self, template: str, *, status: int = 200, etag: str = "", **fields: Any) -> Response:  # noqa: ANN401
        """A page in the wiki's own look; with an `etag`, one that is the same until that changes."""
        text = render_template(template, shell=shell(self.shell), **self.common(), **fields)
        return _made(text, etag) if etag else once(text, status)

    def part(self, template: str, *, etag: str = "", **fields: Any) -> Response:  # noqa: ANN401
        """A part of a page, for our own script."""
        text = render_template(template, **self.common(), **fields)
        return _made(text, etag) if etag else once(text)


def at_hand(etag: str) -> Response | None:
    """What can be answered without making it: that whoever asks has it already, or a page made a moment ago."""
    if request.if_none_match.contains_weak(etag):
        # A browser goes on with the headers of this answer: without the policy, the page it has would lose its styles.
        return _kept(Response(status=304, headers={"Content-Security-Policy": build().policy}), etag)
    body = _shelf().get(etag + _packing())
    return _sent(body, etag) if body is not None else None


def once(text: str, status: int = 200) -> Response:
    """An answer that nobody keeps."""
    headers = {"Content-Security-Policy": build().policy, "Cache-Control": "no-store"}
    return Response(text, status, headers, content_type=HTML)


@lru_cache(maxsize=4096)
def when(stamp: str) -> Markup:
    """A moment in a page; a script makes it local."""
    written = '<kb-when><time datetime="{}">{}</time></kb-when>'
    return Markup(written).format(stamp, moment(stamp))  # noqa: S704  -- a constant


def moment(stamp: str) -> str:
    """A moment as it is written where no script makes it local: `14 March 2027, 16:05 UTC`."""
    return t("date.moment", day=day(date.fromisoformat(stamp[:10])), time=stamp[11:16])


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
    kept: Shelf = current_app.extensions.setdefault("kb.shelf", Shelf())
    return kept


@cache
def _templates(package: str) -> str:
    """A digest of what makes pages of a feature: with another version of the program they look different."""
    folder = files(package) / "templates" / package.rpartition(".")[2]
    total = hashlib.sha256(markdown.VERSION.encode())
    for template in sorted(folder.iterdir(), key=lambda one: one.name):
        total.update(template.read_bytes())
    return total.hexdigest()


# ── On from a form ────────────────────────────────────────────────────────


def done(url: str) -> BaseResponse:
    """On to where somebody came from, or to `url`, where what was said or changed is."""
    back = addresses.local(request.form["back"]).lstrip("/") if "back" in request.form else ""
    return to(back or url)


def to(url: str) -> BaseResponse:
    """On to a page that shows what was done; our own script is told where, and fetches what it needs itself."""
    there = f"{request.script_root}/{url}"
    at = there if there.isascii() else iri_to_uri(there)
    response = Response(status=204, headers={"KB-At": at}) if is_part() else redirect(there, 303)
    response.headers["Cache-Control"] = "no-store"
    return response
