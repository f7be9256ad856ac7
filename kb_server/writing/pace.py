"""How often somebody may say something, and how often they may press a button, wherever in the wiki they do."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from kb_server.people import limits
from kb_server.people.limits import Limit
from kb_server.writing.models import By

MINUTE = timedelta(minutes=1)
SMALL = Limit("talk.small", 120, MINUTE)
"""Agreeing, flagging, settling: a click each."""


def spend(connection: sa.Connection, by: By) -> None:
    """Count that somebody says something. Raises TooOften."""
    limits.spend(connection, Limit("talk.post", by.posts, MINUTE), by.actor.id, by.now)


def spend_small(connection: sa.Connection, by: By) -> None:
    """Count a click. Raises TooOften."""
    limits.spend(connection, SMALL, by.actor.id, by.now)
