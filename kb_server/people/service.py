"""Signing in and out, and the rights of somebody now: from the roster of the served build, and their teams."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from kb_server.activity.storage import record
from kb_server.people import storage
from kb_server.people.models import Actor, Person, Session
from kb_server.people.roster import Listed, Roster

LASTS = timedelta(days=90)


def signed_in_by(connection: sa.Connection, secret: str, roster: Roster, now: datetime) -> Actor | None:
    """Who is signed in by this secret of a session, or None."""
    found = storage.person_by_session(connection, digest(secret), stamp(now))
    return actor_of(connection, found, roster) if found else None


def actor_of(connection: sa.Connection, person: Person, roster: Roster) -> Actor:
    """What a person may do now: rights are never remembered, so what was taken away is gone with the next request."""
    confirmed = {one.team for one in storage.memberships_of(connection, person.id) if one.confirmed}
    listed = roster.people.get(person.handle, Listed("", "")) if person.handle else Listed("", "")
    return Actor(
        id=person.id,
        name=person.name,
        handle=listed.handle,
        teams=frozenset((confirmed | set(listed.teams)) & set(roster.teams)),
        speaks_for=_where(roster, listed.handle, "speakers"),
        liaison_of=_where(roster, listed.handle, "liaisons"),
        is_admin=bool(listed.handle) and listed.handle in roster.admins,
        reads=True,
    )


def open_session(connection: sa.Connection, person: Person, browser: str, now: datetime) -> str:
    """Sign a person in; gives the secret for their browser, of which only a digest is kept."""
    storage.clear_expired(connection, stamp(now))
    secret = secrets.token_urlsafe(32)
    session = Session(storage.new_id("s"), person.id, browser, stamp(now), stamp(now + LASTS))
    storage.add_session(connection, session, digest(secret))
    record(connection, actor=person.id, verb="session.opened", subject=session.id, data={})
    return secret


def end_session(connection: sa.Connection, secret: str) -> bool:
    """Sign out; gives whether anybody was signed in by this secret."""
    return storage.end_session(connection, digest(secret))


def known_as(connection: sa.Connection, issuer: str, subject: str, seen: Person, now: datetime) -> Person:
    """The person an issuer knows by `subject`: found or made, with name, address and handle as they are `seen` now.

    Identities are never joined by an address: whoever controls a mailbox is not thereby somebody else's account.
    """
    found = storage.person_by_identity(connection, issuer, subject)
    if found is None:
        found = replace(seen, id=storage.new_id("p"))
        storage.add_person(connection, found, stamp(now))
        storage.add_identity(connection, issuer, subject, found.id)
        record(connection, actor=found.id, verb="person.joined", subject=found.id, data={})
    changed = replace(seen, id=found.id)
    if changed != found:
        storage.change_person(connection, changed)
    return changed


def digest(secret: str) -> str:
    """What is stored of a secret. It has 256 random bits, so no salt is needed."""
    return hashlib.sha256(secret.encode()).hexdigest()


def stamp(moment: datetime) -> str:
    """A moment as it is stored: UTC, ISO 8601, to the second; earlier ones sort first."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _where(roster: Roster, handle: str, role: str) -> frozenset[str]:
    return frozenset(team.id for team in roster.teams.values() if handle and handle in getattr(team, role))
