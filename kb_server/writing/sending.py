"""A thing sent twice is said once: by a double click, a form sent again, a program that tries once more."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

import sqlalchemy as sa

from kb_server.db import Database
from kb_server.errors import Invalid
from kb_server.people.secret import stamp
from kb_server.words import t
from kb_server.writing import storage
from kb_server.writing.models import By, Said

KEPT = timedelta(days=7)
LONGEST_KEY = 200


@dataclass(frozen=True)
class Sending:
    """Somebody's sending of a text to a `target`. Without a key, each is its own."""

    by: By
    said: Said
    target: str

    def before(self, connection: sa.Connection) -> str:
        """The id of what the same sending has made before, or "". Raises Invalid when the key was for another text."""
        if not self.said.key:
            return ""
        if len(self.said.key) > LONGEST_KEY or not self.said.key.isprintable():
            raise Invalid(t("talk.bad_key", most=LONGEST_KEY))
        found = storage.sending(connection, self.by.actor.id, self._key)
        if found is None:
            return ""
        if found[0] != self._fingerprint:
            raise Invalid(t("talk.other_key"))
        return found[1]

    def remember(self, connection: sa.Connection, made: str) -> None:
        """Keep the id of what this sending has made."""
        if self.said.key:
            row = {"person_id": self.by.actor.id, "key": self._key, "fingerprint": self._fingerprint}
            row |= {"made": made, "at": stamp(self.by.now)}
            storage.remember_sending(connection, row)

    @property
    def _key(self) -> str:
        """A form left open may be sent again with another text, and then says something else."""
        return self.said.key if self.said.strict else f"{self.said.key} {self._fingerprint}"

    @cached_property
    def _fingerprint(self) -> str:
        return hashlib.sha256(f"{self.target}\0{self.said.body}".encode(errors="replace")).hexdigest()[:32]


def forget_old(database: Database, now: datetime) -> None:
    """Forget what was sent so long ago that nobody sends it again."""
    before = stamp(now - KEPT)
    with database.read() as connection:
        if not storage.old_sendings(connection, before):
            return
    with database.transaction() as connection:
        storage.forget_sendings(connection, before)
