"""The tables of what lets somebody in again: sessions of browsers, tokens of programs. They hold digests, no secret."""

from __future__ import annotations

import sqlalchemy as sa

from kb_server.db.prepared import Prepared
from kb_server.db.schema import Text, metadata
from kb_server.people.models import Person, Session, Token
from kb_server.people.storage import memberships, people

sessions = sa.Table(
    "sessions",
    metadata,
    sa.Column("id", Text, primary_key=True),
    sa.Column("digest", Text, nullable=False, unique=True),
    sa.Column("person_id", Text, sa.ForeignKey("people.id"), nullable=False),
    *(sa.Column(name, Text, nullable=False) for name in ("browser", "created_at", "expires_at")),
)
tokens = sa.Table(
    "tokens",
    metadata,
    sa.Column("id", Text, primary_key=True),
    sa.Column("digest", Text, nullable=False, unique=True),
    sa.Column("person_id", Text, sa.ForeignKey("people.id"), nullable=False),
    *(sa.Column(name, Text, nullable=False) for name in ("name", "scopes", "created_at", "expires_at")),
)
_SESSION = sa.select(*(sessions.c[name] for name in Session.__slots__))
_TOKEN = sa.select(*(tokens.c[name] for name in Token.__slots__))
_PERSON = [people.c[name].label(f"whose_{name}") for name in Person.__slots__]
# Asked with every request: put together once, since that takes longer than answering it.
_SIGNED_IN = Prepared(
    sa.select(*(people.c[name] for name in Person.__slots__), memberships.c.team)
    .join_from(sessions, people)
    .outerjoin(memberships, (memberships.c.person_id == people.c.id) & (memberships.c.confirmed == 1))
    .where(
        (sessions.c.digest == sa.bindparam("digest"))
        & (sessions.c.expires_at > sa.bindparam("now"))
        & (people.c.erased == 0)
    )
)


def add_session(connection: sa.Connection, session: Session, digest: str) -> None:
    """Write a new session."""
    row = {name: getattr(session, name) for name in Session.__slots__}
    connection.execute(sa.insert(sessions).values(row | {"digest": digest}))


def person_by_session(connection: sa.Connection, digest: str, now: str) -> tuple[Person, frozenset[str]] | None:
    """Who is signed in by the session whose secret has this digest, and the teams somebody has let them into."""
    rows = _SIGNED_IN.glance(connection, digest=digest, now=now)
    if not rows:
        return None
    named = dict(zip(Person.__slots__, rows[0], strict=False))
    return Person(**named | {"erased": bool(named["erased"])}), frozenset(row[-1] for row in rows if row[-1])


def session_by_digest(connection: sa.Connection, digest: str) -> Session | None:
    """The session whose secret has this digest."""
    row = connection.execute(_SESSION.where(sessions.c.digest == digest)).mappings().one_or_none()
    return Session(**row) if row else None


def sessions_of(connection: sa.Connection, person_id: str, now: str) -> list[Session]:
    """The browsers in which a person is signed in, the latest first."""
    mine = (sessions.c.person_id == person_id) & (sessions.c.expires_at > now)
    latest = _SESSION.where(mine).order_by(sessions.c.created_at.desc(), sessions.c.id)
    return [Session(**row) for row in connection.execute(latest).mappings()]


def end_session(connection: sa.Connection, digest: str) -> bool:
    """Forget the session whose secret has this digest; gives whether there was one."""
    return bool(connection.execute(sa.delete(sessions).where(sessions.c.digest == digest)).rowcount)


def end_sessions(connection: sa.Connection, person_id: str, *, session: str = "", but: str = "") -> int:
    """Forget the `session` of a person's, or all of them `but` one; gives how many."""
    mine = sessions.c.person_id == person_id
    which = mine & (sessions.c.id == session) if session else mine & (sessions.c.id != but)
    return connection.execute(sa.delete(sessions).where(which)).rowcount


def add_token(connection: sa.Connection, token: Token, digest: str) -> None:
    """Write a new token."""
    row = {name: getattr(token, name) for name in Token.__slots__} | {"scopes": " ".join(token.scopes)}
    connection.execute(sa.insert(tokens).values(row | {"digest": digest}))


def token_by_digest(connection: sa.Connection, digest: str, now: str) -> tuple[Token, Person] | None:
    """The token with this digest, and whose it is."""
    valid = (tokens.c.digest == digest) & (tokens.c.expires_at > now) & (people.c.erased == 0)
    query = sa.select(*_TOKEN.selected_columns, *_PERSON).join_from(tokens, people).where(valid)
    row = connection.execute(query).one_or_none()
    return (_token(row), _person(row)) if row else None


def tokens_of(connection: sa.Connection, person_id: str, now: str) -> list[Token]:
    """A person's tokens that still work, the latest first."""
    mine = (tokens.c.person_id == person_id) & (tokens.c.expires_at > now)
    return [_token(row) for row in connection.execute(_TOKEN.where(mine).order_by(tokens.c.created_at.desc()))]


def end_token(connection: sa.Connection, person_id: str, token_id: str) -> bool:
    """Forget a token of a person's; gives whether there was one."""
    which = (tokens.c.person_id == person_id) & (tokens.c.id == token_id)
    return bool(connection.execute(sa.delete(tokens).where(which)).rowcount)


def forget(connection: sa.Connection, person_id: str) -> None:
    """Forget all that would let a person in again."""
    for table in (sessions, tokens):
        connection.execute(sa.delete(table).where(table.c.person_id == person_id))


def clear_expired(connection: sa.Connection, now: str) -> None:
    """Forget what has run out."""
    for table in (sessions, tokens):
        connection.execute(sa.delete(table).where(table.c.expires_at <= now))


def _person(row: sa.Row[tuple[object, ...]]) -> Person:
    values = {name: getattr(row, f"whose_{name}") for name in Person.__slots__}
    return Person(**values | {"erased": bool(values["erased"])})


def _token(row: sa.Row[tuple[object, ...]]) -> Token:
    values = {name: getattr(row, name) for name in Token.__slots__}
    return Token(**values | {"scopes": tuple(values["scopes"].split())})
