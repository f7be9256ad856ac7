"""Was this helpful, over HTTP: a form on each page, and what became of it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from kb_server.errors import Invalid, KbError, NotFound
from kb_server.helpful import service
from kb_server.helpful.models import LONGEST_REASON, Page
from kb_server.people.permissions import SignInFirst
from kb_server.web import errors
from kb_server.web.context import build, kb, shell
from kb_server.web.gate import actor
from kb_server.web.words import words_for
from kb_server.words import t

blueprint = Blueprint("helpful", __name__)


@blueprint.get("/helpful/<page_id>/")
def page(page_id: str) -> Response:
    """How a page was found, and the form to say so."""
    return _shown(_page(page_id))


@blueprint.post("/helpful/<page_id>/")
def say(page_id: str) -> BaseResponse:
    """Say whether it was helpful."""
    about, said = _page(page_id), request.form.get("answer", "")
    if said not in {"yes", "no"}:
        raise Invalid(t("helpful.choose"))
    reason, now = request.form.get("reason"), datetime.now(UTC)
    with kb().database.transaction() as connection:
        service.say(connection, actor(), about, yes=said == "yes", reason=reason, now=now)
    if errors.PART in request.headers:
        return _shown(about)
    response = redirect(f"{request.script_root}/helpful/{about.id}/", 303)
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.errorhandler(Invalid)
@blueprint.errorhandler(SignInFirst)
def again(error: KbError) -> BaseResponse:
    """What is in the way, and what was typed, to be sent once more; our own script keeps it itself."""
    usual: BaseResponse = errors.respond(error)
    if request.method != "POST" or errors.PART in request.headers or not request.form.get("reason"):
        return usual
    fields: dict[str, Any] = {"words": words_for(usual.status_code), "why": str(error), "page": request.view_args}
    fields |= {"typed": request.form["reason"], "signs_in": isinstance(error, SignInFirst)}
    text = render_template("helpful/again.html", shell=shell("helpful"), most=LONGEST_REASON, **fields)
    headers = {"Content-Security-Policy": build().policy, "Cache-Control": "no-store"}
    return Response(text, usual.status_code, headers, content_type="text/html; charset=utf-8")


def _shown(about: Page) -> Response:
    with kb().database.read() as connection:
        found = service.found(connection, actor(), about)
    around = None if errors.PART in request.headers else shell("helpful")
    text = render_template("helpful/page.html", shell=around, found=found, most=LONGEST_REASON, me=actor())
    headers = {"Content-Security-Policy": build().policy, "Cache-Control": "private, no-cache", "Vary": errors.PART}
    return Response(text, headers=headers, content_type="text/html; charset=utf-8")


def _page(page_id: str) -> Page:
    found = build().pages.get(page_id)
    if found is None or found.shell:
        raise NotFound(t("talk.no_page"))
    return Page(found.id, found.title, found.url, found.digest, str(found.meta.get("owner") or ""), found.teams)
