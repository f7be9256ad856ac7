"""Board and list over HTTP: whatever is chosen stands in the address."""

from __future__ import annotations

from flask import Blueprint, Response, request

from kb_server.suggestions import view
from kb_server.suggestions.forms import AGES, TABS, query_of
from kb_server.suggestions.models import ORDERS
from kb_server.suggestions.routes import answers
from kb_server.web import live
from kb_server.web.context import build, kb


def add(routes: Blueprint) -> None:
    """Put these routes into the blueprint."""
    routes.get("/suggestions/")(board)


def board() -> Response:
    """What waits for us and what we have asked, or a list."""
    by, served = live.by(), build()
    query = query_of(request.args, by.roster.teams)
    with kb().database.read() as connection:
        etag = answers.tag(connection)
        if ready := live.at_hand(etag):
            return ready
        found: view.Rows | view.Board
        if query.is_list:
            found = view.rows(connection, by, served.pages, query)
        else:
            found = view.board(connection, by, served.pages, query)
    page = served.pages.get(query.page)
    return answers.page(
        "suggestions/list.html" if query.is_list else "suggestions/board.html",
        etag=etag,
        query=query,
        labels=found.labels,
        roster=by.roster,
        about=page.title if page else query.page,
        choices={"tabs": tuple(TABS), "ages": AGES, "orders": ORDERS},
        found=found,
        at=lambda **changes: f"{request.script_root}/suggestions/{query.at(**changes)}",
    )
