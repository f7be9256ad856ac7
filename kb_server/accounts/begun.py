"""A way to the provider and back, tied to one browser: begun here, ended once."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from kb_server.accounts import storage
from kb_server.accounts.models import Attempt
from kb_server.accounts.provider import state_of
from kb_server.people import limits, secret
from kb_server.people.secret import digest, stamp

LASTS = timedelta(minutes=15)
OIDC = "oidc"
BY_ALL = limits.Limit("provider.all", 2000, LASTS)


def begin(connection: sa.Connection, leads_to: str, now: datetime) -> str:
    """Begin; gives the secret for the browser. Raises TooOften where everybody together begins too often."""
    limits.spend(connection, BY_ALL, "", now)
    given = secret.new()
    made = Attempt(digest(given), OIDC, "", "", "", leads_to, stamp(now + LASTS))
    storage.add_attempt(connection, made, stamp(now))
    return given


def end(connection: sa.Connection, given: str, state: str, now: datetime) -> Attempt | None:
    """What was begun in the browser with this secret, which is then over; None where that is not what comes back.

    A wrong `state` ends nothing: somebody else's page may have sent the browser here.
    """
    found = storage.attempt(connection, digest(given), OIDC, stamp(now)) if given else None
    if found is None or not secret.same(state, state_of(given)):
        return None
    return found if storage.end_attempt(connection, found.browser) else None
