"""A suggestion among others: on the board, in lists, on home, in what waits for somebody."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from kb_server.people.roster import Roster, Team
from kb_server.suggestions.dues import LATE, Clock, Moment
from kb_server.suggestions.models import LIAISON, Suggestion, ids_in
from kb_server.suggestions.proposing import team_of
from kb_server.words import listed
from kb_server.writing import markdown
from kb_server.writing.dues import short_day
from kb_server.writing.models import By
from kb_server.writing.names import Names, Who
from kb_server.writing.places import Pages

LONGEST_NOTE = 140


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


def cards(connection: sa.Connection, by: By, pages: Pages, found: Iterable[Suggestion]) -> dict[int, Card]:
    """Suggestions as they are shown among others, by their numbers. One query."""
    ones = list({one.number: one for one in found}.values())
    names = Names(connection, ids_in(ones), by.roster)
    return {one.number: card(by, pages, one, names) for one in ones}


def card(by: By, pages: Pages, one: Suggestion, names: Names) -> Card:
    """A suggestion as it is shown among others."""
    page, moment = pages.get(one.page), Moment(by.roster, by.now)
    clock = moment.clock(one)
    wants = markdown.plain(one.wants).replace("\n", " ")
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
        wants=wants if len(wants) <= LONGEST_NOTE else wants[:LONGEST_NOTE] + "…",
    )


def _passed(roster: Roster, one: Suggestion) -> str:
    """The names of those to whom it was passed when nobody answered in time."""
    team = roster.teams.get(one.to_team)
    if not team or not one.passed:
        return ""
    handles = team.liaisons if one.passed == LIAISON else (team.head,)
    found = [roster.people[handle].name for handle in handles if handle in roster.people]
    return listed(found) if found else ""
