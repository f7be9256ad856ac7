"""What the store knows of following: how it stands, and whether somebody has said that there is something new."""

from __future__ import annotations

import secrets

import sqlalchemy as sa

from kb_server.db import meta
from kb_server.following.models import Status, read

STATUS, WOKEN, TOLD = "follow.status", "follow.woken", "follow.told"


def status(connection: sa.Connection) -> Status:
    """How following stands."""
    return read(meta.value(connection, STATUS))


def set_status(connection: sa.Connection, now: Status) -> None:
    """How following stands from now on."""
    meta.set_value(connection, STATUS, now.written())


def woken(connection: sa.Connection) -> str:
    """A word that is another one after every call to look at the branch at once."""
    return meta.value(connection, WOKEN)


def wake(connection: sa.Connection) -> None:
    """Have the branch looked at, at once."""
    meta.set_value(connection, WOKEN, secrets.token_hex(8))


def told(connection: sa.Connection) -> str:
    """The broken commit that people were told of and that was not mended since; "" where there is none."""
    return meta.value(connection, TOLD)


def set_told(connection: sa.Connection, commit: str) -> None:
    """People are told of this commit from now on, or of none."""
    meta.set_value(connection, TOLD, commit)
