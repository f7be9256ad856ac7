"""What the routes of suggestions share: how their pages look, and which suggestion an address means."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from flask import request
from werkzeug.wrappers import Response as BaseResponse

from kb_server.errors import NotFound
from kb_server.suggestions import reading, service
from kb_server.suggestions.forms import form_of, named
from kb_server.suggestions.models import Remark, Suggestion
from kb_server.web import live
from kb_server.web.context import kb
from kb_server.web.gate import actor
from kb_server.web.live import Look
from kb_server.words import t
from kb_server.writing.forms import Form
from kb_server.writing.models import MOST_BYTES, Place


def form() -> Form:
    """What was sent."""
    return form_of(request.form)


def place(page: str, section: str) -> Place | None:
    """The page or section that a suggestion is about, if it is about any. Raises NotFound, SectionGone."""
    return live.place_at(page, section) if page else None


def found(connection: sa.Connection, name: str) -> Suggestion:
    """The suggestion in an address, for whoever may know that it is there. Raises NotFound."""
    number = named(name) if name.isascii() and name.isdigit() else 0
    one = reading.suggestion(connection, number, actor().id) if number else None
    if one is None or not service.sees(actor(), one):
        raise NotFound(t("suggestions.none"))
    return one


def remark(connection: sa.Connection, one: Suggestion, remark_id: str) -> Remark:
    """The remark in an address, if it is one about this suggestion. Raises NotFound."""
    said = reading.remark(connection, remark_id)
    if said is None or said.suggestion != one.number:
        raise NotFound(t("talk.no_comment"))
    return said


def with_one(name: str, act: Callable[[sa.Connection, Suggestion], object], behind: str = "") -> BaseResponse:
    """Do something with a suggestion; on to it."""
    with kb().database.transaction() as connection:
        one = found(connection, name)
        act(connection, one)
    return live.done(f"s/{one.number}/{behind}")


def tag(connection: sa.Connection) -> str:
    """What tells a page as it stands, and as this person sees it, from any other; the clock goes on by the minute."""
    return _LOOK.tag(reading.standing(connection), f"{datetime.now(UTC):%d %H:%M}")


def _common() -> dict[str, Any]:
    return {"me": actor(), "when": live.when, "limits": {"most": MOST_BYTES}}


_LOOK = Look("suggestions", "kb_server.suggestions", _common)
page, part = _LOOK.page, _LOOK.part
