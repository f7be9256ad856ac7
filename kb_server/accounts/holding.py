"""What is held about somebody who is about to sign in."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from kb_server.accounts import storage
from kb_server.people.models import Person
from kb_server.people.privacy import Holding


def _under_way(connection: sa.Connection, person: Person, _now: datetime) -> list[dict[str, Any]]:
    shown = ("email", "expires_at", "asked", "tries")
    found = storage.attempts_by(connection, person.email.casefold())
    return [{name: getattr(one, name) for name in shown} for one in found]


def _forget(connection: sa.Connection, person: Person) -> None:
    storage.forget(connection, person.id, person.email.casefold())


SIGNING_IN = Holding("signing_in", _under_way, _forget)
