"""What the pages of accounts show: who I am, my teams, my browsers and tokens; who waits to be let into a team."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from kb_server.accounts.service import does
from kb_server.people import absences, keys, memberships, service, sessions, storage
from kb_server.people.absences import Absence
from kb_server.people.models import GIVEN, Actor, Membership, Person, Session, Token
from kb_server.people.permissions import require
from kb_server.people.roster import Listed, Roster, Team
from kb_server.people.secret import stamp
from kb_server.words import day

PER_PAGE = 50
LISTED, ASKED, CONFIRMED, GIVEN_BY_PROVIDER = "listed", "asked", "confirmed", "given"


@dataclass(frozen=True, slots=True)
class Belonging:
    """A team somebody is in, or asks to be in, and `by` what."""

    team: Team
    by: str


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody's account, as they see it themselves. `here` is the id of the session they look through.

    ``stands_in`` is the handle of whom they named for while they are ``away``.
    """

    person: Person
    does: Sequence[str]
    belongings: Sequence[Belonging]
    open_to: Sequence[Team]
    browsers: Sequence[Session]
    here: str
    tokens: Sequence[Token]
    away: Absence | None = None
    stands_in: str = ""
    may_stand_in: Sequence[Listed] = ()


@dataclass(frozen=True, slots=True)
class Shown:
    """Somebody as others see them in a list."""

    person: Person
    teams: Sequence[Team]
    does: Sequence[str]
    has_been_here: bool = True


@dataclass(frozen=True, slots=True)
class Request:
    """Somebody who asks to be in a team, or whom a liaison has let in."""

    who: Shown
    team: Team


@dataclass(frozen=True, slots=True)
class People:
    """What those see who see to the people: who is `waiting`, who was `let_in`; and who runs the wiki, everybody."""

    waiting: Sequence[Request]
    let_in: Sequence[Request]
    everybody: Sequence[Shown] = ()
    total: int = 0
    number: int = 1

    @property
    def pages(self) -> int:
        """How many pages the list of everybody has."""
        return -(-self.total // PER_PAGE)


def account(connection: sa.Connection, actor: Actor, roster: Roster, given: str, now: datetime) -> Account:
    """One's own account; `given` is the secret of the session. Raises SignInFirst, Forbidden."""
    require(actor, "account")
    person = storage.person(connection, actor.id)
    assert person  # noqa: S101  -- whoever acts is there
    mine = storage.memberships_of(connection, actor.id)
    belongings = _belongings(person, mine, roster)
    taken = {one.team.id for one in belongings}
    away = absences.absence(connection, actor.id, now.date())
    deputy = storage.person(connection, away.deputy) if away and away.deputy else None
    here, browsers = sessions.this_session(connection, given), keys.sessions_of(connection, actor.id, stamp(now))
    return Account(
        person=person,
        does=does(roster, actor.handle),
        belongings=belongings,
        open_to=[team for team in roster.teams.values() if team.id not in taken],
        browsers=sorted(browsers, key=lambda one: one.id != here),
        here=here,
        tokens=keys.tokens_of(connection, actor.id, stamp(now)),
        away=away,
        stands_in=deputy.handle if deputy else "",
        may_stand_in=absences.may_stand_in(actor, roster),
    )


def people(connection: sa.Connection, actor: Actor, roster: Roster, number: int = 1) -> People:
    """What waits for somebody who sees to the people, and for who runs the wiki the list of all. Raises Forbidden."""
    concerning = memberships.concerning(connection, actor, roster)
    shown = _shown(connection, [person for _, person in concerning], roster)
    requests = [(one.confirmed, Request(shown[one.person_id], roster.teams[one.team])) for one, _ in concerning]
    waiting = [request for confirmed, request in requests if not confirmed and request.who.person.id != actor.id]
    let_in = [request for confirmed, request in requests if confirmed and request.who.person.id != actor.id]
    if not actor.is_admin:
        return People(waiting, let_in)
    listed = storage.everybody(connection, PER_PAGE, (number - 1) * PER_PAGE)
    everybody = list(_shown(connection, listed, roster).values())
    return People(waiting, let_in, everybody, storage.count_of_people(connection), number)


def written(moment: str) -> str:
    """The day of a stored moment, as people write it."""
    return day(date.fromisoformat(moment[:10]))


def _belongings(person: Person, mine: Sequence[Membership], roster: Roster) -> list[Belonging]:
    """In the order of the teams file, which counts more than what else there is."""
    by = {roster.now(one.team): _reason(one) for one in sorted(mine, key=lambda one: one.confirmed)}
    by |= dict.fromkeys(roster.people[person.handle].teams if person.handle in roster.people else (), LISTED)
    return [Belonging(team, by[key]) for key, team in roster.teams.items() if key in by]


def _reason(membership: Membership) -> str:
    if not membership.confirmed:
        return ASKED
    return GIVEN_BY_PROVIDER if membership.source == GIVEN else CONFIRMED


def _shown(connection: sa.Connection, found: Sequence[Person], roster: Roster) -> dict[str, Shown]:
    """Several people with their teams, by their ids; two queries whatever their number."""
    ids = {person.id for person in found}
    theirs, known = storage.memberships_by_person(connection, ids), storage.known_ids(connection, ids)
    shown = {}
    for person in found:
        teams = service.teams_of(person, theirs.get(person.id, []), roster)
        in_order = [team for key, team in roster.teams.items() if key in teams]
        handle = person.handle if person.handle in roster.people else ""
        shown[person.id] = Shown(person, in_order, does(roster, handle), person.id in known)
    return shown
