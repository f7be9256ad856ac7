"""What somebody was writing when it turned out that nobody is signed in: kept for as long as signing in may take.

It is found again by its address in the browser in which it was typed, and in no other: whoever sends somebody else the
address of a draft must not have them say it. Of both a digest is stored. Afterwards nothing is left of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

import sqlalchemy as sa

from kb_server.people import secret
from kb_server.people.secret import stamp
from kb_server.writing import storage

LASTS = timedelta(hours=2)
MOST = 500
"""Kept at a time: nobody has to be known to leave one, so there must be an end to them."""
LONGEST = 20_000


def keep(
    connection: sa.Connection, fields: Mapping[str, str], browser: str, now: datetime, longest: int = LONGEST
) -> str:
    """Keep what was typed in the browser with this secret; gives what its address needs.

    That is "" where it is longer than the `longest` that can ever be sent.
    """
    if sum(map(len, fields.values())) > longest:
        return ""
    storage.clear_drafts(connection, stamp(now), MOST - 1)
    given = secret.new()
    storage.add_draft(connection, _name(given, browser), fields, stamp(now + LASTS))
    return given


def found(connection: sa.Connection, given: str, browser: str, now: datetime) -> dict[str, str]:
    """What was typed; nothing once it was sent, or its time is over."""
    return storage.draft(connection, _name(given, browser), stamp(now))


def forget(connection: sa.Connection, given: str, browser: str) -> None:
    """It has been sent."""
    if given and browser:
        storage.remove_draft(connection, _name(given, browser))


def _name(given: str, browser: str) -> str:
    return secret.derived(browser, "draft", given)
