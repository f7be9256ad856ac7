"""``kb index``: compare the index of search with the texts, or make it anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from kb_server.db import Database
from kb_server.documents import auditing, renewing
from kb_server.documents.auditing import Audit

__all__ = ["Audit", "rebuild", "verify"]


def verify(database: Database, elsewhere: Sequence[str] = ()) -> Audit:
    """Where the index disagrees with the texts. `elsewhere` says the same of one outside the database."""
    found = auditing.audit(database)
    return replace(found, findings=(*found.findings, *elsewhere))


def rebuild(database: Database) -> int:
    """Make the index anew, in one transaction; gives how many texts had words of another version of the analyser.

    A running server goes on answering meanwhile, from the index as it was.
    """
    with database.transaction() as connection:
        return renewing.rebuild(connection)
