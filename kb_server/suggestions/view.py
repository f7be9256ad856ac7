"""What board and list look like to somebody: whose turn it is, on which page, first due first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import sqlalchemy as sa

from kb_server.people.models import Actor
from kb_server.people.roster import Roster, Team
from kb_server.suggestions import reading
from kb_server.suggestions.dues import LATE, Clock, Moment, grouped
from kb_server.suggestions.forms import NOBODY, OPEN, TABS, Query
from kb_server.suggestions.models import LIAISON, MORE, Filter, Remark, Suggestion, ids_in
from kb_server.suggestions.proposing import team_of
from kb_server.words import listed
from kb_server.writing import markdown
from kb_server.writing.dues import short_day
from kb_server.writing.models import By
from kb_server.writing.names import Names, Who
from kb_server.writing.places import Pages

PER_LANE = 40
PER_PAGE = 50
LONGEST_NOTE = 140
MOST_SIDES = 3  # teams named above a column


@dataclass(frozen=True, slots=True)
class Card:
    """A suggestion among others. ``of`` is the team that asks, None for somebody in none.

    ``passed`` are the names of those a late one was passed to, ``wants`` what the others need to know, ``by_when`` the
    day by which it is to be done, as it is said.
    """

    suggestion: Suggestion
    of: Team | None
    to: Team
    author: Who
    owner: str
    page_title: str
    page_url: str
    clock: Clock | None
    by_when: str = ""
    passed: str = ""
    wants: str = ""


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
    """Both columns, and how many there are under each tab. ``us`` is whose board it is; None: everybody's."""

    us: Team | None
    lanes: Sequence[Lane]
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Rows:
    """A part of the list; ``after`` is the number to go on from, 0 at the end."""

    cards: Sequence[Card]
    counts: Mapping[str, int]
    after: int


# ── Board ─────────────────────────────────────────────────────────────────


def board(connection: sa.Connection, by: By, pages: Pages, query: Query) -> Board:
    """What waits for us, and what we have asked. A constant number of queries, however many there are."""
    us = our_team(by, query)
    filters = _lanes(by.actor, us, query, query.narrowed(by))
    states, found = query.states, []
    for wanted in filters:
        here = replace(wanted, state=states)
        found.append(reading.listed(connection, here, query.in_order, most=PER_LANE + 1, viewer=by.actor.id))
    counts = [reading.counts(connection, wanted) for wanted in filters]
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
        for is_ours, wanted, ones, count in zip((True, False), filters, found, counts, strict=True)
    ]
    twice = _in_both(*filters)
    once = _tabs(counts, reading.counts(connection, twice) if twice else {})
    return Board(team_of(by.roster, us) if us else None, lanes, once)


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
    """What is looked for, a part of it at a time."""
    wanted = query.narrowed(by)
    here = replace(wanted, state=query.states)
    found = reading.listed(connection, here, query.in_order, after=query.after, most=PER_PAGE + 1, viewer=by.actor.id)
    shown, more = found[:PER_PAGE], len(found) > PER_PAGE
    counts = _tabs([reading.counts(connection, wanted)])
    return Rows([*cards(connection, by, pages, shown).values()], counts, shown[-1].number if more else 0)


# ── Cards ─────────────────────────────────────────────────────────────────


def cards(connection: sa.Connection, by: By, pages: Pages, found: Iterable[Suggestion]) -> dict[int, Card]:
    """Suggestions as they are shown among others, by their numbers."""
    ones = list({one.number: one for one in found}.values())
    asked = reading.asked_more(connection, [one.number for one in ones if one.state == MORE])
    names = Names(connection, ids_in(ones, asked.values()), by.roster)
    return {one.number: card(by, pages, one, names, asked.get(one.number)) for one in ones}


def card(by: By, pages: Pages, one: Suggestion, names: Names, wants: Remark | None = None) -> Card:
    """A suggestion as it is shown among others; `wants` is what the team that was asked needs to know."""
    page, moment = pages.get(one.page), Moment(by.roster, by.now)
    clock = moment.clock(one)
    said = markdown.plain(wants.html).replace("\n", " ") if wants else ""
    return Card(
        suggestion=one,
        of=team_of(by.roster, one.from_team) if one.from_team else None,
        to=team_of(by.roster, one.to_team),
        author=names.who(one.author),
        owner=names.name(one.owner) if one.owner else "",
        page_title=page.title if page else "",
        page_url=f"p/{one.page}/{one.section}/" if one.section else f"p/{one.page}/",
        clock=clock,
        by_when=short_day(date.fromisoformat(one.by_when)) if one.by_when else "",
        passed=_passed(by.roster, one) if clock and clock.kind == LATE else "",
        wants=said if len(said) <= LONGEST_NOTE else said[:LONGEST_NOTE] + "…",
    )


def _passed(roster: Roster, one: Suggestion) -> str:
    """The names of those to whom it was passed when nobody answered in time."""
    team = roster.teams.get(one.to_team)
    if not team or not one.passed:
        return ""
    handles = team.liaisons if one.passed == LIAISON else (team.head,)
    found = [roster.people[handle].name for handle in handles if handle in roster.people]
    return listed(found) if found else ""
