"""Signing in and out over HTTP."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from kb_server.accounts import browsers, service
from kb_server.accounts.service import Browser
from kb_server.people import sessions
from kb_server.web import addresses
from kb_server.web.context import build, kb, shell
from kb_server.web.gate import COOKIE, actor, session

blueprint = Blueprint("accounts", __name__)


@blueprint.get("/sign-in/")
def sign_in() -> Response:
    """The page on which people sign in."""
    text = render_template(
        "accounts/local.html",
        shell=shell("message"),
        choices=service.choices(build().roster),
        to=addresses.local(request.args.get("to", "")),
        me=actor(),
    )
    return _page(text)


@blueprint.post("/sign-in/")
def enter() -> BaseResponse:
    """Sign in as the person picked, and go on to where one wanted to be."""
    browser = Browser(browsers.name(request.user_agent.string), session())
    roster = build().roster
    proven = service.picked(roster, request.form.get("handle", ""))
    with kb().database.transaction() as connection:
        secret = service.let_in(connection, proven, roster, browser, datetime.now(UTC))
    response = redirect(_to(request.form.get("to", "")), 303)
    response.set_cookie(COOKIE, secret, max_age=sessions.LASTS, **_cookie())
    return response


@blueprint.post("/sign-out/")
def sign_out() -> BaseResponse:
    """Sign out of this browser."""
    with kb().database.transaction() as connection:
        sessions.end_session(connection, session())
    response = redirect(_to(""), 303)
    response.delete_cookie(COOKIE, **_cookie())
    return response


def _cookie() -> dict[str, Any]:
    secure = kb().settings.origin.startswith("https:")
    return {"path": kb().settings.base_path, "secure": secure, "httponly": True, "samesite": "Lax"}


def _to(path: str) -> str:
    return f"{request.script_root}{addresses.local(path)}"


def _page(text: str) -> Response:
    headers = {"Content-Security-Policy": build().policy, "Cache-Control": "no-store"}
    return Response(text, headers=headers, content_type="text/html; charset=utf-8")
