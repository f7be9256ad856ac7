"""The page on which people sign in, whatever the way; picking a person; an invitation; signing out."""

from __future__ import annotations

from flask import Blueprint, request
from werkzeug.wrappers import Response

from kb_server.accounts import inviting, service
from kb_server.accounts.routes import answers, mailed, oidc
from kb_server.errors import NotFound
from kb_server.people import sessions
from kb_server.web import addresses, cookies
from kb_server.web.context import build, kb
from kb_server.web.gate import COOKIE, actor, session


def add(routes: Blueprint) -> None:
    """Put these routes into the blueprint."""
    routes.get("/sign-in/")(sign_in)
    routes.post("/sign-in/")(enter)
    routes.get("/sign-in/invitation/<given>/")(invitation)
    routes.post("/sign-in/invitation/<given>/")(accept)
    routes.post("/sign-out/")(sign_out)


def sign_in() -> Response:
    """The page on which people sign in."""
    to = addresses.local(request.args.get("to", ""))
    match kb().settings.auth:
        case "local":
            choices = service.choices(build().roster)
            likely = next((one for one in choices if one.handle == request.args.get("as")), None)
            return answers.page("accounts/local.html", choices=choices, likely=likely, to=to, me=actor())
        case "email":
            return mailed.form(to=to)
        case "oidc":
            return oidc.form(to=to)
    return answers.page("accounts/closed.html", way=kb().settings.auth)


def enter() -> Response:
    """Sign in as the person picked, or ask for a mail."""
    match kb().settings.auth:
        case "local":
            proven = service.picked(build().roster, request.form.get("handle", ""))
            with kb().database.transaction() as connection:
                secret = answers.signed_in(connection, proven)
            return answers.let_in(secret, request.form.get("to", ""))
        case "email":
            return mailed.ask()
    raise NotFound("Nobody signs in here.")


def invitation(given: str) -> Response:
    """What an invitation is for. Following the link changes nothing: programs follow links too."""
    mailed.require_mail()
    with kb().database.read() as connection:
        person = inviting.whom(connection, given, answers.now())
    return answers.page("accounts/invitation.html", status=200 if person else 404, person=person)


def accept(given: str) -> Response:
    """Sign in who was invited."""
    mailed.require_mail()
    with kb().database.transaction() as connection:
        person = inviting.accept(connection, given, answers.now())
        secret = answers.opened(connection, person) if person else ""
    return answers.let_in(secret, "/") if person else answers.page("accounts/invitation.html", status=404, person=None)


def sign_out() -> Response:
    """Sign out of this browser."""
    with kb().database.transaction() as connection:
        sessions.end_session(connection, session())
    response = answers.go("")
    response.delete_cookie(COOKIE, **cookies.flags())
    return response
