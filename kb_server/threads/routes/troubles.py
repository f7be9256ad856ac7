"""When something is in the way of what people say: what it is, and all that was typed. How a text will look, too."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import Response, request

from kb_server.threads import view
from kb_server.threads.forms import QUOTE
from kb_server.threads.routes.answers import form, is_part, page, part
from kb_server.threads.service import Stale
from kb_server.web.again import Again
from kb_server.web.context import build
from kb_server.web.words import words_for
from kb_server.writing.marking import PassageGone
from kb_server.writing.places import SectionGone
from kb_server.writing.text import Ready

TYPED_IN = tuple(f"threads.{name}" for name in ("start", "answer", "edit", "settle", "flag"))
"""The routes whose forms people write in."""


def filled(path: str, fields: dict[str, str], *, status: int = 200, **more: Any) -> Response:  # noqa: ANN401
    """The form at `path`, filled in."""
    words = words_for(status) if status != HTTPStatus.OK else None
    given: dict[str, Any] = {"action": path, "fields": fields, "words": words, "starts": path.startswith("/talk/")}
    current = _current(more.pop("error", None)).get("current", "")
    return page("threads/again.html", status=status, **given, current=current, **more)


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


def _current(error: Exception | None) -> dict[str, Any]:
    """What somebody else has made of the same comment meanwhile."""
    return {"current": error.current.body, "version": error.current.version} if isinstance(error, Stale) else {}


again = Again(TYPED_IN, ("body", "reason"), _kept_fields, filled, _current, "/draft/{}/")
