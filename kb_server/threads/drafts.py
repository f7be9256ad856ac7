"""What somebody was writing when it turned out that nobody is signed in: kept for as long as signing in may take.

The address of a draft is a secret of its writer's browser; of it a digest is stored. Afterwards nothing is left of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

import sqlalchemy as sa

from kb_server.people import secret
from kb_server.people.secret import digest, stamp
from kb_server.threads import reading, storage

LASTS = timedelta(hours=2)
MOST = 500
"""Kept at a time: nobody has to be known to leave one, so there must be an end to them."""
LONGEST = 20_000


def keep(connection: sa.Connection, fields: Mapping[str, str], now: datetime) -> str:
    """Keep what was typed; gives the secret by which it is found again, "" where it is longer than can ever be sent."""
    if sum(map(len, fields.values())) > LONGEST:
        return ""
    storage.clear_drafts(connection, stamp(now), MOST - 1)
    given = secret.new()
    storage.add_draft(connection, digest(given), fields, stamp(now + LASTS))
    return given


def found(connection: sa.Connection, given: str, now: datetime) -> dict[str, str]:
    """What was typed; nothing once it was sent, or its time is over."""
    return reading.draft(connection, digest(given), stamp(now))


def forget(connection: sa.Connection, given: str) -> None:
    """It has been sent."""
    if given:
        storage.remove_draft(connection, digest(given))
