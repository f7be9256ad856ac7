"""The first steps above every page, and the button that closes them. Nothing of it needs a script."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlencode

from flask import Blueprint, redirect, render_template, request
from markupsafe import Markup
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response

from kb_server.errors import KbError
from kb_server.guide import service
from kb_server.guide.service import Step
from kb_server.web import addresses
from kb_server.web.context import build, kb
from kb_server.web.gate import actor

COOKIE = "kb_guide"
CLOSED = "closed"
LASTS = timedelta(days=365)

blueprint = Blueprint("guide", __name__)


class Above:
    """What stands above every page of whoever asks: the first steps, or nothing.

    Sample activity comes before the first request, if at all: once there is none, nobody has to look any more.
    """

    def __init__(self) -> None:
        """Nobody has looked yet."""
        self._is_over = False

    def __call__(self) -> Markup:
        """The HTML for this request."""
        if self._is_over or not _is_wanted():
            return Markup()
        try:
            with kb().database.read() as connection:
                if not service.is_on(connection):
                    self._is_over = True
                    return Markup()
                steps = service.steps(connection, build().pages)
        except (KbError, SQLAlchemyError):  # a page is worth more without its first steps than not at all
            return Markup()
        return _shown(steps)


def _is_wanted() -> bool:
    settings = kb().settings
    is_local = settings.auth == "local" and settings.sample
    return is_local and request.cookies.get(COOKIE) != CLOSED and _reads()


def _reads() -> bool:
    """Whether who asks may read. Whoever only claims to be somebody is told so, on a page that asks nothing more."""
    try:
        return actor().reads or kb().settings.is_public
    except KbError:
        return False


def _shown(steps: list[Step]) -> Markup:
    people = build().roster.people
    names = {step.handle: people[step.handle].name for step in steps if step.handle in people}
    back = request.full_path.rstrip("?") if request.method == "GET" else "/"
    fields = {
        "steps": steps,
        "names": names,
        "link": _link,
        "back": back,
        "asks": service.ASKS,
        "answers": service.ANSWERS,
    }
    return Markup(render_template("guide/steps.html", **fields))  # noqa: S704  -- a template


def _link(step: Step) -> str:
    """The way to a step: as whoever is to take it, by the page to pick people on if that is somebody else."""
    if actor().handle == step.handle:
        return f"{request.script_root}{step.path}"
    return f"{request.script_root}/sign-in/?{urlencode({'as': step.handle, 'to': step.path})}"


@blueprint.post("/first-steps/close/")
def close() -> Response:
    """Show the first steps no more in this browser."""
    response = redirect(f"{request.script_root}{addresses.local(request.form.get('back', '/'))}", 303)
    secure = kb().settings.origin.startswith("https:")
    response.set_cookie(
        COOKIE, CLOSED, max_age=LASTS, path=kb().settings.base_path, secure=secure, httponly=True, samesite="Lax"
    )
    response.headers["Cache-Control"] = "no-store"
    return response
