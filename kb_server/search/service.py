"""Search: one question, one answer, within its time."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

from kb_server.config import Settings
from kb_server.db import Database
from kb_server.documents import reading, storage
from kb_server.search.engines.choosing import engine_of, index_of
from kb_server.search.following import following
from kb_server.search.knowledge import knowledge_of
from kb_server.search.models import Request, Results
from kb_server.search.question import Question

__all__ = [
    "audit_index",
    "following",
    "index_state",
    "open_index",
    "problems",
    "rebuild_index",
    "search",
    "unusable_index",
]


def search(database: Database, settings: Settings, request: Request) -> Results:
    """What answers a request. Never raises for anything that was typed."""
    started = time.monotonic()
    knowledge = knowledge_of(database)
    with database.read() as connection:
        knowledge.follow(connection)
        # The budget is a search's own: the first one after a start also learns the words, which takes what it takes.
        deadline = time.monotonic() + settings.search_budget_ms / 1000
        results = Question(connection, engine_of(database, settings), knowledge, request, deadline).answer()
    return replace(results, took_ms=round((time.monotonic() - started) * 1000, 2))


def open_index(database: Database, settings: Settings) -> str:
    """Use the index outside the database, which the server writes; gives the reason if it is of no use just now."""
    index = index_of(database, settings)
    if index is None:
        return ""
    with database.read() as connection:
        return index.look(connection)


def index_state(database: Database, settings: Settings) -> dict[str, Any]:
    """How the index stands: which engine, how many documents can be found, up to which change.

    Where it lies outside the database, also whether it follows or is made anew, and how many changes it is behind.
    Learns the words on the way, so that a server asked whether it is ready has made itself so.
    """
    with database.read() as connection:
        knowledge_of(database).follow(connection)
        seq = storage.latest_seq(connection)
        state = {"engine": settings.search_engine, "documents": reading.count(connection), "seq": seq}
        index = index_of(database, settings)
        return state | (index.state(connection) if index else {})


def audit_index(database: Database, settings: Settings) -> list[str]:
    """What is wrong with the index outside the database, in sentences; nothing where there is none."""
    index = index_of(database, settings)
    if index is None:
        return []
    with database.read() as connection:
        return index.audit(connection)


def unusable_index(database: Database, settings: Settings) -> str:
    """Why the index outside the database is of no use, as the end of a sentence; "" where it is, or there is none."""
    index = index_of(database, settings)
    if index is None:
        return ""
    with database.read() as connection:
        return index.unusable(connection)


def problems(database: Database, settings: Settings) -> list[str]:
    """What keeps this server's index outside the database from following, for everybody to see: no path."""
    index = index_of(database, settings)
    if index is None or not index.trouble:
        return []
    return [f"The index of search cannot be kept up to date ({index.trouble}): what is new may not be found."]


def rebuild_index(database: Database, settings: Settings) -> None:
    """Make the index outside the database anew, if there is one. Raises Conflict while another process writes it."""
    index = index_of(database, settings)
    if index:
        with database.read() as connection:
            index.rebuild(connection)
