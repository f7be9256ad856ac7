"""What the routes of accounts have in common: pages nobody may keep, cookies, and the moment of signing in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask import Response, current_app, redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from kb_server.accounts import browsers
from kb_server.accounts.outside import Outside
from kb_server.errors import KbError
from kb_server.people import service, sessions
from kb_server.people.models import Person, Proven
from kb_server.web import addresses, cookies
from kb_server.web.context import build, kb, shell
from kb_server.web.gate import COOKIE, session

ATTEMPT = "kb_attempt"
"""The cookie that ties an attempt to sign in to the browser that began it; it goes to the pages of signing in alone."""


def now() -> datetime:
    """This moment."""
    return datetime.now(UTC)


def page(template: str, status: int = 200, **fields: Any) -> Response:  # noqa: ANN401  -- whatever the template shows
    """A page of this reader's own, in the site's look."""
    name = template.partition("/")[2].partition(".")[0]
    text = render_template(template, shell=shell(name), **fields)
    headers = {"Content-Security-Policy": build().policy, "Cache-Control": "no-store"}
    return Response(text, status, headers, content_type="text/html; charset=utf-8")


def outside(away: type[KbError]) -> Outside:
    """The server of others of which this is raised when it is away."""
    found: Outside = current_app.extensions.setdefault(
        f"kb.outside.{away.__name__}", Outside(kb().settings.threads, away)
    )
    return found


def go(path: str) -> BaseResponse:
    """On to a place of this wiki, and to its home where `path` is none."""
    response = redirect(f"{request.script_root}{addresses.local(path)}", 303)
    response.headers["Cache-Control"] = "no-store"
    return response


def signed_in(connection: sa.Connection, proven: Proven) -> str:
    """Sign in who has proved who they are; gives the secret for their browser."""
    return opened(connection, service.known_as(connection, proven, build().roster, now()))


def opened(connection: sa.Connection, person: Person) -> str:
    """Sign this person in, and whoever was signed in here before out; gives the secret for their browser."""
    name = browsers.name(request.user_agent.string)
    return sessions.open_session(connection, person, name, now(), before=session())


def let_in(secret: str, path: str) -> BaseResponse:
    """On to where somebody wanted to be, now signed in."""
    response = go(path)
    response.set_cookie(COOKIE, secret, max_age=sessions.LASTS, **cookies.flags())
    response.delete_cookie(ATTEMPT, **cookies.flags("sign-in/"))
    return response


def begun(response: BaseResponse, secret: str, lasts: timedelta) -> BaseResponse:
    """The same answer, with the secret of an attempt for this browser."""
    response.set_cookie(ATTEMPT, secret, max_age=lasts, **cookies.flags("sign-in/"))
    return response


def attempt() -> str:
    """The secret of the attempt under way in this browser, or ""."""
    return request.cookies.get(ATTEMPT, "")
