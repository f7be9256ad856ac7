"""A list of suggestions to take away, read and written a part at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import sqlalchemy as sa

from kb_server.people.roster import Roster
from kb_server.suggestions import reading
from kb_server.suggestions.finding import url_of
from kb_server.suggestions.models import Filter, Suggestion, ids_in
from kb_server.words import each
from kb_server.writing import tables
from kb_server.writing.names import Names

AT_ONCE = 200
COLUMNS = (
    "name",
    "title",
    "from",
    "to",
    "author",
    "state",
    "since",
    "asked",
    "due",
    "answered",
    "in_time",
    "owner",
    "by_when",
    "agree",
    "labels",
    "page",
    "section",
    "joined",
    "text",
    "address",
)
Row = dict[str, str | int]
Some = Sequence[tuple[int, Row]]
"""Rows with the numbers of their suggestions."""
Read = Callable[[Callable[[sa.Connection], Some]], Some]
"""Ask something on a connection of its own, so that none waits for a slow reader."""


@dataclass(frozen=True, slots=True)
class Listing:
    """What is looked for, in which order, for which wiki; it begins at the address `root`."""

    roster: Roster
    wanted: Filter
    order: str
    root: str

    def rows(self, read: Read) -> Iterator[Row]:
        """Every suggestion that is looked for, with the names of this moment."""
        after = 0
        while some := read(partial(self._some, after)):
            yield from (row for _, row in some)
            after = some[-1][0]

    def _some(self, after: int, connection: sa.Connection) -> Some:
        found = reading.listed(connection, self.wanted, self.order, after=after, most=AT_ONCE)
        names = Names(connection, ids_in(found), self.roster)
        teams = {key: team.name for key, team in self.roster.teams.items()}
        return [(one.number, _row(one, names, teams, self.root)) for one in found]


def as_csv(found: Iterable[Row]) -> Iterator[str]:
    """A table for a spreadsheet, line by line, with the names of its columns in words."""
    names = each("suggestion.column")
    return tables.as_csv(found, {column: names[column] for column in COLUMNS})


def _row(one: Suggestion, names: Names, teams: Mapping[str, str], root: str) -> Row:
    to = teams.get(one.to_team, one.to_team)
    return {
        "name": one.name,
        "title": one.title,
        "from": teams.get(one.from_team, one.from_team),
        "to": to,
        "author": names.name(one.author),
        "state": each("suggestion.state", team=to)[one.state],
        "since": one.since,
        "asked": one.created_at,
        "due": one.due,
        "answered": one.answered_at,
        "in_time": each("suggestion.answered").get(one.in_time, ""),
        "owner": names.name(one.owner) if one.owner else "",
        "by_when": one.by_when,
        "agree": one.votes,
        "labels": ", ".join(one.labels),
        "page": one.page,
        "section": one.section_title,
        "joined": f"S-{one.into}" if one.into else "",
        "text": one.body,
        "address": f"{root}{url_of(one.number)}",
    }
