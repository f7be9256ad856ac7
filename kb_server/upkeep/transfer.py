"""``kb copy-database``: all of a store into another one, of the same kind or the other, so that no word is lost.

From the store there is nothing is taken away, and nobody can write to it meanwhile. The other one gets everything or
stays as empty as it was. It counts as another store, so whatever follows numbers of the first notices that it is not.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass

import sqlalchemy as sa

from kb_server.config import Settings, without_password
from kb_server.db import Database, database_file, meta, migrate
from kb_server.db.copying import Held, copy_rows, refuse_used
from kb_server.db.files import look_for_damage
from kb_server.documents import postings
from kb_server.documents.whole import batches, refuse_altered
from kb_server.errors import Conflict
from kb_server.web.serving import is_served, only_server

PATIENCE = 2.0  # seconds for those who only look something up, and are gone


@dataclass(frozen=True, slots=True)
class Transferred:
    """What was copied, table by table, and where to: an address without its password."""

    address: str
    held: Sequence[Held]


def transfer(source: Database, settings: Settings, address: str) -> Transferred:
    """Copy all that is in `source`, which `settings` name, to the empty database at `address`.

    Raises Conflict where a server runs or the other one is not empty, Damaged, and KbError; then it is empty still.
    """
    _refuse_served(settings, address)
    if source.file:
        look_for_damage(source.file)
    with only_server(settings.data_dir, source.file), closing(Database(address)) as target:
        _refuse_used(source, "the database there is")
        _refuse_itself_and_used(source, target)
        _refuse_used(target, "the database to copy to")
        migrate(target, settings.data_dir / "backups")
        with target.transaction() as into:
            held = _copied(source, into)
            postings.rebuild(into)
            meta.renew_instance(into)
    return Transferred(without_password(address), held)


def _copied(source: Database, into: sa.Connection) -> list[Held]:
    # Whoever wants to write there has to wait, and then is told: what came later would be lost.
    held_still = source.transaction if source.is_writable else source.read
    with held_still() as connection:
        for rows in batches(connection):
            refuse_altered(rows)
        return copy_rows(connection, into, postings.is_of_the_index)


def _refuse_served(settings: Settings, address: str) -> None:
    files = [database_file(settings.database_url), database_file(address)]
    if any(is_served(settings.data_dir, file) for file in files if file is None or file.is_file()):
        raise Conflict("A server runs on one of the two databases. Stop it, copy, and start it with the new one.")


def _refuse_used(database: Database, which: str) -> None:
    """Raise Conflict where other processes have sessions in a database that is no file."""
    until = time.monotonic() + PATIENCE
    while database.is_used_elsewhere():
        if time.monotonic() > until:
            raise Conflict(f"Another kb, on this machine or another, uses {which}. Stop every server, then copy.")
        time.sleep(0.05)


def _refuse_itself_and_used(source: Database, target: Database) -> None:
    if target.file and not target.file.exists():
        return
    with source.read() as one, target.read() as other:
        if sa.inspect(other).has_table(meta.meta.name) and meta.instance(one) == meta.instance(other):
            raise Conflict("The address is that of the database there is. Name another one to copy to.")
        refuse_used(other, postings.is_of_the_index)
