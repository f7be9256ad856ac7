"""The tables of those who are about to sign in: attempts, each of one browser, and invitations."""

from __future__ import annotations

import sqlalchemy as sa

from kb_server.accounts.models import Attempt
from kb_server.db.schema import Number, Text, metadata

attempts = sa.Table(
    "attempts",
    metadata,
    sa.Column("browser", Text, primary_key=True),
    *(sa.Column(name, Text, nullable=False) for name in ("way", "email", "code", "link", "leads_to", "expires_at")),
    *(sa.Column(name, Number, nullable=False) for name in ("asked", "tries")),
)
invitations = sa.Table(
    "invitations",
    metadata,
    sa.Column("digest", Text, primary_key=True),
    sa.Column("person_id", Text, sa.ForeignKey("people.id"), nullable=False),
    sa.Column("expires_at", Text, nullable=False),
)


def attempt(connection: sa.Connection, browser: str, way: str, now: str) -> Attempt | None:
    """What is under way in the browser whose secret has this digest."""
    open_still = (attempts.c.browser == browser) & (attempts.c.way == way) & (attempts.c.expires_at > now)
    row = connection.execute(sa.select(attempts).where(open_still)).mappings().one_or_none()
    return Attempt(**row) if row else None


def add_attempt(connection: sa.Connection, new: Attempt, now: str) -> None:
    """Write a new attempt, and forget those that have run out."""
    connection.execute(sa.delete(attempts).where(attempts.c.expires_at <= now))
    connection.execute(sa.insert(attempts).values({name: getattr(new, name) for name in Attempt.__slots__}))


def count_try(connection: sa.Connection, browser: str) -> None:
    """Remember that a code was wrong."""
    which = attempts.c.browser == browser
    connection.execute(sa.update(attempts).where(which).values(tries=attempts.c.tries + 1))


def end_attempt(connection: sa.Connection, browser: str) -> bool:
    """Forget an attempt; gives whether it was there, so that of two who end it only one goes on."""
    return bool(connection.execute(sa.delete(attempts).where(attempts.c.browser == browser)).rowcount)


def add_invitation(connection: sa.Connection, digest: str, person_id: str, expires_at: str, now: str) -> None:
    """Write a new invitation, in place of any this person had, and forget those that have run out."""
    gone = (invitations.c.expires_at <= now) | (invitations.c.person_id == person_id)
    connection.execute(sa.delete(invitations).where(gone))
    connection.execute(sa.insert(invitations).values(digest=digest, person_id=person_id, expires_at=expires_at))


def invited(connection: sa.Connection, digest: str, now: str) -> str:
    """The id of the person whom the invitation with this digest is for, or ""."""
    valid = (invitations.c.digest == digest) & (invitations.c.expires_at > now)
    return connection.scalar(sa.select(invitations.c.person_id).where(valid)) or ""


def end_invitation(connection: sa.Connection, digest: str) -> bool:
    """Forget an invitation; gives whether it was there."""
    return bool(connection.execute(sa.delete(invitations).where(invitations.c.digest == digest)).rowcount)


def attempts_by(connection: sa.Connection, email: str) -> list[Attempt]:
    """The attempts to sign in by a mail to this address."""
    rows = connection.execute(sa.select(attempts).where(attempts.c.email == email)).mappings()
    return [Attempt(**row) for row in rows] if email else []


def forget(connection: sa.Connection, person_id: str, email: str) -> None:
    """Forget what a person has under way."""
    connection.execute(sa.delete(invitations).where(invitations.c.person_id == person_id))
    if email:
        connection.execute(sa.delete(attempts).where(attempts.c.email == email))
