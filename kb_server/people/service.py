"""People and their rights now: from the roster of the served build, and from the teams they are in."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa

from kb_server.activity.storage import record_each
from kb_server.errors import NotFound
from kb_server.people import memberships, names, storage
from kb_server.people.models import EMAIL, GIVEN, Actor, Membership, Person, Proven
from kb_server.people.roster import Listed, Roster
from kb_server.people.secret import stamp

STRANGER = Listed("", "")


def actor_of(connection: sa.Connection, person: Person, roster: Roster) -> Actor:
    """What a person may do now: rights are never remembered, so what was taken away is gone with the next request."""
    joined = frozenset(one.team for one in storage.memberships_of(connection, person.id) if one.confirmed)
    return actor_in(person, joined, roster)


def actor_in(person: Person, joined: frozenset[str], roster: Roster) -> Actor:
    """The same of somebody of whom it is known which teams they were let into."""
    listed = roster.people.get(person.handle, STRANGER) if person.handle else STRANGER
    return Actor(
        id=person.id,
        name=person.name,
        handle=listed.handle,
        teams=frozenset(map(roster.now, joined | set(listed.teams))) & roster.teams.keys(),
        speaks_for=_where(roster, listed.handle, "speakers"),
        liaison_of=_where(roster, listed.handle, "liaisons"),
        is_admin=bool(listed.handle) and listed.handle in roster.admins,
        reads=True,
    )


def teams_of(person: Person, memberships: list[Membership], roster: Roster) -> frozenset[str]:
    """The teams a person is in now: by the teams file, and by a membership that counts."""
    listed = roster.people.get(person.handle, STRANGER) if person.handle else STRANGER
    confirmed = {one.team for one in memberships if one.confirmed}
    return frozenset(map(roster.now, confirmed | set(listed.teams))) & roster.teams.keys()


def known_as(connection: sa.Connection, proven: Proven, roster: Roster, now: datetime) -> Person:
    """The person who has proved this: found or made, with name, address and handle as they are now.

    A proven handle leads to the person of that handle, who may have been mentioned long before they came. An address
    leads nowhere by itself: whoever controls a mailbox is not thereby somebody else's account.
    """
    known = storage.person_by_identity(connection, proven.issuer, proven.subject)
    person = storage.person_by_handle(connection, proven.handle) or known
    if person is None:
        (person,) = _add(connection, [Person("", proven.name, proven.email, proven.handle)], now)
    if person != known:
        storage.give_identity(connection, proven.issuer, proven.subject, person.id)
    if proven.teams is not None:
        memberships.take_over(connection, person.id, proven.teams, roster, now)
    return _renewed(connection, person, proven)


def unchanged(connection: sa.Connection, proven: Proven, roster: Roster) -> Person | None:
    """The person who has proved this, if `known_as` has nothing to write: asked with every request of a proxy."""
    known = storage.person_by_identity(connection, proven.issuer, proven.subject)
    if known is None or _as_seen(known, proven) != known:
        return None
    if proven.teams is None:
        return known
    teams = {one.team: one.source for one in storage.memberships_of(connection, known.id) if one.confirmed}
    given = {team for team, source in teams.items() if source == GIVEN}
    return known if given <= proven.teams & set(roster.teams) <= set(teams) else None


def person_for(connection: sa.Connection, handle: str, roster: Roster, now: datetime) -> Person:
    """Whom the teams file calls so; they need not have been here yet. Raises NotFound."""
    found = people_for(connection, [handle], roster, now)
    if handle not in found:
        raise NotFound("Nobody of this name is in teams.yml.")
    return found[handle]


def people_for(connection: sa.Connection, handles: Iterable[str], roster: Roster, now: datetime) -> dict[str, Person]:
    """Whom the teams file calls so, in this order; a whole company takes no more queries than one of them.

    Who signed in by a mail before the file named their address has the handle from now on.
    """
    wanted = [roster.people[handle] for handle in dict.fromkeys(handles) if handle in roster.people]
    found = storage.people_by_handle(connection, [one.handle for one in wanted]) if wanted else {}
    unknown = [one for one in wanted if one.handle not in found]
    if unknown:
        found |= _by_mailbox(connection, unknown)
        new = [Person("", one.name, one.email, one.handle) for one in unknown if one.handle not in found]
        found |= {person.handle: person for person in _add(connection, new, now)}
    return {one.handle: found[one.handle] for one in wanted}


def _by_mailbox(connection: sa.Connection, listed: Iterable[Listed]) -> dict[str, Person]:
    by_email = {one.email.casefold(): one for one in reversed(list(listed)) if one.email}
    there = storage.people_by_subject(connection, EMAIL, by_email)
    return {
        one.handle: _renewed(connection, there[email], Proven(EMAIL, one.email, one.name, one.email, one.handle))
        for email, one in by_email.items()
        if email in there and not there[email].handle
    }


def found_by(connection: sa.Connection, who: str, roster: Roster, now: datetime) -> Person:
    """The person an operator means by an id, a handle or an address. Raises NotFound."""
    person = storage.person(connection, who) or storage.person_by_identity(connection, EMAIL, who.casefold())
    handle = who if who in roster.people else roster.by_email(who)
    if person is None and handle:
        person = person_for(connection, handle, roster, now)
    if person is None or person.erased:
        raise NotFound(f"Nobody here is {who}. `kb people list` names everybody.")
    return person


def _add(connection: sa.Connection, new: Iterable[Person], now: datetime) -> list[Person]:
    added = [Person(storage.new_id("p"), names.clean(one.name), one.email, one.handle) for one in new]
    storage.add_people(connection, added, stamp(now))
    record_each(connection, "person.added", [one.id for one in added])
    return added


def _as_seen(person: Person, proven: Proven) -> Person:
    name = names.clean(proven.name) or person.name
    return Person(person.id, name, proven.email or person.email, proven.handle or person.handle)


def _renewed(connection: sa.Connection, person: Person, proven: Proven) -> Person:
    changed = _as_seen(person, proven)
    if changed != person:
        storage.change_person(connection, changed)
    return changed


def _where(roster: Roster, handle: str, role: str) -> frozenset[str]:
    return frozenset(team.id for team in roster.teams.values() if handle and handle in getattr(team, role))
