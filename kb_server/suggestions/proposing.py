"""What is proposed to whoever asks or answers, so that most of it need only be sent: teams, days, people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, timedelta

import sqlalchemy as sa

from kb_server.clock import NEVER, due
from kb_server.people.models import Actor
from kb_server.people.roster import Roster, Team
from kb_server.people.secret import stamp
from kb_server.suggestions import reading
from kb_server.suggestions.dues import Moment
from kb_server.suggestions.models import TO_COME, VOTES, Filter, Suggestion
from kb_server.suggestions.states import ASK, DECLINE, JOIN, PLAN, may_act
from kb_server.writing.models import By, Place

ANSWERS = (PLAN, DECLINE, ASK, JOIN)
"""The four plain answers."""
WEEK = timedelta(days=7)
SATURDAY = 5
CANDIDATES = 50  # that another can be said to be the same as, in the list that is offered


@dataclass(frozen=True, slots=True)
class Receiver:
    """A team that can be asked, and when its answer would be due: as a moment, and as people say it."""

    team: Team
    due: str = ""
    time: str = ""


@dataclass(frozen=True, slots=True)
class Teams:
    """From which team to which, as it is proposed; ``of`` and ``to`` are "" where that has to be said."""

    to: str
    of: str
    receivers: Sequence[Receiver]
    senders: Sequence[Team]

    @property
    def receiver(self) -> Receiver | None:
        """The team that is proposed."""
        return next((one for one in self.receivers if one.team.id == self.to), None)

    @property
    def sender(self) -> Team | None:
        """The team in whose name it is asked."""
        return next((one for one in self.senders if one.id == self.of), None)


def teams(by: By, place: Place | None, chosen: Mapping[str, str]) -> Teams:
    """From whom to whom: as chosen, else as the page and whoever asks would have it."""
    mine = [team for team in by.roster.teams.values() if team.id in by.actor.teams]
    to = chosen.get("to_team", "") or _to(by.roster, by.actor, place)
    of = chosen.get("from_team", "") or next((team.id for team in mine if team.id != to), mine[0].id if mine else "")
    return Teams(
        to=to if to in by.roster.teams else "",
        of=of if of in by.actor.teams else "",
        receivers=[_receiver(by, team) for team in by.roster.teams.values()],
        senders=mine,
    )


def _to(roster: Roster, actor: Actor, place: Place | None) -> str:
    """The other team of the page; the one that sees to it, where there are several; elsewhere the only other one."""
    concerned = [team for team in roster.teams if place is None or team in place.teams] or [*roster.teams]
    others = [team for team in concerned if team not in actor.teams]
    if place is not None and place.teams:
        owner = roster.people.get(place.owner)
        owners = [team for team in others or concerned if owner and team in owner.teams]
        return next(iter([*owners, *others, *concerned]), "")
    return others[0] if len(others) == 1 else ""


def _receiver(by: By, team: Team) -> Receiver:
    answered = due(team.calendar, by.now, team.calendar.allowance).astimezone(UTC)
    if answered.year >= NEVER.year:
        return Receiver(team)
    return Receiver(team, stamp(answered), Moment(by.roster, by.now).said(team.id, answered))


@dataclass(frozen=True, slots=True)
class Answering:
    """What the form to answer in needs. ``people`` are handles and names of who might do it.

    ``candidates`` are those of which it may be said that this was asked already.
    """

    suggestion: Suggestion
    team: Team
    answers: tuple[str, ...]
    people: Sequence[tuple[str, str]]
    owner: str
    by_when: str
    earliest: str
    candidates: Sequence[Suggestion] = ()


def answering(connection: sa.Connection, by: By, one: Suggestion) -> Answering | None:
    """What the form to answer in needs; None where it is not for this person to answer, or not now."""
    open_to = may_act(by.actor, one)
    answers = tuple(act for act in ANSWERS if act in open_to)
    if not answers:
        return None
    open_ones = Filter(to_team=(one.to_team,), state=TO_COME)
    found = reading.listed(connection, open_ones, VOTES, most=CANDIDATES + 1)
    return planned(by, one, answers, [other for other in found if other.number != one.number][:CANDIDATES])


def planned(by: By, one: Suggestion, answers: tuple[str, ...], candidates: Iterable[Suggestion] = ()) -> Answering:
    """What the form to answer in needs, with these answers alone."""
    today = Moment(by.roster, by.now).today(one.to_team)
    day = today + WEEK
    while day.weekday() >= SATURDAY:
        day += timedelta(days=1)
    people = [(handle, listed.name) for handle, listed in by.roster.people.items() if one.to_team in listed.teams]
    me = by.actor.handle if by.actor.handle in dict(people) else by.actor.id
    if me == by.actor.id:
        people.append((me, by.actor.name))
    return Answering(
        suggestion=one,
        team=team_of(by.roster, one.to_team),
        answers=answers,
        people=people,
        owner=one.owner or me,
        by_when=one.by_when or day.isoformat(),
        earliest=today.isoformat(),
        candidates=list(candidates),
    )


def team_of(roster: Roster, team: str) -> Team:
    """A team, be it one that is not there any more."""
    return roster.teams.get(team) or Team(team, team, "slate")
