"""A link that signs one person in, once: for a pilot without a mail server, and for guests no file names."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from kb_server.accounts import storage
from kb_server.activity.storage import record
from kb_server.people import secret
from kb_server.people import storage as people
from kb_server.people.models import Person
from kb_server.people.secret import digest, stamp

LASTS = timedelta(days=7)


def invite(connection: sa.Connection, person: Person, now: datetime) -> str:
    """Make the secret of a link for this person; one made before no longer works."""
    given = secret.new()
    storage.add_invitation(connection, digest(given), person.id, stamp(now + LASTS), stamp(now))
    record(connection, actor="operator", verb="person.invited", subject=person.id, data={})
    return given


def whom(connection: sa.Connection, given: str, now: datetime) -> Person | None:
    """Whom this link is for, while it can be used."""
    person_id = storage.invited(connection, digest(given), stamp(now))
    person = people.person(connection, person_id) if person_id else None
    return person if person and not person.erased else None


def accept(connection: sa.Connection, given: str, now: datetime) -> Person | None:
    """The same, and the link is then over."""
    person = whom(connection, given, now)
    return person if person and storage.end_invitation(connection, digest(given)) else None
