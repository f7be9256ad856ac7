"""The address in a mail by which its receiver ends the mails (RFC 8058): signed, for this one purpose, for ever.

Whoever has the mail may use it, without signing in: so it can do nothing else, and what it does can be undone.
"""

from __future__ import annotations

import secrets
from datetime import datetime
from urllib.parse import quote

import sqlalchemy as sa

from kb_server.activity.storage import record
from kb_server.db.meta import meta
from kb_server.errors import KbError, NotFound
from kb_server.notifications import outbox, storage
from kb_server.notifications.models import NEVER
from kb_server.people import storage as people
from kb_server.people.secret import derived, same, stamp
from kb_server.words import t

ALL = "all"
"""Ends every mail; anything else is what is not watched any more."""
_KEY = "notifications.key"
_GIVE = sa.text("INSERT INTO meta (key, value) VALUES (:key, :value) ON CONFLICT (key) DO NOTHING")


def give_key(connection: sa.Connection) -> None:
    """Give this store a key to sign with, unless it has one."""
    connection.execute(_GIVE, {"key": _KEY, "value": secrets.token_hex(32)})


def has_key(connection: sa.Connection) -> bool:
    """Whether this store has a key to sign with."""
    return connection.scalar(sa.select(meta.c.key).where(meta.c.key == _KEY)) is not None


def key(connection: sa.Connection) -> str:
    """The key of this store. Raises KbError as long as it has none: nothing may be signed without."""
    found: str | None = connection.scalar(sa.select(meta.c.value).where(meta.c.key == _KEY))
    if not found:
        raise KbError("This store has no key to sign addresses with. `kb serve` gives it one.")
    return found


def path(signing_key: str, person_id: str, what: str) -> str:
    """Where somebody ends mails about `what`, below the site's root."""
    return f"mail/{quote(person_id)}/{quote(what)}/{_signature(signing_key, person_id, what)}/"


def require(connection: sa.Connection, person_id: str, what: str, signature: str) -> None:
    """Raise NotFound unless the address is one of ours, and its receiver still there."""
    # As long as there is no key, nobody was sent an address that could be one of ours.
    is_ours = has_key(connection) and same(_signature(key(connection), person_id, what), signature)
    person = people.person(connection, person_id)
    if not is_ours or person is None or person.erased:
        raise NotFound(t("waiting.stop.unknown"))


def stop(connection: sa.Connection, person_id: str, what: str, now: datetime) -> None:
    """End the mails: those about something, or all. What is queued stays unsent, too."""
    if what == ALL:
        storage.set_mailed(connection, person_id, NEVER)
        outbox.forget(connection, person_id)
    else:
        storage.set_watching(connection, person_id, what, storage.OFF, stamp(now))
    record(connection, actor=person_id, verb="mail.stopped", subject=person_id, data={"what": what})


def _signature(signing_key: str, person_id: str, what: str) -> str:
    return derived(signing_key, "mail.stop", person_id, what)[:43]
