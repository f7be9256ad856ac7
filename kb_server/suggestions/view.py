"""What board and list look like to somebody: whose turn it is, on which page, first due first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import sqlalchemy as sa

from kb_server.people.models import Actor
from kb_server.people.roster import Roster, Team
from kb_server.suggestions import reading
from kb_server.suggestions.cards import Card, cards
from kb_server.suggestions.dues import Moment, grouped
from kb_server.suggestions.forms import NOBODY, OPEN, TABS, Query
from kb_server.suggestions.models import MORE, Filter, Suggestion
from kb_server.suggestions.proposing import team_of
from kb_server.writing.models import By
from kb_server.writing.places import Pages

PER_LANE = 40
PER_PAGE = 50
MOST_SIDES = 3  # teams named above a column


@dataclass(frozen=True, slots=True)
class Lane:
    """A column of the board: which teams ask which, none where it is any, and its cards in groups.

    ``is_ours`` where the answer is ours to give. ``query`` leads to all of it as a list.
    """

    is_ours: bool
    of: Sequence[Team]
    to: Sequence[Team]
    count: int
    groups: Sequence[tuple[str, Sequence[Card]]]
    query: Query
    is_cut: bool = False


@dataclass(frozen=True, slots=True)
class Board:
    """Both columns, how many there are under each tab, and the labels to look by.

    ``us`` is whose board it is; None: everybody's.
    """

    us: Team | None
    lanes: Sequence[Lane]
    counts: Mapping[str, int]
    labels: Sequence[str]


@dataclass(frozen=True, slots=True)
class Rows:
    """A part of the list, and the same besides; ``after`` is the number to go on from, 0 at the end."""

    cards: Sequence[Card]
    counts: Mapping[str, int]
    labels: Sequence[str]
    after: int


# ── Board ─────────────────────────────────────────────────────────────────


def board(connection: sa.Connection, by: By, pages: Pages, query: Query) -> Board:
    """What waits for us, and what we have asked. Four queries, however many there are."""
    us = our_team(by, query)
    filters = _lanes(by.actor, us, query, query.narrowed(by))
    states, twice = query.states, _in_both(*filters)
    found = reading.side_by_side(
        connection,
        [replace(wanted, state=states) for wanted in filters],
        query.in_order,
        most=PER_LANE + 1,
        viewer=by.actor.id,
    )
    tally = reading.tally(connection, *filters, *([twice] if twice else []))
    shown = cards(connection, by, pages, [one for ones in found for one in ones[:PER_LANE]])
    lanes = [
        Lane(
            is_ours=is_ours,
            of=_sides(by.roster, wanted.from_team, [one.from_team for one in ones]),
            to=_sides(by.roster, wanted.to_team, [one.to_team for one in ones]),
            count=sum(count.get(state, 0) for state in states),
            groups=_groups(by, query, ones[:PER_LANE], shown, is_ours=is_ours),
            query=_as_list(query, wanted),
            is_cut=len(ones) > PER_LANE,
        )
        for is_ours, wanted, ones, count in zip((True, False), filters, found, tally.counts, strict=False)
    ]
    both, once = tally.counts[: len(filters)], tally.counts[len(filters) :]
    counts = _tabs(both, sum(map(Counter, once), Counter[str]()))
    return Board(team_of(by.roster, us) if us else None, lanes, counts, tally.labels)


def our_team(by: By, query: Query) -> str:
    """Whose board it is: as chosen, else the team of whoever looks, the first of several; "" for all."""
    return query.team or next((team for team in by.roster.teams if team in by.actor.teams), "")


def _lanes(actor: Actor, our: str, query: Query, narrowed: Filter) -> tuple[Filter, Filter]:
    us = (our,) if our else ()
    other = (query.with_team,) if query.with_team else ()
    ours = replace(narrowed, to_team=us or narrowed.to_team, from_team=other or narrowed.from_team)
    asked = replace(narrowed, from_team=us or narrowed.from_team, to_team=other or narrowed.to_team)
    return ours, asked if us else replace(asked, author=actor.id or NOBODY)


def _in_both(ours: Filter, asked: Filter) -> Filter | None:
    """What stands in both columns: what a team asks of itself, or what somebody asked before the board of everybody.

    None where there can be nothing.
    """
    to, of = _shared(ours.to_team, asked.to_team), _shared(ours.from_team, asked.from_team)
    return None if to is None or of is None else replace(asked, to_team=to, from_team=of)


def _shared(here: tuple[str, ...], there: tuple[str, ...]) -> tuple[str, ...] | None:
    """The teams that both mean, where none is any; None where they mean different ones."""
    if not here or not there:
        return here or there
    return tuple(team for team in here if team in there) or None


def _as_list(query: Query, wanted: Filter) -> Query:
    """The list with what a column shows, as far as one team is meant on either side."""
    of, to = (teams[0] if len(teams) == 1 else "" for teams in (wanted.from_team, wanted.to_team))
    return replace(query, view="list", team="", with_team="", of=of, to=to)


def _sides(roster: Roster, wanted: tuple[str, ...], found: Sequence[str]) -> Sequence[Team]:
    """The teams on a side: those that are meant, else those that are there, unless it is nobody or everybody."""
    teams = set(wanted) or {*found}
    shown = [team for key, team in roster.teams.items() if key in teams]
    return shown if wanted or (shown and "" not in teams and len(shown) <= MOST_SIDES) else []


def _groups(
    by: By, query: Query, ones: Sequence[Suggestion], shown: Mapping[int, Card], *, is_ours: bool
) -> Sequence[tuple[str, Sequence[Card]]]:
    """Where answers are due they stand by when they are; what needs our word stands first in what we asked."""
    if query.tab != OPEN:
        return [("", [shown[one.number] for one in ones])] if ones else []
    groups = grouped(Moment(by.roster, by.now), ones, first="" if is_ours else MORE)
    return [(name, [shown[one.number] for one in some]) for name, some in groups]


def _tabs(counts: Iterable[Mapping[str, int]], twice: Mapping[str, int] = {}) -> dict[str, int]:
    """How many there are under each tab; those that are among the counts `twice` are one each."""
    every = sum(map(Counter, counts), Counter[str]())
    every.subtract(twice)
    return {tab: sum(every[state] for state in states) for tab, states in TABS.items()}


# ── List ──────────────────────────────────────────────────────────────────


def rows(connection: sa.Connection, by: By, pages: Pages, query: Query) -> Rows:
    """What is looked for, a part of it at a time. Four queries, and one to go on from what was shown."""
    wanted = query.narrowed(by)
    here = replace(wanted, state=query.states)
    found = reading.listed(connection, here, query.in_order, after=query.after, most=PER_PAGE + 1, viewer=by.actor.id)
    shown, more = found[:PER_PAGE], len(found) > PER_PAGE
    tally = reading.tally(connection, wanted)
    told = cards(connection, by, pages, shown)
    return Rows([*told.values()], _tabs(tally.counts), tally.labels, shown[-1].number if more else 0)
