"""What definitions mean to people: a wording waits for whoever speaks for a team that has not said what it thinks.

Whoever owns the page or brought the wording in hears what a team says against it, and so do the other teams. What is
agreed is told, and waits for nobody. So does the very first wording of each definition, but without mail: a wiki may
come with a hundred of them, and nobody wants a hundred mails.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from markupsafe import Markup

from kb_server.activity.storage import THE_BUILD, Event
from kb_server.definitions import owing, view
from kb_server.definitions import storage as definitions
from kb_server.definitions.models import Facts, Standing, TeamSays
from kb_server.definitions.pages import facts_of
from kb_server.definitions.speaking import speaking
from kb_server.definitions.standing import standing
from kb_server.notifications import answering, storage
from kb_server.notifications.models import NEVER_DUE, Effects, Ended, Entry, Source, Told, Wiki
from kb_server.notifications.whom import owners
from kb_server.people import samples
from kb_server.people.models import Actor
from kb_server.people.roster import Team
from kb_server.words import each

NAME = "definition"
BASE = "{base}"
"""What stands in a kept text for the base of the site."""
AGREE, DUE, DECLARED = "agree", "fresh", "declared"
"""Why a definition waits for somebody who speaks for a team: for their answer, for a fresh look, for an objection."""
NOT_YET, BACK, OBJECTED, FORCE = "notyet", "back", "objected", "force"
"""What somebody is told about one."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A definition as its card shows it. ``asked`` are the teams the reader speaks for that have not answered.

    ``others`` are the names of the teams that agree; ``said`` is what was said against it, by the ids of who said so.
    """

    shown: view.Shown
    asked: tuple[Team, ...]
    others: tuple[str, ...]
    said: Mapping[str, TeamSays]

    def html(self, base: str) -> Markup:
        """The whole text, for a site at this base."""
        return self.shown.html.replace(BASE, base)

    @property
    def names(self) -> Mapping[str, str]:
        """What the teams are called, by their ids."""
        return {segment.team.id: segment.team.name for segment in self.shown.segments}

    @property
    def is_renewed(self) -> bool:
        """Whether all agree, and it is to be looked at afresh."""
        return self.shown.stands.state == "agreed"


class _Line:
    """A line of the log about a definition, with how it stands by now."""

    def __init__(self, connection: sa.Connection, wiki: Wiki, event: Event) -> None:
        self.connection, self.wiki, self.event = connection, wiki, event
        self.data: dict[str, Any] = dict(event.data)
        self.page, self.actor = event.subject, event.actor
        self.now = datetime.fromisoformat(event.at).astimezone(UTC)
        self.ref, self.news = f"section:{self.page}#", f"news:{self.page}"
        self.facts = self._facts()
        self.past = definitions.past(connection, self.page)
        self.stands: Standing = standing(self.facts, self.past, self.now)
        self.is_sample = samples.are_marked(connection, [self.page])

    def _facts(self) -> Facts:
        """What the line says of the definition: the build that is served may be another one."""
        page = self.wiki.pages.get(self.page)
        known = (facts_of(page) if page else None) or Facts(self.page, "", ())
        roster, teams = self.wiki.roster, self.data.get("teams") or known.teams
        now = tuple(dict.fromkeys(map(roster.now, teams)))
        formers = {team: roster.teams[team].was for team in now if team in roster.teams}
        return replace(known, digest=str(self.data["digest"]), teams=now, formers=formers)

    def about(self) -> tuple[str, ...]:
        """What people may watch of it."""
        return (f"page:{self.page}", *(f"team:{team}" for team in self.facts.teams))

    def speaking(self, teams: Iterable[str]) -> list[str]:
        """Who speaks for these teams at this moment."""
        found = (answering.speaking(self.connection, self.wiki, team, self.now) for team in teams)
        return list(dict.fromkeys(person for people in found for person in people))

    def owing(self) -> list[str]:
        """For whom it waits: not for who has spoken for all teams alone, unless there is nobody else."""
        found = self.speaking(owing.owing(self.facts, self.stands))
        return [one for one in found if one != self.stands.alone] or found

    def asked(self, reason: str, due: str = NEVER_DUE, *, quiet: bool = False) -> list[Told]:
        """It waits for whoever has to say something for a team."""
        by = self.proposer
        quiet = quiet or (self.is_sample and not self.actor.startswith("p_"))
        return [
            Told(person, reason, self.ref, self.page, due, direct=True, by=by, quiet=quiet) for person in self.owing()
        ]

    @property
    def proposer(self) -> str:
        """Who brought the wording of now in; "" where nobody knows."""
        return self.past.proposers.get(self.facts.digest, "")

    def concerned(self, reason: str, key: str = "") -> list[Told]:
        """Whoever owns the page, or proposed the wording."""
        people = [*owners(self.connection, self.wiki, self.page), *filter(None, [self.proposer])]
        return [Told(person, reason, self.ref, key) for person in people]

    def answered(self) -> tuple[Ended, ...]:
        """It waits no more for those who have nothing to say any more, whoever said it."""
        still = {*self.owing()}
        waits = storage.people_waiting(self.connection, self.page, self.page)
        return tuple(Ended(self.page, person, self.page) for person in waits if person not in still)


def _stands(line: _Line) -> Effects:
    """Another wording waits, and ends what was said of the one before. Whatever somebody says asks nobody anew."""
    if line.actor != THE_BUILD:
        return _effects(line, (), AGREE, ended=line.answered())
    told = line.asked(AGREE, quiet=not line.data.get("was"))
    return _effects(line, told, AGREE, ended=(Ended(line.page, key=line.news), *line.answered()))


def _declared(line: _Line) -> Effects:
    """Whoever agreed learns of it, and whoever may object; nobody any more, once somebody has."""
    if line.stands.pending is None:
        return _effects(line, (), DECLARED)
    until = str(line.data["until"])
    agreed = [Told(one.person, DECLARED, line.ref, line.news, until, direct=True) for one in line.stands.kept]
    return _effects(line, [*line.asked(DECLARED, until), *(one for one in agreed if one.person)], DECLARED)


def _agreed(line: _Line) -> Effects:
    """Where all agree through nobody but who proposed it, it waits once more for anybody else who may speak."""
    return _effects(line, line.asked(AGREE) if line.stands.alone else (), AGREE, ended=line.answered())


def _refused(reason: str) -> Callable[[_Line], Effects]:
    def effects(line: _Line) -> Effects:
        """The others read what was said. An objection has a line of its own, which tells of it."""
        if reason == NOT_YET and _is_objection(line):
            return _effects(line, (), reason, ended=line.answered())
        others = line.speaking(
            team for team in line.facts.teams if team != line.wiki.roster.now(str(line.data.get("team")))
        )
        news = [Told(person, reason, line.ref, line.news, direct=True) for person in others]
        return _effects(line, [*line.concerned(reason, line.news), *news], reason, ended=line.answered())

    return effects


def _objected(line: _Line) -> Effects:
    """The wording has to be agreed to after all: it waits for whoever has to say something still."""
    told = [*line.asked(OBJECTED), *line.concerned(OBJECTED, line.news)]
    return _effects(line, told, OBJECTED, ended=(Ended(line.page, reasons=(DECLARED,)),))


def _is_objection(line: _Line) -> bool:
    """Whether a line of its own says so: that a wording is the same after all was objected to by this."""
    return any((one.objected_by, one.objected_at) == (line.actor, line.event.at) for one in line.past.declarations)


def _in_force(line: _Line) -> Effects:
    """Nothing is to be said any more. Whoever watches the page hears of it."""
    told = line.concerned(FORCE)
    return _effects(line, told, FORCE, ended=(Ended(line.page),), news=line.ref)


def _due(line: _Line) -> Effects:
    return _effects(line, line.asked(DUE), DUE)


def _effects(line: _Line, told: Iterable[Told], why: str, *, ended: Sequence[Ended] = (), news: str = "") -> Effects:
    return Effects(line.page, tuple(ended), tuple(told), line.about(), news, why=why)


VERBS: dict[str, Callable[[_Line], Effects]] = {
    "definition.stands": _stands,
    "definition.agreed": _agreed,
    "definition.not_yet": _refused(NOT_YET),
    "definition.taken_back": _refused(BACK),
    "definition.objected": _objected,
    "definition.declared": _declared,
    "definition.in_force": _in_force,
    "definition.due": _due,
}


def _effects_of(connection: sa.Connection, wiki: Wiki, event: Event) -> Effects:
    return VERBS[event.verb](_Line(connection, wiki, event))


def _said(reason: str, name: str, page: str, _title: str) -> str:
    """In a line why somebody is told: "A wording waits for your answer: Marketing qualified lead"."""
    return each("definition.mail", name=name, title=page)[reason]


def _shown(
    connection: sa.Connection, wiki: Wiki, actor: Actor, entries: Sequence[Entry], now: datetime
) -> Mapping[str, Shown]:
    """Definitions that wait for somebody, by their pages."""
    pages = [wiki.pages[one] for one in dict.fromkeys(entry.subject for entry in entries) if one in wiki.pages]
    facts = [found for page in pages if (found := facts_of(page))]
    me = speaking(connection, actor, wiki.roster, now)
    viewer = view.Viewer(me.speaks_for, wiki.roster, BASE, me.id)
    return {page: _card(one) for page, one in view.all_shown(connection, facts, viewer, now).items()}


def _card(shown: view.Shown) -> Shown:
    open_ = owing.owing(shown.facts, shown.stands)
    said = {one.person: one for one in shown.stands.teams if one.says in {"notyet", "back"}}
    agree = [segment.team.name for segment in shown.segments if segment.says == "agree"]
    return Shown(shown, tuple(team for team in shown.asked if team.id in open_), tuple(agree), said)


SOURCE = Source(
    name=NAME,
    verbs=frozenset(VERBS),
    effects=_effects_of,
    template="notifications/definition.html",
    said=_said,
    url_of=lambda subject: f"d/{subject}/",
    watched=lambda subject: f"page:{subject}",
    place_of=lambda reason, subject: "" if reason == FORCE else f"d/{subject}/",
    more=_shown,
)
