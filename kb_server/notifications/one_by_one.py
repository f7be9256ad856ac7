"""Suggestions that wait for an answer, one after the other: those that wait for somebody, or those of a team."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from urllib.parse import urlencode

import sqlalchemy as sa
from markupsafe import Markup

from kb_server.notifications import storage
from kb_server.notifications.models import Entry, Wiki
from kb_server.people.models import Actor
from kb_server.suggestions import proposing, reading
from kb_server.suggestions.cards import Card, cards
from kb_server.suggestions.edits.view import Shown as Edited
from kb_server.suggestions.edits.view import shown_of_these as edits_of
from kb_server.suggestions.models import TO_COME, VOTES, WAITING, Filter, Suggestion
from kb_server.suggestions.proposing import ANSWERS, Answering
from kb_server.suggestions.states import DECLINE, PLAN, may_act
from kb_server.writing import markdown
from kb_server.writing.models import By
from kb_server.writing.names import Names
from kb_server.writing.places import Pages

ANSWER = ("asked", "told", "again", "late")
"""Why a suggestion waits for somebody of the team that was asked."""
MOST = 100
"""Answered in one go. Nobody comes that far, and whoever does begins anew."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A suggestion as its card shows it, and what the form to answer in needs; None where that is not open.

    ``edits`` are what it would have the text say.
    """

    card: Card
    answering: Answering | None = None
    edits: Sequence[Edited] = ()


@dataclass(frozen=True, slots=True)
class Going:
    """How far somebody has come. ``team`` is the one they answer for; without it, it is what waits for themselves.

    ``first`` is the number of the one to begin with, 0 for none; ``skipped`` are those left for later, and ``answered``
    counts the others.
    """

    team: str = ""
    first: int = 0
    skipped: tuple[int, ...] = ()
    answered: int = 0

    def without(self, number: int) -> Going:
        """On, once one was left for later."""
        return Going(self.team, 0, (*self.skipped, number), self.answered)

    def after(self) -> Going:
        """On, once one was answered."""
        return Going(self.team, 0, self.skipped, self.answered + 1)

    @property
    def address(self) -> str:
        """Where it goes on, below the site's root."""
        skip = ",".join(map(str, self.skipped))
        values = {"team": self.team, "skip": skip, "done": self.answered or ""}
        query = urlencode({name: value for name, value in values.items() if value}, safe=",")
        return f"suggestions/answer/?{query}" if query else "suggestions/answer/"


@dataclass(frozen=True, slots=True)
class Turn:
    """Whose turn it is among those that wait: the suggestion as it is shown, and which of how many it is."""

    shown: Shown
    html: Markup
    number: int
    count: int


def shown(
    connection: sa.Connection, wiki: Wiki, actor: Actor, entries: Sequence[Entry], now: datetime
) -> Mapping[str, object]:
    """Suggestions that wait for somebody, by their names; with the form to answer in where an answer is due."""
    by = By(actor, wiki.roster, now)
    numbers = {int(entry.subject.removeprefix("S-")) for entry in entries}
    found = reading.suggestions_by_number(connection, numbers, actor.id)
    shown = cards(connection, by, wiki.pages, found.values())
    due = {entry.subject for entry in entries if entry.reason in ANSWER}
    forms = _forms(connection, by, [one for one in found.values() if one.name in due])
    edits = edits_of(connection, forms, wiki.pages) if forms else {}
    return {
        one.name: Shown(shown[one.number], forms.get(one.number), edits.get(one.number, ())) for one in found.values()
    }


def turn(connection: sa.Connection, by: By, pages: Pages, going: Going) -> Turn | None:
    """The next to answer: the one to begin with, then first due first. None where none is left."""
    waiting = _of_team(connection, by, going.team) if going.team else _of_somebody(connection, by, going.first)
    left = [one for one in waiting if one.number not in going.skipped]
    left.sort(key=lambda one: one.number != going.first)
    if not left:
        return None
    names = Names(connection, left[0].mentions.values(), by.roster)
    shown_as, forms = cards(connection, by, pages, left[:1]), _forms(connection, by, left[:1])
    first = left[0].number
    shown = Shown(shown_as[first], forms[first], edits_of(connection, [first], pages).get(first, ()))
    passed = len(going.skipped) + going.answered
    return Turn(shown, markdown.named(_below_title(left[0]), names.name), passed + 1, passed + len(left))


def _below_title(one: Suggestion) -> str:
    """What stands below a first line that is the title, too."""
    return one.html.removeprefix(f"<p>{escape(one.title, quote=False)}</p>").strip()


def _of_team(connection: sa.Connection, by: By, team: str) -> list[Suggestion]:
    """What waits for a team, if it is for this person to answer."""
    found = reading.waiting_for(connection, [team], most=MOST, viewer=by.actor.id)
    return _open_to(by, found)


def _of_somebody(connection: sa.Connection, by: By, first: int) -> list[Suggestion]:
    """What waits for this person, and the one they asked for, should that wait for somebody else."""
    numbers = [int(name.removeprefix("S-")) for name in storage.subjects_waiting(connection, by.actor.id, ANSWER, MOST)]
    found = reading.suggestions_by_number(connection, {*numbers, first} - {0}, by.actor.id)
    return _open_to(by, [found[number] for number in dict.fromkeys([*numbers, first]) if number in found])


def _open_to(by: By, found: Iterable[Suggestion]) -> list[Suggestion]:
    return [one for one in found if one.state == WAITING and {PLAN, DECLINE} & {*may_act(by.actor, one)}]


def _forms(connection: sa.Connection, by: By, found: Sequence[Suggestion]) -> dict[int, Answering]:
    """What the forms to answer in need; what may have been asked already is looked up once for each team."""
    others = {
        team: reading.listed(connection, Filter(to_team=(team,), state=TO_COME), VOTES, most=proposing.CANDIDATES + 1)
        for team in {one.to_team for one in found}
    }
    forms = {}
    for one in found:
        open_to = may_act(by.actor, one)
        answers = tuple(act for act in ANSWERS if act in open_to)
        candidates = [other for other in others[one.to_team] if other.number != one.number][: proposing.CANDIDATES]
        if answers:
            forms[one.number] = proposing.planned(by, one, answers, candidates)
    return forms
