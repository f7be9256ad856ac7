"""What is held about a person: shown to them as it stands, and erased when they go.

Each feature that keeps something about people says so by a `Holding`; `kb_server.accounts.holdings` lists them all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from kb_server.activity.storage import record
from kb_server.people import absences, keys, storage
from kb_server.people.models import Person
from kb_server.people.secret import stamp


@dataclass(frozen=True, slots=True)
class Holding:
    """What one feature keeps about a person, by their id: `export` gives it as JSON data, `erase` forgets it.

    What others need to go on, such as an answer in a conversation, may stay as long as only the opaque id says whose it
    was. `erase` runs in one transaction with all others, before the person's own row loses everything but its id.
    """

    name: str
    export: Callable[[sa.Connection, Person, datetime], Any]
    erase: Callable[[sa.Connection, Person], None]


def export(connection: sa.Connection, person: Person, held: Iterable[Holding], now: datetime) -> dict[str, Any]:
    """Everything held about a person."""
    return {one.name: one.export(connection, person, now) for one in held}


def erase(connection: sa.Connection, person: Person, held: Iterable[Holding], actor: str) -> None:
    """Forget a person; their id stays, so that what they did still hangs together. `actor` is whose decision it was."""
    for one in held:
        one.erase(connection, person)
    storage.change_person(connection, Person(person.id, "", erased=True))
    record(connection, actor=actor, verb="person.erased", subject=person.id, data={})


def _account(connection: sa.Connection, person: Person, now: datetime) -> dict[str, Any]:
    known = [{"issuer": issuer, "subject": subject} for issuer, subject in storage.identities_of(connection, person.id)]
    facts = {"id": person.id, "name": person.name, "email": person.email, "handle": person.handle}
    return facts | {
        "since": storage.joined_at(connection, person.id),
        "known_as": known,
        "teams": [asdict(one) for one in storage.memberships_of(connection, person.id)],
        "away": absences.held(connection, person.id, now),
        "browsers": [asdict(one) for one in keys.sessions_of(connection, person.id, stamp(now))],
        "tokens": [asdict(one) for one in keys.tokens_of(connection, person.id, stamp(now))],
    }


def _forget(connection: sa.Connection, person: Person) -> None:
    keys.forget(connection, person.id)
    absences.forget(connection, person.id)
    storage.forget(connection, person.id)


ACCOUNT = Holding("account", _account, _forget)
