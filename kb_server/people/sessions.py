"""Being signed in: a browser by its session, a program by a token. Both end on the server, whoever still has them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta

import sqlalchemy as sa

from kb_server.activity.storage import record
from kb_server.errors import Conflict, Invalid, NotFound
from kb_server.people import keys, names, secret, storage
from kb_server.people.models import Actor, Person, Session, Token
from kb_server.people.permissions import require, scopes
from kb_server.people.roster import Roster
from kb_server.people.secret import digest, stamp
from kb_server.people.service import actor_in, actor_of

LASTS = timedelta(days=90)
TOKENS_LAST = (7, 30, 90, 365)
"""For how many days a token may work."""
MOST_TOKENS = 20
PREFIX = "kbt_"
"""How a token begins, so that whoever finds one, a scanner of sources too, knows what it is."""


def signed_in_by(connection: sa.Connection, given: str, roster: Roster, now: datetime) -> Actor | None:
    """Who is signed in by this secret of a session, or None."""
    found = keys.person_by_session(connection, digest(given), stamp(now))
    return actor_in(*found, roster) if found else None


def open_session(connection: sa.Connection, person: Person, browser: str, now: datetime, before: str = "") -> str:
    """Sign a person in; gives the secret for their browser. The session it had `before` ends.

    So nobody can leave a session of theirs behind in somebody else's browser.
    """
    keys.clear_expired(connection, stamp(now))
    end_session(connection, before)
    given = secret.new()
    session = Session(storage.new_id("s"), person.id, browser, stamp(now), stamp(now + LASTS))
    keys.add_session(connection, session, digest(given))
    record(connection, actor=person.id, verb="session.opened", subject=session.id, data={})
    return given


def end_session(connection: sa.Connection, given: str) -> bool:
    """Sign out; gives whether anybody was signed in by this secret."""
    found = keys.session_by_digest(connection, digest(given)) if given else None
    if found is None:
        return False
    record(connection, actor=found.person_id, verb="session.ended", subject=found.id, data={})
    return keys.end_session(connection, digest(given))


def this_session(connection: sa.Connection, given: str) -> str:
    """The id of the session with this secret, or ""."""
    found = keys.session_by_digest(connection, digest(given)) if given else None
    return found.id if found else ""


def end_browser(connection: sa.Connection, actor: Actor, session_id: str) -> None:
    """Sign `actor` out in another browser. Raises NotFound."""
    require(actor, "account")
    if not session_id or not keys.end_sessions(connection, actor.id, session=session_id):
        raise NotFound("You are not signed in there any more.")
    record(connection, actor=actor.id, verb="session.ended", subject=session_id, data={})


def end_other_browsers(connection: sa.Connection, actor: Actor, given: str) -> int:
    """Sign `actor` out everywhere but in the browser with this secret; gives in how many."""
    require(actor, "account")
    ended = keys.end_sessions(connection, actor.id, but=this_session(connection, given))
    if ended:
        record(connection, actor=actor.id, verb="sessions.ended", subject=actor.id, data={"count": ended})
    return ended


def make_token(  # noqa: PLR0913, PLR0917  -- each is one field of the form
    connection: sa.Connection, actor: Actor, name: str, chosen: Collection[str], days: int, now: datetime
) -> str:
    """Make a token for a program of `actor`'s; gives it, this once. Raises Invalid, Conflict."""
    require(actor, "account")
    name = names.clean(name)
    if not name or not chosen or not set(chosen) <= scopes() or days not in TOKENS_LAST:
        raise Invalid("A token needs a name, something it may do, and a time after which it ends.")
    if len(keys.tokens_of(connection, actor.id, stamp(now))) >= MOST_TOKENS:
        raise Conflict(f"You have {MOST_TOKENS} tokens. Withdraw one that is no longer needed.")
    given = PREFIX + secret.new()
    until = stamp(now + timedelta(days=days))
    token = Token(storage.new_id("t"), actor.id, name, tuple(sorted(set(chosen))), stamp(now), until)
    keys.add_token(connection, token, digest(given))
    record(connection, actor=actor.id, verb="token.made", subject=token.id, data={"scopes": list(token.scopes)})
    return given


def end_token(connection: sa.Connection, actor: Actor, token_id: str) -> None:
    """Let a token of `actor`'s work no longer. Raises NotFound."""
    require(actor, "account")
    if not keys.end_token(connection, actor.id, token_id):
        raise NotFound("This token has ended already.")
    record(connection, actor=actor.id, verb="token.ended", subject=token_id, data={})


def acting_by(connection: sa.Connection, given: str, roster: Roster, now: datetime) -> Actor | None:
    """For whom a program with this token acts, within its scopes, or None."""
    found = keys.token_by_digest(connection, digest(given), stamp(now)) if given.startswith(PREFIX) else None
    if found is None:
        return None
    token, person = found
    return replace(actor_of(connection, person, roster), scopes=frozenset(token.scopes))
