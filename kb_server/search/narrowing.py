"""What filters mean: kinds and teams by id or by the name people read, places by page id or folder."""

from __future__ import annotations

import sqlalchemy as sa

from kb_server.documents import reading
from kb_server.documents.analysis import fold, normalise
from kb_server.search.grammar import Query
from kb_server.search.knowledge import Knowledge
from kb_server.search.models import Filters, Request
from kb_server.words import each


def name_of_one(kind: str) -> str:
    """What one text of this kind is called."""
    return each("kind", count=1).get(kind, kind.capitalize())


def name_of_many(kind: str) -> str:
    """What texts of this kind are called."""
    return each("kind", count=2).get(kind, kind.capitalize())


def filters_of(query: Query, request: Request) -> Filters:
    """What a request is narrowed to, by its query and by its parameters."""
    given = {"kind": request.kind, "team": request.team, "in": request.within.strip("/")}
    chosen = [*query.filters, *((name, normalise(value)) for name, value in given.items() if value)]
    kinds, teams, places = (tuple(dict.fromkeys(v for n, v in chosen if n == name)) for name in given)
    return Filters(kinds, teams, places)


class Meanings:
    """Tells the grammar what a filter means in this wiki; what means nothing here is text ("kind: Pod")."""

    def __init__(self, connection: sa.Connection, knowledge: Knowledge, request: Request) -> None:
        self._connection = connection
        self._knowledge = knowledge
        self._team_names = request.teams

    def __call__(self, name: str, value: str) -> str | None:
        """The meaning of a filter's value, or None."""
        if name == "kind":
            return self._kind(fold(value))
        if name == "team":
            return self._team(fold(value))
        place = value.strip("/")
        return place if place and reading.is_place(self._connection, place) else None

    def _kind(self, value: str) -> str | None:
        for kind in (*self._knowledge.kinds, *each("kind", count=2)):
            if value in (kind, f"{kind}s", fold(name_of_one(kind)), fold(name_of_many(kind))):
                return kind
        return None

    def _team(self, value: str) -> str | None:
        if value in self._knowledge.teams:
            return value
        return next((team for team, name in self._team_names.items() if value in (team, fold(name))), None)
