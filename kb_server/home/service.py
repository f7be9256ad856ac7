"""What home shows whoever looks, gathered with as many queries for ten suggestions as for ten thousand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import sqlalchemy as sa

from kb_server.db import counters
from kb_server.definitions import service as definitions
from kb_server.home.directions import Direction, directions
from kb_server.home.lately import News, lately
from kb_server.notifications import service as notifications
from kb_server.notifications import view
from kb_server.notifications.models import Source, Wiki
from kb_server.notifications.one_by_one import ANSWER
from kb_server.notifications.view import Card
from kb_server.pages.manifest import Page
from kb_server.people.models import Actor
from kb_server.people.roster import Team
from kb_server.people.secret import stamp
from kb_server.suggestions import reading
from kb_server.suggestions.cards import Card as Shown
from kb_server.suggestions.cards import cards
from kb_server.suggestions.models import NEW, PLANNED, TO_COME, WAITING, Filter, Suggestion
from kb_server.writing.models import By

LOOKED_BACK = timedelta(days=90)
ROWS, ASKED = 4, 2
"""How much of a list home shows."""
OWED = (*ANSWER, "more", "wrong", "question", "idea", "flagged", "agree", "declared")
"""Why something waits of which somebody else waits for an end."""
ORDER = ("differ", "wording", "notyet", "agreed")
"""Definitions to talk about come first."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asked: the latest, and how much there is altogether and still to come."""

    latest: Sequence[Shown] = ()
    count: int = 0
    to_come: int = 0


@dataclass(frozen=True, slots=True)
class Home:
    """What home shows. ``late`` counts what each of the teams one heads has not answered in time.

    ``owes`` is whether others wait for this person; what only waits to be read can wait.
    """

    waiting: Sequence[Card]
    count: int
    owes: bool
    asked: Asked
    yours: Sequence[Shown]
    late: Sequence[tuple[Team, int]]
    directions: Sequence[Direction]
    definitions: Sequence[tuple[Page, str]]
    defined: int
    lately: Sequence[News]


def home(connection: sa.Connection, actor: Actor, wiki: Wiki, sources: Mapping[str, Source], now: datetime) -> Home:
    """Home for `actor`, at this moment."""
    since = (now - LOOKED_BACK).date().isoformat()
    between = reading.between(connection, since, stamp(now))
    terms = _definitions(connection, wiki)
    waiting = _waiting(connection, actor, wiki, sources, now)
    count = notifications.count_all(connection, actor, wiki.roster)
    return Home(
        waiting=waiting,
        count=count,
        owes=any(card.entry.reason in OWED for card in waiting) or (count > 0 and not waiting),
        asked=_asked(connection, actor, wiki, now),
        yours=_yours(connection, actor, wiki, now),
        late=_late(connection, actor, wiki, now),
        directions=directions(between, wiki.roster, actor.teams, since),
        definitions=terms[:ROWS],
        defined=len(terms),
        lately=lately(connection, ROWS),
    )


def standing(connection: sa.Connection) -> int:
    """A number that changes with everything home shows, but for what time changes."""
    return counters.latest(connection, "activity")


def _waiting(
    connection: sa.Connection, actor: Actor, wiki: Wiki, sources: Mapping[str, Source], now: datetime
) -> Sequence[Card]:
    if not actor.id:
        return ()
    return view.cards(connection, wiki, sources, actor, notifications.listed(connection, actor, ROWS), now)


def _asked(connection: sa.Connection, actor: Actor, wiki: Wiki, now: datetime) -> Asked:
    if not actor.id:
        return Asked()
    theirs = Filter(author=actor.id)
    counted = reading.counts(connection, theirs)
    if not counted:
        return Asked()
    to_come = sum(counted.get(state, 0) for state in TO_COME)
    latest = reading.listed(connection, theirs, NEW, most=ASKED)
    return Asked(_shown(connection, actor, wiki, latest, now), sum(counted.values()), to_come)


def _yours(connection: sa.Connection, actor: Actor, wiki: Wiki, now: datetime) -> Sequence[Shown]:
    """What `actor` said they would do, or was said to."""
    if not actor.id:
        return ()
    theirs = reading.listed(connection, Filter(owner=actor.id, state=(PLANNED,)), NEW, most=50)
    return _shown(connection, actor, wiki, sorted(theirs, key=lambda one: one.by_when)[:ROWS], now)


def _shown(
    connection: sa.Connection, actor: Actor, wiki: Wiki, found: Sequence[Suggestion], now: datetime
) -> Sequence[Shown]:
    shown = cards(connection, By(actor, wiki.roster, now), wiki.pages, found) if found else {}
    return [shown[one.number] for one in found]


def _late(connection: sa.Connection, actor: Actor, wiki: Wiki, now: datetime) -> list[tuple[Team, int]]:
    headed = [team for team in wiki.roster.teams.values() if actor.handle and team.head == actor.handle]
    late = Filter(state=(WAITING,), late=stamp(now))
    counts = [(team, reading.counts(connection, replace(late, to_team=(team.id,)))) for team in headed]
    return [(team, sum(count.values())) for team, count in counts if count]


def _definitions(connection: sa.Connection, wiki: Wiki) -> list[tuple[Page, str]]:
    terms = [page for page in wiki.pages.values() if page.kind == "definition"]
    states = definitions.states(connection, [page.id for page in terms])
    return sorted(((page, str(states[page.id])) for page in terms), key=lambda term: ORDER.index(term[1]))
