"""Search over HTTP: the interface that the search box asks, and the page of results that needs no JavaScript."""

from __future__ import annotations

from typing import Annotated

from flask import Blueprint, Response, render_template, request
from pydantic import Field, TypeAdapter

from kb_server.search import answers
from kb_server.search import similar as likeness
from kb_server.search.models import FARTHEST, LAST, MOST_HITS, Place, Request
from kb_server.search.resultspage import PER_PAGE, Asked, view
from kb_server.search.service import search
from kb_server.suggestions.cards import cards
from kb_server.suggestions.routes import answers as suggesting
from kb_server.web import live
from kb_server.web.api import Fault, Parameters, Unusable, cursors, operation
from kb_server.web.context import build, kb, shell
from kb_server.web.gate import actor
from kb_server.writing.forms import number

Id = Annotated[int, Field(ge=0, lt=1 << 63)]
PLACE = TypeAdapter(tuple[Annotated[int, Field(ge=1, le=FARTHEST)], Annotated[tuple[Id, ...], Field(max_length=LAST)]])


class Query(Parameters):
    """What may be asked of search."""

    query: str = Field(
        default="",
        description='Words, "phrases", -not, `kind:` `team:` `in:`. Any text is a query.',
        examples=["qualified lead"],
    )
    limit: int = Field(default=10, ge=1, le=MOST_HITS, description="How many hits at most.", examples=[5])
    cursor: cursors.Cursor = ""
    offset: int = Field(default=0, ge=0, le=FARTHEST, description="How many hits to pass over. A cursor is better.")
    kind: str = Field(default="", description="Only pages of this kind.")
    team: str = Field(default="", description="Only what concerns the team with this id.")
    within: str = Field(default="", alias="in", description="Only this page, by its id, or this folder.")
    exact: bool = Field(default=False, description="Take the query letter by letter: no spelling is put right.")
    typing: bool = Field(default=False, description="The last word may not be complete. No facets are counted.")
    marks: bool = Field(default=False, description="Put U+0002 before and U+0003 behind what was found.")

    def as_request(self) -> Request:
        """The question, as search takes it."""
        place = cursors.read(self.cursor, PLACE, *self.list_asked_for())
        return Request(
            self.query,
            self.limit,
            self.offset,
            kind=self.kind,
            team=self.team,
            within=self.within,
            typing=self.typing,
            exact=self.exact,
            marks=self.marks,
            facets=not self.typing,  # nobody looks at counts while typing, and they take as long as the search
            after=Place(*place) if place else None,
            teams=_teams(),
        )

    def list_asked_for(self) -> tuple[object, ...]:
        """What tells this list of hits from another."""
        return ("search", self.query, self.kind, self.team, self.within, self.exact, self.typing)


def blueprint() -> Blueprint:
    """The routes of search."""
    routes = Blueprint("search", __name__)
    routes.add_url_rule("/api/v1/search", view_func=hits)
    routes.add_url_rule("/search/", view_func=page)
    routes.add_url_rule("/suggestions/similar/", view_func=similar)
    return routes


@operation("Search", answers={200: "The hits, best first; none is an answer too."})
def hits(query: Query) -> answers.Found:
    """Search the whole wiki.

    Every section of every page that can be read. A typing mistake is put right and said, a question is answered by what
    has most of its words. The order is that of the moment: `next` goes on behind the last hit, wherever that is then.
    """
    if query.cursor and query.offset:
        raise Unusable(
            Fault(detail="cursor and offset are two ways to say where to begin. Give one.", parameter="offset")
        )
    results = search(kb().database, kb().settings, query.as_request())
    place = results.rest
    following = cursors.written((place.number, place.last), *query.list_asked_for()) if place else None
    return answers.found(results, following)


def page() -> Response:
    """The page of results. Whatever stands in its address, it is an answer."""
    served = build()
    asked = _asked()
    wanted = Request(
        asked.query,
        PER_PAGE,
        (asked.page - 1) * PER_PAGE,
        kind=asked.kind,
        team=asked.team,
        within=asked.place,
        exact=asked.exact,
        marks=True,
        by_page=True,
        teams=_teams(),
    )
    found = search(kb().database, kb().settings, wanted)
    teams = served.manifest.teams
    html = render_template("search/results.html", shell=shell("search"), results=view(found, asked, teams), teams=teams)
    # No cache between may keep what somebody looked for, or answer anybody else with it.
    headers = {"Content-Security-Policy": served.policy, "Cache-Control": "private, no-cache"}
    return Response(html, headers=headers, content_type="text/html; charset=utf-8")


def similar() -> Response:
    """The suggestions most like what is typed so far, as a part of the form in which it is typed."""
    typed, to, without = request.args.get("q", ""), request.args.get("to", ""), number(request.args.get("without", ""))
    found = likeness.similar(kb().database, typed, to, viewer=actor().id, without=without)
    with kb().database.read() as connection:
        shown = cards(connection, live.by(), build().pages, found)
    return suggesting.part("suggestions/similar.html", cards=[shown[one.number] for one in found])


def _asked() -> Asked:
    given = request.args
    fields = {name: given.get(name, "") for name in ("query", "kind", "team")}
    exact = given.get("exact", "") in ("1", "true")
    return Asked(f"{request.script_root}/", **fields, place=given.get("in", ""), exact=exact, page=_page_number())


def _teams() -> dict[str, str]:
    return {key: str(team.get("name", key)) for key, team in build().manifest.teams.items()}


def _page_number() -> int:
    """The page asked for; whatever else stands there in an address is the first one."""
    text = request.args.get("page", "").strip()
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= len(str(FARTHEST)) else 1
    return number if 1 <= number <= FARTHEST // PER_PAGE else 1
