"""What whoever runs the wiki does about people, from a terminal on its machine."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from kb_server.accounts import inviting
from kb_server.accounts import storage as under_way
from kb_server.accounts.mailed import normal
from kb_server.activity.storage import record
from kb_server.config import Settings
from kb_server.errors import Conflict, Invalid
from kb_server.people import keys, names, privacy, service, storage
from kb_server.people.models import EMAIL, Person, Proven
from kb_server.people.privacy import Holding
from kb_server.people.roster import Roster

OPERATOR = "operator"
"""The actor of what is done from a terminal."""
STEP = 500


def everybody(connection: sa.Connection, roster: Roster) -> Iterator[dict[str, Any]]:
    """All people with what they are called, their teams, and whether they have been here."""
    for offset in range(0, storage.count_of_people(connection), STEP):
        people = storage.everybody(connection, STEP, offset)
        ids = {person.id for person in people}
        theirs, known = storage.memberships_by_person(connection, ids), storage.known_ids(connection, ids)
        for person in people:
            teams = sorted(service.teams_of(person, theirs.get(person.id, []), roster))
            facts = {"id": person.id, "name": person.name, "email": person.email, "handle": person.handle}
            yield facts | {"teams": teams, "has_been_here": person.id in known}


def invite(  # noqa: PLR0913, PLR0917  -- whom, and by what name
    connection: sa.Connection, settings: Settings, roster: Roster, who: str, name: str, now: datetime
) -> str:
    """The address that signs this person in once: somebody known, or a mail address. Raises Invalid, NotFound."""
    if settings.auth != "email":
        raise Invalid(f"People are invited where they sign in by mail, and KB_AUTH is {settings.auth}.")
    person = _invited(connection, roster, who, name, now)
    return f"{settings.base_url}sign-in/invitation/{inviting.invite(connection, person, now)}/"


def export(
    connection: sa.Connection, roster: Roster, who: str, held: Sequence[Holding], now: datetime
) -> dict[str, Any]:
    """Everything held about this person. Raises NotFound."""
    return privacy.export(connection, service.found_by(connection, who, roster, now), held, now)


def erase(connection: sa.Connection, roster: Roster, who: str, held: Sequence[Holding], now: datetime) -> Person:
    """Forget this person; gives them as they were. Raises NotFound."""
    person = service.found_by(connection, who, roster, now)
    privacy.erase(connection, person, held, OPERATOR)
    return person


def link(  # noqa: PLR0913, PLR0917  -- whom, to what
    connection: sa.Connection, roster: Roster, who: str, issuer: str, subject: str, now: datetime
) -> Person:
    """Let a provider's subject be this person from now on. Raises NotFound, Invalid, Conflict."""
    if not issuer.strip() or not subject.strip():
        raise Invalid("A link needs an issuer and a subject.")
    person = service.found_by(connection, who, roster, now)
    known = storage.person_by_identity(connection, issuer, subject)
    if known and known.id == person.id:
        raise Conflict(f"They are {person.name} already.")
    storage.give_identity(connection, issuer, subject, person.id)
    record(connection, actor=OPERATOR, verb="person.linked", subject=person.id, data={})
    return person


def sign_out(connection: sa.Connection, roster: Roster, who: str, now: datetime) -> Person:
    """Sign this person out everywhere; nothing that was handed out lets them in again. Raises NotFound."""
    person = service.found_by(connection, who, roster, now)
    keys.forget(connection, person.id)
    under_way.forget(connection, person.id, person.email.casefold())
    record(connection, actor=OPERATOR, verb="person.signed_out", subject=person.id, data={})
    return person


def _invited(connection: sa.Connection, roster: Roster, who: str, name: str, now: datetime) -> Person:
    """A mailbox that is not known yet is somebody new."""
    if "@" not in who or roster.by_email(who):
        return service.found_by(connection, who, roster, now)
    email = normal(who)
    known = storage.person_by_identity(connection, EMAIL, email)
    called = names.clean(name) or ("" if known else names.of_address(email))
    return service.known_as(connection, Proven(EMAIL, email, called, email), roster, now)
