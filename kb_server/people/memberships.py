"""Being in a team: asked for by the person, confirmed by somebody else; or given by the provider they sign in with.

What ``teams.yml`` says of teams is not stored and cannot be changed here.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta

import sqlalchemy as sa

from kb_server.activity.storage import record
from kb_server.errors import Conflict, Forbidden, NotFound
from kb_server.people import limits, storage
from kb_server.people.models import ASKED, GIVEN, Actor, Membership, Person
from kb_server.people.permissions import Thing, require
from kb_server.people.roster import Roster
from kb_server.people.secret import stamp

PROVIDER = "provider"
"""The actor of what the provider's groups bring about."""
ASKING = limits.Limit("membership.ask", 10, timedelta(days=1))


def ask(connection: sa.Connection, actor: Actor, team: str, roster: Roster, now: datetime) -> None:
    """Ask to be in a team. Raises NotFound, Conflict where one is in it or has asked, TooOften."""
    require(actor, "account")
    if team not in roster.teams:
        raise NotFound("There is no such team.")
    if team in actor.teams or team in {roster.now(one.team) for one in storage.memberships_of(connection, actor.id)}:
        raise Conflict("You are in this team, or have asked already.")
    limits.spend(connection, ASKING, actor.id, now)
    storage.add_membership(connection, Membership(actor.id, team, confirmed=False), stamp(now))
    _record(connection, actor.id, "membership.asked", actor.id, team)


def leave(connection: sa.Connection, actor: Actor, team: str, roster: Roster) -> None:
    """Leave a team, or take back having asked. Raises NotFound where there is nothing to leave."""
    require(actor, "account")
    if not _end(connection, actor.id, team, roster):
        raise NotFound("You are in this team by teams.yml, or not at all.")
    _record(connection, actor.id, "membership.left", actor.id, team)


def confirm(  # noqa: PLR0913, PLR0917  -- who lets whom into what, when
    connection: sa.Connection, actor: Actor, person_id: str, team: str, roster: Roster, now: datetime
) -> None:
    """Let somebody into a team who has asked. Raises Forbidden, NotFound."""
    _require_another(actor, person_id, team)
    called = sorted(roster.ever([team]))
    if not sum(storage.confirm_membership(connection, person_id, one, stamp(now)) for one in called):
        raise NotFound("Nobody waits here for this team any more.")
    _record(connection, actor.id, "membership.confirmed", person_id, team)


def end(connection: sa.Connection, actor: Actor, person_id: str, team: str, roster: Roster) -> None:
    """Say no to somebody who has asked, or take somebody out of a team again. Raises Forbidden, NotFound."""
    _require_another(actor, person_id, team)
    if not _end(connection, person_id, team, roster):
        raise NotFound("Nobody waits here for this team any more.")
    _record(connection, actor.id, "membership.ended", person_id, team)


def take_over(connection: sa.Connection, person_id: str, teams: Collection[str], roster: Roster, now: datetime) -> None:
    """Let a person be in the teams the provider gives them, and no longer in those it gave before."""
    present = {one.team: one for one in storage.memberships_of(connection, person_id)}
    given = {team for team, one in present.items() if one.source == GIVEN}
    for team in sorted(given - set(teams)):
        storage.end_membership(connection, person_id, team)
        _record(connection, PROVIDER, "membership.ended", person_id, team)
    for team in sorted(set(teams) & set(roster.teams) - given):
        if team in present:
            if present[team].confirmed:
                continue  # a liaison's word stays when the provider's is gone
            storage.end_membership(connection, person_id, team)
        storage.add_membership(connection, Membership(person_id, team, confirmed=True, source=GIVEN), stamp(now))
        _record(connection, PROVIDER, "membership.confirmed", person_id, team)


def concerning(connection: sa.Connection, actor: Actor, roster: Roster) -> list[tuple[Membership, Person]]:
    """Who has asked to be in a team that `actor` may let people into, and who was let in; first who asked first."""
    require(actor, "people.see")
    teams = roster.teams if actor.is_admin else actor.liaison_of & set(roster.teams)
    found = [one for one in memberships_in(connection, teams, roster) if one.source == ASKED]
    people = storage.people_by_id(connection, (one.person_id for one in found))
    return [(one, people[one.person_id]) for one in found if one.person_id in people]


def memberships_in(connection: sa.Connection, teams: Collection[str], roster: Roster) -> list[Membership]:
    """Who is in these teams or asks to be, each once, be it that the team was called otherwise then."""
    found: dict[tuple[str, str], Membership] = {}
    for one in storage.memberships_in(connection, roster.ever(teams)):
        whose = one.person_id, roster.now(one.team)
        if whose not in found or one.confirmed:
            found[whose] = replace(one, team=whose[1])
    return list(found.values())


def count_waiting(connection: sa.Connection, actor: Actor, roster: Roster) -> int:
    """How many wait for this liaison to let them into a team."""
    return storage.count_asked(connection, roster.ever(actor.liaison_of), actor.id) if actor.liaison_of else 0


def _end(connection: sa.Connection, person_id: str, team: str, roster: Roster) -> bool:
    """Forget that somebody is in a team, by whatever it was called then; gives whether there was anything to forget."""
    return sum(storage.end_membership(connection, person_id, one) for one in sorted(roster.ever([team]))) > 0


def _require_another(actor: Actor, person_id: str, team: str) -> None:
    require(actor, "membership.confirm", Thing(teams=(team,)))
    if person_id == actor.id:
        raise Forbidden("Somebody else has to say this of you.")


def _record(connection: sa.Connection, actor: str, verb: str, person_id: str, team: str) -> None:
    record(connection, actor=actor, verb=verb, subject=person_id, data={"team": team})
