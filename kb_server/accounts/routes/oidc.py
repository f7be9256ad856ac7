"""Signing in with a provider, over HTTP: out, and back."""

from __future__ import annotations

import logging

from flask import Blueprint, current_app, redirect, request
from werkzeug.wrappers import Response

from kb_server.accounts import begun
from kb_server.accounts.provider import Away, Provider, Untrusted
from kb_server.accounts.routes import answers
from kb_server.errors import NotFound
from kb_server.web import addresses
from kb_server.web.context import build, kb
from kb_server.words import t

log = logging.getLogger("kb.sign-in")


def add(routes: Blueprint) -> None:
    """Put these routes into the blueprint."""
    routes.get("/sign-in/out/")(out)
    routes.get("/sign-in/back/")(back)


def form(status: int = 200, problem: str = "", to: str = "/") -> Response:
    """The page with the way to the provider, and what was in it."""
    return answers.page("accounts/oidc.html", status, problem=problem, to=to)


def out() -> Response:
    """On to the provider."""
    provider, to = _provider(), addresses.local(request.args.get("to", ""))
    try:
        with kb().database.transaction() as connection:
            secret = begun.begin(connection, to, answers.now())
        with answers.outside(Away).asked():
            response = redirect(provider.way_out(secret), 303)
    except Away as error:
        log.warning("the provider is away: %s", error)
        return form(503, t("account.provider.away"), to)
    response.headers["Cache-Control"] = "no-store"
    return answers.begun(response, secret, begun.LASTS)


def back() -> Response:
    """Back from the provider, with its answer."""
    provider, given = _provider(), answers.attempt()
    with kb().database.transaction() as connection:
        found = begun.end(connection, given, request.args.get("state", ""), answers.now())
    if found is None:
        return form(403, t("account.provider.stale"))
    try:
        with answers.outside(Away).asked():
            proven = provider.proven(given, request.args.to_dict(), build().roster)
    except Untrusted as error:
        log.warning("an answer of the provider was refused: %s", error)
        return form(403, t("account.provider.refused"), found.leads_to)
    except Away as error:
        log.warning("the provider is away: %s", error)
        return form(503, t("account.provider.away"), found.leads_to)
    with kb().database.transaction() as connection:
        secret = answers.signed_in(connection, proven)
    return answers.let_in(secret, found.leads_to)


def _provider() -> Provider:
    if kb().settings.auth != "oidc":
        raise NotFound("Nobody signs in here with a provider.")
    found: Provider = current_app.extensions.setdefault("kb.provider", Provider(kb().settings))
    return found
