"""What a list shows, to take away: all of it, whatever page of it is looked at."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

import sqlalchemy as sa
from flask import Blueprint, Response, request

from kb_server.suggestions import exporting
from kb_server.suggestions.exporting import Listing, Row, Some
from kb_server.suggestions.forms import query_of
from kb_server.web import live
from kb_server.web.context import kb
from kb_server.writing import tables


def add(routes: Blueprint) -> None:
    """Put these routes into the blueprint."""
    routes.get("/suggestions/export.csv")(table)
    routes.get("/suggestions/export.json")(data)


def table() -> Response:
    """The list for a spreadsheet."""
    return _sent(exporting.as_csv, "text/csv; charset=utf-8", "suggestions.csv")


def data() -> Response:
    """The list for programs."""
    return _sent(tables.as_json, "application/json", "suggestions.json")


def _sent(written: Callable[[Iterable[Row]], Iterator[str]], kind: str, name: str) -> Response:
    by, database = live.by(), kb().database
    query = query_of(request.args, by.roster.teams)

    def read(ask: Callable[[sa.Connection], Some]) -> Some:
        with database.read() as connection:
            return ask(connection)

    root = f"{kb().settings.origin or request.host_url.rstrip('/')}{request.script_root}/"
    wanted = replace(query.narrowed(by), state=query.states)
    found = Listing(by.roster, wanted, query.in_order, root).rows(read)
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(map(str.encode, written(found)), headers=headers, content_type=kind)
