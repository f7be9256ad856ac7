"""Search over HTTP: the API that the search box asks, and the page of results that needs no JavaScript."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, Response, jsonify, render_template, request

from kb_server.errors import Invalid
from kb_server.search import answers
from kb_server.search.models import FARTHEST, MOST_HITS, Request
from kb_server.search.resultspage import PER_PAGE, Asked, view
from kb_server.search.service import search
from kb_server.web.context import build, kb, shell


def blueprint() -> Blueprint:
    """The routes of search."""
    routes = Blueprint("search", __name__)
    routes.add_url_rule("/api/v1/search", view_func=hits)
    routes.add_url_rule("/search/", view_func=page)
    return routes


def hits() -> Response:
    """The hits for a query, as JSON."""
    limit, offset = _number("limit", 1, MOST_HITS, 10), _number("offset", 0, FARTHEST, 0)
    # Nobody looks at counts while typing, and they take as long as the search.
    asked = replace(_request(limit, offset, marks=_flag("marks")), typing=_flag("typing"), facets=not _flag("typing"))
    return _private(jsonify(answers.as_data(search(kb().database, kb().settings, asked))))


def page() -> Response:
    """The page of results."""
    served = build()
    number = _page_number()
    found = search(kb().database, kb().settings, _request(PER_PAGE, (number - 1) * PER_PAGE, marks=True, by_page=True))
    names = {"query": "query", "kind": "kind", "team": "team", "place": "in"}
    given = {field: request.args.get(name, "") for field, name in names.items()}
    asked = Asked(base=f"{request.script_root}/", exact=_flag("exact"), page=number, **given)
    html = render_template(
        "search/results.html", shell=shell("search"), results=view(found, asked, served.manifest.teams)
    )
    headers = {"Content-Security-Policy": served.policy}
    return _private(Response(html, headers=headers, content_type="text/html; charset=utf-8"))


def _request(limit: int, offset: int, *, marks: bool, by_page: bool = False) -> Request:
    given = request.args
    return Request(
        given.get("query", ""),
        limit,
        offset,
        kind=given.get("kind", ""),
        team=given.get("team", ""),
        within=given.get("in", ""),
        exact=_flag("exact"),
        marks=marks,
        by_page=by_page,
        teams={key: str(team.get("name", key)) for key, team in build().manifest.teams.items()},
    )


def _number(name: str, least: int, most: int, default: int) -> int:
    text = request.args.get(name, "").strip()
    if not text:
        return default
    if not text.isascii() or not text.isdigit() or len(text) > len(str(most)) or not least <= int(text) <= most:
        raise Invalid(f"{name} must be a whole number from {least} to {most}.")
    return int(text)


def _page_number() -> int:
    """The page asked for; whatever else stands there in an address is the first one."""
    try:
        return _number("page", 1, FARTHEST // PER_PAGE, 1)
    except Invalid:
        return 1


def _flag(name: str) -> bool:
    return request.args.get(name, "") in ("1", "true")


def _private(response: Response) -> Response:
    # No cache between may keep what somebody looked for, or answer anybody else with it.
    response.headers["Cache-Control"] = "private, no-cache"
    return response
