"""What the routes of conversations share: who looks, where a conversation hangs, and what all its pages know."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from flask import current_app, request
from markupsafe import Markup
from werkzeug.wrappers import Response as BaseResponse

from kb_server.threads import reading
from kb_server.threads.finding import url_of
from kb_server.threads.forms import Form, form_of
from kb_server.threads.models import KINDS, Thread
from kb_server.threads.view import Remark, Viewer
from kb_server.web import live
from kb_server.web.context import build
from kb_server.web.gate import actor
from kb_server.web.live import Look
from kb_server.words import each
from kb_server.writing.models import LONGEST_REASON, MOST_BYTES, Place

_ICONS = {"wrong": "material/alert-outline", "question": "material/comment-question-outline"}
_ICONS["idea"] = "material/lightbulb-on-outline"

by, writer, place_at = live.by, live.writer, live.place_at
at_hand, is_part, to = live.at_hand, live.is_part, live.to


def viewer() -> Viewer:
    """Who looks."""
    return Viewer(actor(), build().roster)


def form() -> Form:
    """What was sent."""
    return form_of(request.form)


def place_of(thread: Thread) -> Place:
    """Where a conversation hangs."""
    return live.place_of(thread.page, thread.section)


def tag(connection: sa.Connection, page_id: str) -> str:
    """What tells the page's conversations as they stand, and as this person sees them, from any other."""
    # By the day, since with it somebody goes away or comes back.
    return _LOOK.tag(reading.standing(connection, page_id), f"{datetime.now(UTC):%Y%m%d}")


def done(thread_id: str, comment_id: str = "") -> BaseResponse:
    """On to where somebody came from, or to what was said or changed."""
    return live.done(url_of(thread_id, comment_id))


def _common() -> dict[str, Any]:
    names = each("talk.kind")
    kinds = {kind: (names[kind], _ICONS[kind]) for kind in KINDS}
    limits = {"most": MOST_BYTES, "most_reason": LONGEST_REASON}
    base, served = f"{request.script_root}/", build().id

    def said(remark: Remark, may_say: bool = True) -> Markup:  # noqa: FBT001, FBT002  -- templates call it so
        return _said(remark, may_say, base, served)

    return {"me": actor(), "kinds": kinds, "said": said, "when": live.when, "limits": limits}


@lru_cache(maxsize=4096)
def _said(remark: Remark, may_say: bool, base: str, _build: str) -> Markup:  # noqa: FBT001
    """Something said, as whoever is shown just this sees it in this build; most of a page was shown before."""
    template: Any = current_app.jinja_env.get_template("threads/said.html").module
    made: Markup = template.said(remark, may_say, base, live.when)
    return made


_LOOK = Look("talk", "kb_server.threads", _common)
page, part = _LOOK.page, _LOOK.part
