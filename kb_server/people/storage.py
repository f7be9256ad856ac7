"""The tables of people: who they are, by which identities they are known, their teams, the browsers they use."""

from __future__ import annotations

import secrets
from collections.abc import Iterable

import sqlalchemy as sa

from kb_server.db.schema import Number, Text, metadata
from kb_server.people.models import Membership, Person, Session

people = sa.Table(
    "people",
    metadata,
    sa.Column("id", Text, primary_key=True),
    *(sa.Column(name, Text, nullable=False) for name in ("name", "email", "handle", "created_at")),
    sa.Column("erased", Number, nullable=False),
)
identities = sa.Table(
    "identities",
    metadata,
    sa.Column("issuer", Text, primary_key=True),
    sa.Column("subject", Text, primary_key=True),
    sa.Column("person_id", Text, sa.ForeignKey("people.id"), nullable=False),
)
memberships = sa.Table(
    "memberships",
    metadata,
    sa.Column("person_id", Text, sa.ForeignKey("people.id"), primary_key=True),
    sa.Column("team", Text, primary_key=True),
    sa.Column("confirmed", Number, nullable=False),
    sa.Column("at", Text, nullable=False),
)
sessions = sa.Table(
    "sessions",
    metadata,
    sa.Column("id", Text, primary_key=True),
    sa.Column("digest", Text, nullable=False, unique=True),
    sa.Column("person_id", Text, sa.ForeignKey("people.id"), nullable=False),
    *(sa.Column(name, Text, nullable=False) for name in ("browser", "created_at", "expires_at")),
)
_PERSON = sa.select(*(people.c[name] for name in Person.__slots__))
_SESSION = sa.select(*(sessions.c[name] for name in Session.__slots__))


def new_id(kind: str) -> str:
    """A new opaque id; `kind` is a letter that tells a person from a session."""
    return f"{kind}_{secrets.token_hex(8)}"


def person(connection: sa.Connection, person_id: str) -> Person | None:
    """The person with this id."""
    return _one(connection, _PERSON.where(people.c.id == person_id))


def people_by_id(connection: sa.Connection, ids: Iterable[str]) -> dict[str, Person]:
    """The people with these ids."""
    rows = connection.execute(_PERSON.where(people.c.id.in_(sorted(set(ids)))))
    return {row.id: _person(row) for row in rows}


def person_by_handle(connection: sa.Connection, handle: str) -> Person | None:
    """The person whom the teams file calls so."""
    return _one(connection, _PERSON.where(people.c.handle == handle)) if handle else None


def person_by_identity(connection: sa.Connection, issuer: str, subject: str) -> Person | None:
    """The person whom this issuer knows by this subject."""
    known = (identities.c.issuer == issuer) & (identities.c.subject == subject)
    return _one(connection, _PERSON.join_from(people, identities).where(known))


def person_by_session(connection: sa.Connection, digest: str, now: str) -> Person | None:
    """Who is signed in by the session whose secret has this digest."""
    valid = (sessions.c.digest == digest) & (sessions.c.expires_at > now) & (people.c.erased == 0)
    return _one(connection, _PERSON.join_from(people, sessions).where(valid))


def add_person(connection: sa.Connection, new: Person, now: str) -> None:
    """Write a new person."""
    row = {name: getattr(new, name) for name in Person.__slots__}
    connection.execute(sa.insert(people).values(row | {"erased": int(new.erased), "created_at": now}))


def change_person(connection: sa.Connection, changed: Person) -> None:
    """Write a person's name, address and handle as they are now."""
    values = {"name": changed.name, "email": changed.email, "handle": changed.handle}
    connection.execute(sa.update(people).where(people.c.id == changed.id).values(values))


def add_identity(connection: sa.Connection, issuer: str, subject: str, person_id: str) -> None:
    """Remember by what an issuer knows a person."""
    connection.execute(sa.insert(identities).values(issuer=issuer, subject=subject, person_id=person_id))


def memberships_of(connection: sa.Connection, person_id: str) -> list[Membership]:
    """The teams a person is in or asks to be in, besides those of the teams file."""
    rows = connection.execute(sa.select(memberships).where(memberships.c.person_id == person_id))
    return [Membership(row.person_id, row.team, bool(row.confirmed)) for row in rows]


def add_session(connection: sa.Connection, session: Session, digest: str) -> None:
    """Write a new session."""
    row = {name: getattr(session, name) for name in Session.__slots__}
    connection.execute(sa.insert(sessions).values(row | {"digest": digest}))


def end_session(connection: sa.Connection, digest: str) -> bool:
    """Forget the session whose secret has this digest; gives whether there was one."""
    return bool(connection.execute(sa.delete(sessions).where(sessions.c.digest == digest)).rowcount)


def sessions_of(connection: sa.Connection, person_id: str, now: str) -> list[Session]:
    """The browsers in which a person is signed in, the latest first."""
    mine = (sessions.c.person_id == person_id) & (sessions.c.expires_at > now)
    return [
        Session(**row)
        for row in connection.execute(_SESSION.where(mine).order_by(sessions.c.created_at.desc())).mappings()
    ]


def clear_expired(connection: sa.Connection, now: str) -> None:
    """Forget sessions that have run out."""
    connection.execute(sa.delete(sessions).where(sessions.c.expires_at <= now))


def _one(connection: sa.Connection, query: sa.Select[tuple[object, ...]]) -> Person | None:
    row = connection.execute(query).one_or_none()
    return _person(row) if row else None


def _person(row: sa.Row[tuple[object, ...]]) -> Person:
    return Person(row.id, row.name, row.email, row.handle, bool(row.erased))
