"""All definitions over HTTP: as a page, and to take away; whatever is chosen stands in the address."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from urllib.parse import urlencode

import sqlalchemy as sa
from flask import Blueprint, Response, request

from kb_server.db import counters
from kb_server.definitions import exporting, listing, storage
from kb_server.definitions.listing import Choice, Listed
from kb_server.definitions.routes import answers
from kb_server.definitions.routes.remembered import remembered
from kb_server.web import live
from kb_server.web.context import build, kb
from kb_server.words import day, each
from kb_server.writing import tables

AT_ONCE = 100
"""Definitions on a page of the list."""


def add(routes: Blueprint) -> None:
    """Put these routes into the blueprint."""
    routes.get("/d/")(listed)
    routes.get("/definitions/export.csv")(table)
    routes.get("/definitions/export.json")(data)


def listed() -> Response:
    """How the definitions stand, and for whom each waits."""
    choice, now = _choice(), datetime.now(UTC)
    with kb().database.read() as connection:
        # By the hour, since a declaration may hold by now or a day have come; all else has its line in the log.
        etag = answers.tag(counters.latest(connection, "activity"), now.strftime("%Y%m%d%H"))
        if ready := live.at_hand(etag):
            return ready
        every = _every(connection, now)
    found = listing.chosen(every, choice)
    start = request.args.get("after", 0, type=int)
    start = start if 0 < start < len(found) else 0
    return answers.page(
        "definitions/list.html",
        etag=etag,
        choice=choice,
        every=every,
        found=found[start : start + AT_ONCE],
        count=len(found),
        next=start + AT_ONCE if start + AT_ONCE < len(found) else 0,
        states=listing.by_state(every),
        waits=listing.by_team(every, build().roster.teams),
        teams=build().roster.teams,
        at=lambda **changes: _at(choice, **changes),
        day=day,
        names_of=_names_of,
    )


def _every(connection: sa.Connection, now: datetime) -> list[Listed]:
    """All of them, worked out once for everybody until something is said of any; what time brings is said in a minute.

    Here nobody's words are shown, so somebody's that are forgotten are not kept here either.
    """
    key = build().id, storage.last_number(connection), now.strftime("%Y%m%d%H")
    return remembered("every", key, lambda: listing.listed(connection, build().pages.values(), now))


def table() -> Response:
    """The list for a spreadsheet: a row for each definition and team."""
    names = each("definition.column")
    columns = {column: names[column] for column in exporting.COLUMNS}
    with kb().database.read() as connection:
        text = "".join(tables.as_csv(_export(connection).table(connection), columns))
    return _sent(text, "text/csv; charset=utf-8", "definitions.csv")


def data() -> Response:
    """The list for programs: every text with its digest, every version, everything that was said."""
    with kb().database.read() as connection:
        text = "".join(tables.as_json(_export(connection).rows(connection)))
    return _sent(text, "application/json", "definitions.json")


def _export(connection: sa.Connection) -> exporting.Export:
    served = build()
    found: list[Listed] = listing.listed(connection, served.pages.values(), datetime.now(UTC))
    root = f"{kb().settings.origin or request.host_url.rstrip('/')}{request.script_root}/"
    return exporting.Export(listing.chosen(found, _choice()), served.roster, root)


def _choice() -> Choice:
    """What the address asks for; what there is none of is not asked for."""
    team, state = build().roster.now(request.args.get("team", "")), request.args.get("state", "")
    return Choice(
        team if team in build().roster.teams else "",
        state if state in listing.ORDER else "",
        waiting=bool(request.args.get("waiting")),
    )


def _names_of(teams: Iterable[str]) -> list[str]:
    return [build().roster.team(team).name for team in teams]


def _at(choice: Choice, **changes: str | int | bool) -> str:
    """The question that asks for this choice with something changed."""
    asked = {"team": choice.team, "state": choice.state, "waiting": int(choice.waiting)} | changes
    query = urlencode({name: value for name, value in asked.items() if value})
    return f"?{query}" if query else ""


def _sent(text: str, kind: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(text, headers=headers, content_type=kind)
