"""Signing in by a mail, over HTTP."""

from __future__ import annotations

import logging
import threading

import sqlalchemy as sa
from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from kb_server.accounts import mailed
from kb_server.accounts.models import Attempt
from kb_server.accounts.routes import answers
from kb_server.errors import Invalid, KbError, NotFound
from kb_server.mail.letters import Letter
from kb_server.mail.sending import Line, Unreachable
from kb_server.people.limits import TooOften
from kb_server.web import addresses
from kb_server.web.context import build, kb
from kb_server.words import t

log = logging.getLogger("kb.mail")


def add(routes: Blueprint) -> None:
    """Put these routes into the blueprint."""
    routes.get("/sign-in/code/")(code)
    routes.post("/sign-in/code/")(enter_code)
    routes.get("/sign-in/link/<given>/")(link)
    routes.post("/sign-in/link/<given>/")(enter_link)


def form(status: int = 200, problem: str = "", email: str = "", to: str = "/") -> Response:
    """The page that asks for an address, and says what was in the way."""
    fields = {"problem": problem, "email": email, "to": to, "sends_mail": bool(kb().settings.mail_url)}
    fields["minutes"] = mailed.MINUTES
    return answers.page("accounts/email.html", status=status, **fields)


def ask() -> Response:
    """Send a code and a link to the address, if it may sign in; and say the same if it may not."""
    given, to = request.form.get("email", ""), addresses.local(request.form.get("to", ""))
    if not kb().settings.mail_url:
        return form(503, "", given, to)
    try:
        secret = _asked(mailed.normal(given), to)
    except Invalid:
        return form(422, t("account.mail.wrong"), given, to)
    except TooOften as error:
        response = form(429, t("account.mail.often"), given, to)
        response.headers["Retry-After"] = str(error.seconds)
        return response
    except Unreachable as error:
        log.warning("no sign-in mail could be sent: %s %s", error, type(error.__cause__).__name__)
        return form(503, t("account.mail.away"), given, to)
    return answers.begun(answers.go("/sign-in/code/"), secret, mailed.LASTS)


def code() -> Response:
    """The page on which the code is typed."""
    require_mail()
    found = _under_way()
    return _code_page(found) if found else answers.go("/sign-in/")


def enter_code() -> Response:
    """Sign in by the code."""
    require_mail()
    with kb().database.transaction() as connection:
        found = mailed.by_code(connection, answers.attempt(), request.form.get("code", "")[:40], answers.now())
        secret = _signed_in(connection, found) if found else ""
    if found:
        return answers.let_in(secret, found.leads_to)
    left = _under_way()
    if left is None:
        return form(422, t("account.code.over"))
    return _code_page(left, 422, t("account.code.wrong", count=mailed.TRIES - left.tries))


def link(given: str) -> Response:
    """What a link from a mail is for. Following it changes nothing: programs follow links too."""
    require_mail()
    with kb().database.read() as connection:
        found = mailed.of_link(connection, answers.attempt(), given, answers.now())
    return _link_page(found)


def enter_link(given: str) -> Response:
    """Sign in by the link."""
    require_mail()
    with kb().database.transaction() as connection:
        found = mailed.by_link(connection, answers.attempt(), given, answers.now())
        secret = _signed_in(connection, found) if found else ""
    return answers.let_in(secret, found.leads_to) if found else _link_page(None)


def _code_page(attempt: Attempt, status: int = 200, problem: str = "") -> Response:
    return answers.page("accounts/code.html", status, attempt=attempt, problem=problem, minutes=mailed.MINUTES)


def _link_page(attempt: Attempt | None) -> Response:
    return answers.page("accounts/link.html", 200 if attempt else 404, attempt=attempt, minutes=mailed.MINUTES)


def _asked(email: str, to: str) -> str:
    """Begin; gives the secret for the browser. Raises TooOften, Unreachable."""
    settings, roster = kb().settings, build().roster
    with kb().database.read() as connection:
        mailed.require_left(connection, email, answers.now())
    # Whether the mail server is there is learnt before anything is counted, and whoever it is for. The mail itself goes
    # out after the answer: how long that takes, and whether there is one, would tell who may sign in.
    with answers.outside(Unreachable).asked():
        line = Line(settings)
    try:
        with kb().database.transaction() as connection:
            asked = mailed.ask(connection, settings, roster, email, to, answers.attempt(), answers.now())
    except BaseException:
        line.close()
        raise
    letter = _letter(email, asked)
    threading.Thread(target=_deliver, args=(line, letter if asked.is_admitted else None), name="kb-mail").start()
    return asked.secret


def _letter(email: str, asked: mailed.Asked) -> Letter:
    """What is written to somebody who wants to sign in."""
    site = build().manifest.site_name
    url = f"{kb().settings.base_url}sign-in/link/{asked.link}/"
    fields = {"site": site, "code": asked.code, "url": url, "minutes": mailed.MINUTES}
    text, html = (render_template(f"accounts/mail.{kind}", **fields) for kind in ("txt", "html"))
    return Letter(email, t("account.letter.subject", code=asked.code, site=site), text, html)


def _deliver(line: Line, letter: Letter | None) -> None:
    with line:
        try:
            if letter:
                line.send(letter)
        except (KbError, ValueError) as error:
            log.warning("a sign-in mail was not delivered: %s", error)


def _under_way() -> Attempt | None:
    with kb().database.read() as connection:
        return mailed.under_way(connection, answers.attempt(), answers.now())


def _signed_in(connection: sa.Connection, found: Attempt) -> str:
    return answers.signed_in(connection, mailed.proven(connection, found.email, build().roster))


def require_mail() -> None:
    """Raise NotFound in a wiki in which people do not sign in by mail."""
    if kb().settings.auth != "email":
        raise NotFound("Nobody signs in here by mail.")
