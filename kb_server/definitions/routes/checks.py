"""What a page says of the terms it uses: that one has moved since the page was looked at; and where that is cleared."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from flask import Blueprint, render_template, request
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response as BaseResponse

from kb_server.definitions import checking, service, storage
from kb_server.definitions.pages import KIND
from kb_server.definitions.routes import answers
from kb_server.definitions.routes.remembered import remembered
from kb_server.errors import NotFound
from kb_server.pages import slots
from kb_server.pages.manifest import Page
from kb_server.people.permissions import may
from kb_server.web import live
from kb_server.web.context import build, kb
from kb_server.words import t

SEVERAL = 2
"""Definitions that a page leads to before it is looked at as a list of them."""


@dataclass(frozen=True, slots=True)
class Used:
    """The definitions of a build, and the pages that link to each."""

    terms: frozenset[str]
    by: Mapping[str, list[str]]


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
    used = _used()
    terms = [one for one in page.links if one in used.terms]
    if page.shell or not (terms or page.id in used.by):
        return {}
    try:
        with kb().database.read() as connection:
            moved = checking.moved_under(connection, page.id, terms) if terms else []
            html = _moved(page, moved) + _asking(connection, page, used) + _listing(connection, page, terms, used)
    except SQLAlchemyError:  # a page is worth more without this than not at all
        return {}
    return {slots.TERMS: html} if html else {}


def _moved(page: Page, moved: list[checking.Moved]) -> str:
    if not moved:
        return ""
    clears = may(live.by().actor, "definition.check", checking.thing(page))
    seen = max(one.number for one in moved)
    titles = {one.term: build().pages[one.term].title for one in moved}
    return render_template(
        "definitions/to_check.html", page=page, moved=moved, seen=seen, clears=clears, titles=titles
    ).strip()


def _asking(connection: sa.Connection, page: Page, used: Used) -> str:
    """On a definition: how many pages its version asks for a check."""
    users = used.by.get(page.id, ())
    counts: dict[str, tuple[int, int]] = remembered("asking", _as_it_stands(connection), dict) if users else {}
    if users and page.id not in counts:
        counts[page.id] = checking.asked_by(connection, page.id, users)
    version, count = counts.get(page.id, (0, 0))
    return f'<p class="kb-meta">{t("definition.asks", count=count, version=version)}</p>' if count else ""


def _listing(connection: sa.Connection, page: Page, terms: list[str], used: Used) -> str:
    """On a page that leads to most definitions: how many are agreed, and the way to the list with their states."""
    if page.id in used.terms or len(terms) < SEVERAL or len(terms) * 2 <= len(used.terms):
        return ""
    states = remembered("states", _as_it_stands(connection), lambda: service.states(connection, list(used.terms)))
    agreed = sum(state == "agreed" for state in states.values())
    return render_template("definitions/listing.html", agreed=agreed, count=len(used.terms)).strip()


def _as_it_stands(connection: sa.Connection) -> object:
    """What is another whenever something is said of a definition, or another build is served."""
    return build().id, storage.last_number(connection)


def _used() -> Used:
    """Worked out once for each build."""
    return remembered("used", build().id, lambda: _worked_out(build().pages.values()))


def _worked_out(pages: Iterable[Page]) -> Used:
    found = list(pages)
    terms = frozenset(page.id for page in found if page.kind == KIND)
    by: dict[str, list[str]] = defaultdict(list)
    for page, links in checking.links_in(found).items():
        for term in links:
            by[term].append(page)
    return Used(terms, dict(by))
