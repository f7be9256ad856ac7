"""The tables of people: who they are, by which identities they are known, and the teams they are in."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable, Sequence
from typing import Any

import sqlalchemy as sa

from kb_server.db import counters
from kb_server.db.lists import among
from kb_server.db.prepared import Prepared
from kb_server.db.schema import Number, Text, metadata
from kb_server.people.models import Membership, Person

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
    *(sa.Column(name, Text, nullable=False) for name in ("at", "source")),
)
SEEN = "people"
"""The counter of changes to how people are seen: by it whoever keeps a page with names knows that it is an old one."""
_PERSON = sa.select(*(people.c[name] for name in Person.__slots__))
_MEMBERSHIP = sa.select(*(memberships.c[name] for name in Membership.__slots__))
_MEMBERSHIPS_OF = Prepared(
    _MEMBERSHIP.where(memberships.c.person_id == sa.bindparam("whose")).order_by(memberships.c.team)
)
_MEMBERSHIPS_OF_MANY = Prepared(_MEMBERSHIP.where(among(memberships.c.person_id, "ids")))
_PEOPLE = Prepared(_PERSON.where(among(people.c.id, "ids")))
_KNOWN = Prepared(
    sa.select(*_PERSON.selected_columns, *_MEMBERSHIP.selected_columns)
    .outerjoin_from(people, memberships, memberships.c.person_id == people.c.id)
    .where(among(people.c.id, "ids"))
)
# A handle of "" is nobody's, and in no index.
_CALLED = Prepared(_PERSON.where(among(people.c.handle, "handles") & (people.c.handle != "")))
_GIVE = sa.text(
    "INSERT INTO identities (issuer, subject, person_id) VALUES (:issuer, :subject, :person_id) "
    "ON CONFLICT (issuer, subject) DO UPDATE SET person_id = excluded.person_id"
)


def new_id(kind: str) -> str:
    """A new opaque id; `kind` is a letter that tells a person from a session."""
    return f"{kind}_{secrets.token_hex(8)}"


# ── People ────────────────────────────────────────────────────────────────


def person(connection: sa.Connection, person_id: str) -> Person | None:
    """The person with this id."""
    return one(connection, _PERSON.where(people.c.id == person_id))


def people_by_id(connection: sa.Connection, ids: Iterable[str]) -> dict[str, Person]:
    """The people with these ids."""
    return {person.id: person for person in map(_person, _PEOPLE.run(connection, ids=ids))}


def known_by_id(connection: sa.Connection, ids: Iterable[str]) -> dict[str, tuple[Person, list[Membership]]]:
    """The people with these ids, each with the teams they are in besides those of the teams file, or ask to be in."""
    found: dict[str, tuple[Person, list[Membership]]] = {}
    for *person, whose, team, confirmed, source in _KNOWN.run(connection, ids=list(ids)):
        _, theirs = found.setdefault(person[0], (_person(person), []))
        if whose:
            theirs.append(Membership(whose, team, bool(confirmed), source))
    return found


def person_by_handle(connection: sa.Connection, handle: str) -> Person | None:
    """The person whom the teams file calls so."""
    return one(connection, _PERSON.where(people.c.handle == handle)) if handle else None


def people_by_handle(connection: sa.Connection, handles: Collection[str]) -> dict[str, Person]:
    """The people whom the teams file calls so, by what it calls them."""
    return {person.handle: person for person in map(_person, _CALLED.run(connection, handles=handles))}


def person_by_identity(connection: sa.Connection, issuer: str, subject: str) -> Person | None:
    """The person whom this issuer knows by this subject."""
    known = (identities.c.issuer == issuer) & (identities.c.subject == subject)
    return one(connection, _PERSON.join_from(people, identities).where(known))


def everybody(connection: sa.Connection, limit: int, offset: int = 0) -> list[Person]:
    """All people who were not erased, by name."""
    there = _PERSON.where(people.c.erased == 0).order_by(people.c.name, people.c.id)
    return [_person(row) for row in connection.execute(there.limit(limit).offset(offset))]


def count_of_people(connection: sa.Connection) -> int:
    """How many people there are who were not erased."""
    return connection.scalar(sa.select(sa.func.count()).select_from(people).where(people.c.erased == 0)) or 0


def people_by_subject(connection: sa.Connection, issuer: str, subjects: Collection[str]) -> dict[str, Person]:
    """The people whom this issuer knows by these subjects, by them."""
    known = (identities.c.issuer == issuer) & identities.c.subject.in_(sorted(subjects))
    query = _PERSON.add_columns(identities.c.subject).join_from(people, identities).where(known)
    return {row.subject: _person(row) for row in connection.execute(query)}


def add_people(connection: sa.Connection, new: Iterable[Person], now: str) -> None:
    """Write new people."""
    rows = [
        {name: getattr(one, name) for name in Person.__slots__} | {"erased": int(one.erased), "created_at": now}
        for one in new
    ]
    if rows:
        connection.execute(sa.insert(people), rows)


def change_person(connection: sa.Connection, changed: Person) -> None:
    """Write a person as they are now."""
    counters.take(connection, SEEN)
    values = {name: getattr(changed, name) for name in ("name", "email", "handle")} | {"erased": int(changed.erased)}
    connection.execute(sa.update(people).where(people.c.id == changed.id).values(values))


def joined_at(connection: sa.Connection, person_id: str) -> str:
    """When a person was first known here."""
    return connection.scalar(sa.select(people.c.created_at).where(people.c.id == person_id)) or ""


# ── Identities ────────────────────────────────────────────────────────────


def give_identity(connection: sa.Connection, issuer: str, subject: str, person_id: str) -> None:
    """Remember by what an issuer knows a person, and nobody else from now on."""
    connection.execute(_GIVE, {"issuer": issuer, "subject": subject, "person_id": person_id})


def identities_of(connection: sa.Connection, person_id: str) -> list[tuple[str, str]]:
    """By what a person is known: issuer and subject."""
    rows = connection.execute(sa.select(identities).where(identities.c.person_id == person_id))
    return sorted((row.issuer, row.subject) for row in rows)


def known_ids(connection: sa.Connection, ids: Collection[str]) -> set[str]:
    """Those of the people with these ids who have signed in once, or were linked."""
    query = sa.select(identities.c.person_id).where(identities.c.person_id.in_(sorted(ids)))
    return set(connection.scalars(query))


# ── Memberships ───────────────────────────────────────────────────────────


def memberships_of(connection: sa.Connection, person_id: str) -> list[Membership]:
    """The teams a person is in or asks to be in, besides those of the teams file."""
    rows = _MEMBERSHIPS_OF.run(connection, whose=person_id)
    return [Membership(person_id, team, bool(confirmed), source) for person_id, team, confirmed, source in rows]


def memberships_in(connection: sa.Connection, teams: Collection[str]) -> list[Membership]:
    """Who is in these teams or asks to be, besides those of the teams file; who asked first stands first."""
    rows = connection.execute(
        _MEMBERSHIP.where(memberships.c.team.in_(sorted(teams))).order_by(memberships.c.at, memberships.c.person_id)
    )
    return [_membership(row) for row in rows]


def count_asked(connection: sa.Connection, teams: Collection[str], but: str) -> int:
    """How many ask to be in one of these teams, without one person."""
    asked = (memberships.c.team.in_(sorted(teams))) & (memberships.c.confirmed == 0) & (memberships.c.person_id != but)
    return connection.scalar(sa.select(sa.func.count()).select_from(memberships).where(asked)) or 0


def memberships_by_person(connection: sa.Connection, ids: Collection[str]) -> dict[str, list[Membership]]:
    """The memberships of several people."""
    found: dict[str, list[Membership]] = {}
    for person_id, team, confirmed, source in _MEMBERSHIPS_OF_MANY.run(connection, ids=ids):
        found.setdefault(person_id, []).append(Membership(person_id, team, bool(confirmed), source))
    return found


def add_membership(connection: sa.Connection, new: Membership, now: str) -> None:
    """Write a new membership."""
    counters.take(connection, SEEN)
    row = {name: getattr(new, name) for name in Membership.__slots__}
    connection.execute(sa.insert(memberships).values(row | {"confirmed": int(new.confirmed), "at": now}))


def confirm_membership(connection: sa.Connection, person_id: str, team: str, now: str) -> bool:
    """Let a membership that was asked for count; gives whether there was one."""
    counters.take(connection, SEEN)
    asked = _of(person_id, team) & (memberships.c.confirmed == 0)
    return bool(connection.execute(sa.update(memberships).where(asked).values(confirmed=1, at=now)).rowcount)


def end_membership(connection: sa.Connection, person_id: str, team: str) -> bool:
    """Forget a membership; gives whether there was one."""
    counters.take(connection, SEEN)
    return bool(connection.execute(sa.delete(memberships).where(_of(person_id, team))).rowcount)


def forget(connection: sa.Connection, person_id: str) -> None:
    """Forget by what a person is known, and their teams."""
    for table in (identities, memberships):
        connection.execute(sa.delete(table).where(table.c.person_id == person_id))


def _of(person_id: str, team: str) -> sa.ColumnElement[bool]:
    return (memberships.c.person_id == person_id) & (memberships.c.team == team)


def one(connection: sa.Connection, query: sa.Select[tuple[object, ...]]) -> Person | None:
    """The one person a query of `people` finds."""
    row = connection.execute(query).one_or_none()
    return _person(row) if row else None


def _person(row: Sequence[Any]) -> Person:
    person_id, name, email, handle, erased, *_ = row
    return Person(person_id, name, email, handle, bool(erased))


def _membership(row: sa.Row[tuple[object, ...]]) -> Membership:
    return Membership(row.person_id, row.team, bool(row.confirmed), row.source)
