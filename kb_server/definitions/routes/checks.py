"""What a page says of the terms it uses: that one has moved since the page was looked at; and where that is cleared."""

from __future__ import annotations

from collections import defaultdict

from flask import Blueprint, current_app, render_template, request
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response as BaseResponse

from kb_server.definitions import checking, service
from kb_server.definitions.pages import KIND
from kb_server.definitions.routes import answers
from kb_server.errors import NotFound
from kb_server.pages import slots
from kb_server.pages.manifest import Page
from kb_server.people.permissions import Thing, may
from kb_server.web import live
from kb_server.web.context import build, kb
from kb_server.words import t


def add(routes: Blueprint) -> None:
    """Put these routes into the blueprint."""
    routes.post("/p/<page_id>/checked/")(checked)


def checked(page_id: str) -> BaseResponse:
    """Say that a page is still right, by the versions that were shown with the button."""
    page = build().pages.get(page_id)
    if page is None:
        raise NotFound(t("definition.none"))
    seen = request.form.get("seen", 0, type=int)
    with kb().database.transaction() as connection:
        checking.clear(connection, answers.by(connection), page, seen)
    return live.done(page.url)


def fills(page: Page) -> dict[str, str]:
    """What stands below a page's title; nothing where it uses no terms, or nobody can say."""
    served = build()
    terms = [one for one in page.links if one in served.pages and served.pages[one].kind == KIND]
    if page.shell or not (terms or page.kind == KIND):
        return {}
    try:
        html = _moved(page, terms) + _asking(page) + _listing(page, terms)
    except SQLAlchemyError:  # a page is worth more without this than not at all
        return {}
    return {slots.TERMS: html} if html else {}


def _moved(page: Page, terms: list[str]) -> str:
    with kb().database.read() as connection:
        moved = checking.moved_under(connection, page.id, terms) if terms else []
    if not moved:
        return ""
    thing = Thing(owner=str(page.meta.get("owner") or ""), teams=page.teams)
    clears = may(live.by().actor, "definition.check", thing)
    seen = max(one.number for one in moved)
    titles = {one.term: build().pages[one.term].title for one in moved}
    return render_template(
        "definitions/to_check.html", page=page, moved=moved, seen=seen, clears=clears, titles=titles
    ).strip()


def _asking(page: Page) -> str:
    """On a definition: how many pages its version asks for a check."""
    if page.kind != KIND:
        return ""
    users = _users().get(page.id, ())
    with kb().database.read() as connection:
        version, count = checking.asked_by(connection, page.id, users) if users else (0, 0)
    return f'<p class="kb-meta">{t("definition.asks", count=count, version=version)}</p>' if count else ""


def _listing(page: Page, terms: list[str]) -> str:
    """On a page that leads to most definitions: how many are agreed, and the way to the list with their states."""
    every = [one.id for one in build().pages.values() if one.kind == KIND] if len(terms) > 1 else []
    if page.kind == KIND or len(terms) * 2 <= len(every) or not every:
        return ""
    with kb().database.read() as connection:
        agreed = sum(state == "agreed" for state in service.states(connection, every).values())
    return render_template("definitions/listing.html", agreed=agreed, count=len(every)).strip()


def _users() -> dict[str, list[str]]:
    """The pages that link to each page, worked out once for each build."""
    served = build()
    kept: dict[str, dict[str, list[str]]] = current_app.extensions.setdefault("kb.users", {})
    if served.id not in kept:
        found: dict[str, list[str]] = defaultdict(list)
        for one in served.pages.values():
            for target in one.links:
                found[target].append(one.id)
        kept.clear()
        kept[served.id] = found
        return found
    return kept[served.id]
