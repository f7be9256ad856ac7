"""The one place where an error becomes an answer: a page for people, problem+json (RFC 9457) for programs."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from http import HTTPStatus

from flask import Flask, Response, redirect, render_template, request, url_for
from markupsafe import Markup
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as BaseResponse

from kb_server.db.trouble import Trouble, Unwritable, trouble
from kb_server.errors import Conflict, Forbidden, Invalid, KbError, NotFound
from kb_server.people.limits import TooOften
from kb_server.people.permissions import SignInFirst
from kb_server.web.api.faults import Unusable
from kb_server.web.api.models import Fault, Problem
from kb_server.web.context import build, kb, shell
from kb_server.web.headers import request_id
from kb_server.web.words import Words, words_for
from kb_server.words import t

log = logging.getLogger("kb.error")

STATUS: dict[type[KbError], int] = {NotFound: 404, Forbidden: 403, Invalid: 422, Unusable: 422, Conflict: 409}
SIGNS_IN = ("local", "email", "oidc")
"""The ways to sign in that begin on a page of ours."""
PART = "KB-Part"
"""The header by which our own scripts ask for a part of a page, and want what is wrong as data."""
KEPT = ("Allow", "Retry-After", "WWW-Authenticate")
PAGES = ("site", "permalinks")
"""The routes that look for pages."""
# For the moments without a build to lend its look.
PLAIN = Markup("<!doctype html><html lang=en><meta charset=utf-8><title>{title}</title><h1>{title}</h1><p>{lead}")


def install(app: Flask) -> None:
    """Register a handler for everything that can go wrong."""
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(KbError, _ours)
    app.register_error_handler(DBAPIError, _store)
    app.register_error_handler(PoolTimeout, _store)
    app.register_error_handler(Exception, _unexpected)


def answer(  # noqa: PLR0913  -- the parts of an answer
    status: int,
    detail: str,
    headers: dict[str, str] | None = None,
    kind: str = "",
    faults: Sequence[Fault] = (),
    *,
    said: str = "",
) -> Response:
    """The answer to a failed request, in the form the asker can read. `kind` says more than a status.

    What is `said` takes the place of the usual sentence for people.
    """
    if request.path.startswith("/api/") or PART in request.headers:
        response = _problem(status, detail, faults)
    else:
        response = _page(words_for(status, kind), status, detail, said)
    response.headers.update(headers or {})
    response.headers["Cache-Control"] = "no-store"
    return response


def respond(error: KbError) -> BaseResponse:
    """The answer to an error that a feature wants to say more about."""
    return _ours(error)


def _http(error: HTTPException) -> BaseResponse:
    if error.code is None or error.response is not None or error.code < HTTPStatus.BAD_REQUEST:
        return error.get_response()  # a redirect is an answer, not an error
    headers = {name: value for name, value in error.get_headers() if name in KEPT}
    return answer(error.code, error.description or error.name, headers)


def _ours(error: KbError) -> BaseResponse:
    if isinstance(error, SignInFirst):
        return _sign_in_first(error)
    if isinstance(error, TooOften):
        return answer(429, str(error), {"Retry-After": str(error.seconds)})
    if isinstance(error, Unwritable):
        return _unwritable()
    status = next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 503)
    headers = {"Retry-After": "5"} if status == HTTPStatus.SERVICE_UNAVAILABLE else None
    faults = error.faults if isinstance(error, Unusable) else ()
    return answer(status, str(error), headers, faults=faults, said=_said(error))


def _said(error: KbError) -> str:
    """What a feature says of something that is not there. Of a page the usual words say how to find another."""
    return str(error) if isinstance(error, NotFound) and request.blueprint not in PAGES else ""


def _unwritable() -> Response:
    return answer(503, t("error.unwritable.lead"), {"Retry-After": "60"}, "unwritable")


def _sign_in_first(error: SignInFirst) -> BaseResponse:
    # A program, a script, a form, or a wiki whose people are signed in before they come here.
    plain = request.path.startswith("/api/") or request.method != "GET" or "Authorization" in request.headers
    goes_there = request.headers.get("Sec-Fetch-Mode", "navigate") == "navigate"
    if plain or not goes_there or kb().settings.auth not in SIGNS_IN:
        return answer(401, str(error), {"WWW-Authenticate": 'Bearer realm="Common Ground"'})
    response = redirect(url_for("accounts.sign_in", to=request.full_path.rstrip("?")), 303)
    response.headers["Cache-Control"] = "no-store"
    return response


def _store(error: DBAPIError | PoolTimeout) -> Response:
    log.error("request %s: the store answers: %s", request_id(), _reason(error))
    match trouble(error):
        case Trouble.FULL:
            return answer(507, t("error.507.lead"))
        case Trouble.UNWRITABLE:
            return _unwritable()
    return answer(503, "The database cannot take this just now.", {"Retry-After": "5"})


def _reason(error: DBAPIError | PoolTimeout) -> str:
    """What the store says; of PostgreSQL the kind alone, for in its details stands what somebody was writing."""
    said = getattr(error, "orig", error)
    kind = getattr(said, "sqlstate", None)
    return f"{type(said).__name__} ({kind})" if kind else str(said)


def _unexpected(error: Exception) -> Response:
    log.error("request %s", request_id(), exc_info=error)
    return answer(500, "Something went wrong on our side.")


def _problem(status: int, detail: str, faults: Sequence[Fault]) -> Response:
    # Without a type of its own a problem is named as its status is (RFC 9457, 4.2.1).
    said = Problem(
        title=HTTPStatus(status).phrase,
        status=status,
        detail=detail,
        errors=list(faults),
        request=request_id(),
    )
    return Response(said.model_dump_json(), status, content_type="application/problem+json")


def _page(words: Words, status: int, detail: str, said: str) -> Response:
    headers = {}
    try:
        headers["Content-Security-Policy"] = build().policy
        text = render_template(
            "web/message.html", shell=shell("message"), **_fields(words, status, said or words.lead or detail)
        )
    except Exception as error:  # noqa: BLE001  -- the outer edge: an error page must not fail for want of a build
        log.warning("request %s: plain error page, because: %s", request_id(), error)
        text = PLAIN.format(title=words.title, lead=said or words.lead or detail)
    return Response(text, status, headers, content_type="text/html; charset=utf-8")


def _fields(words: Words, status: int, lead: str) -> dict[str, object]:
    failed = status >= HTTPStatus.INTERNAL_SERVER_ERROR
    return {
        "title": words.title,
        "lead": lead,
        "actions": _ways_on(status),
        "searches": not failed and status != HTTPStatus.UNAUTHORIZED,
        "request_id": request_id() if failed else "",
        "icon_name": words.icon,
    }


def _ways_on(status: int) -> list[dict[str, object]]:
    failed = status >= HTTPStatus.INTERNAL_SERVER_ERROR
    home = {"label": t("go.home"), "url": f"{request.script_root}/", "primary": not failed}
    if failed and request.method == "GET":
        again = f"{request.script_root}{request.full_path}".rstrip("?")
        return [{"label": t("go.again"), "url": again, "primary": True}, home]
    if status == HTTPStatus.UNAUTHORIZED and kb().settings.auth in SIGNS_IN:
        return [{"label": t("account.sign_in"), "url": f"{request.script_root}/sign-in/", "primary": True}, home]
    return [home]
