"""One's own account: teams, browsers, tokens, and everything that is held about one."""

from __future__ import annotations

import json
from collections.abc import Sequence

from flask import Blueprint, Response, current_app, request
from werkzeug.wrappers import Response as BaseResponse

from kb_server.accounts import overview
from kb_server.accounts.routes import answers
from kb_server.errors import Conflict, Invalid
from kb_server.people import absences, memberships, privacy, sessions, storage
from kb_server.people.models import NOBODY
from kb_server.people.permissions import may, require, scopes
from kb_server.people.privacy import Holding
from kb_server.web.context import build, kb
from kb_server.web.errors import SIGNS_IN
from kb_server.web.gate import must, session
from kb_server.words import t

HELD = "kb.held"
"""Under this name `create_app` puts into `app.extensions` everything that features hold about people."""


def add(routes: Blueprint) -> None:
    """Put these routes into the blueprint."""
    routes.get("/account/")(account)
    routes.get("/account/export/")(export)
    routes.post("/account/teams/ask/")(ask)
    routes.post("/account/teams/leave/")(leave)
    routes.post("/account/away/")(away)
    routes.post("/account/back/")(back_again)
    routes.post("/account/browsers/end/")(end_browser)
    routes.post("/account/browsers/end-others/")(end_others)
    routes.post("/account/tokens/")(make_token)
    routes.post("/account/tokens/end/")(end_token)


def account() -> Response:
    """Who I am here."""
    return _page()


def export() -> Response:
    """Everything that is held about me, to keep."""
    me = must("account")
    with kb().database.read() as connection:
        person = storage.person(connection, me.id)
        held: Sequence[Holding] = current_app.extensions.get(HELD, ())
        found = privacy.export(connection, person, held, answers.now()) if person else {}
    text = json.dumps(found, ensure_ascii=False, indent=2)
    headers = {"Content-Disposition": "attachment; filename=about-me.json", "Cache-Control": "no-store"}
    return Response(text, headers=headers, content_type="application/json")


def ask() -> BaseResponse:
    """Ask to be in a team."""
    with kb().database.transaction() as connection:
        memberships.ask(connection, must("account"), request.form.get("team", ""), build().roster, answers.now())
    return answers.go("/account/")


def leave() -> BaseResponse:
    """Leave a team, or no longer ask to be in it."""
    with kb().database.transaction() as connection:
        memberships.leave(connection, must("account"), request.form.get("team", ""), build().roster)
    return answers.go("/account/")


def away() -> BaseResponse:
    """Say until when I am away, and who stands in."""
    until, deputy = (request.form.get(name, "") for name in ("until", "deputy"))
    try:
        with kb().database.transaction() as connection:
            absences.go(connection, must("account"), build().roster, until, deputy, answers.now())
    except Invalid as error:
        return _page(422, trouble=str(error))
    return answers.go("/account/")


def back_again() -> BaseResponse:
    """Say that I am there again."""
    with kb().database.transaction() as connection:
        absences.come_back(connection, must("account"), answers.now())
    return answers.go("/account/")


def end_browser() -> BaseResponse:
    """Sign out in another browser."""
    with kb().database.transaction() as connection:
        sessions.end_browser(connection, must("account"), request.form.get("browser", ""))
    return answers.go("/account/")


def end_others() -> BaseResponse:
    """Sign out everywhere but here."""
    with kb().database.transaction() as connection:
        sessions.end_other_browsers(connection, must("account"), session())
    return answers.go("/account/")


def make_token() -> Response:
    """Make a token, and show it this once."""
    form = request.form
    days = int(form.get("days", "0")) if form.get("days", "0").isdecimal() and len(form.get("days", "0")) < 5 else 0  # noqa: PLR2004
    try:
        with kb().database.transaction() as connection:
            if session() and not sessions.this_session(connection, session()):
                require(NOBODY, "account")  # it ended while this waited its turn: no token may outlive it
            chosen = form.getlist("scope")
            given = sessions.make_token(connection, must("account"), form.get("name", ""), chosen, days, answers.now())
    except Invalid:
        return _page(422, problem=t("account.token.wrong"))
    except Conflict:
        return _page(409, problem=t("account.token.most", count=sessions.MOST_TOKENS))
    return _page(token=given)


def end_token() -> BaseResponse:
    """Let a token work no longer."""
    with kb().database.transaction() as connection:
        sessions.end_token(connection, must("account"), request.form.get("token", ""))
    return answers.go("/account/")


def _page(status: int = 200, problem: str = "", token: str = "", trouble: str = "") -> Response:
    me = must("account")
    with kb().database.read() as connection:
        found = overview.account(connection, me, build().roster, session(), answers.now())
    fields = {"account": found, "scopes": sorted(scopes()), "lasts": sessions.TOKENS_LAST, "day": overview.written}
    fields |= {"sees_people": may(me, "people.see"), "today": answers.now().date()}
    said = {"problem": problem, "token": token, "typed": request.form if problem else {}}
    said |= {"trouble": trouble, "typed_away": request.form if trouble else {}}
    return answers.page("accounts/account.html", status, **fields, **said, is_ours=kb().settings.auth in SIGNS_IN)
