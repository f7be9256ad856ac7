"""Which engine answers, as the settings and the database say."""

from __future__ import annotations

import threading
from weakref import WeakKeyDictionary

from kb_server.config import Settings
from kb_server.db import Database
from kb_server.search.engines import Engine
from kb_server.search.engines.database import database_engine
from kb_server.search.engines.whoosh.engine import WhooshEngine

FOLDER = "search"  # in the data directory

_indexes: WeakKeyDictionary[Database, WhooshEngine] = WeakKeyDictionary()
_lock = threading.Lock()


def engine_of(database: Database, settings: Settings) -> Engine:
    """The engine to ask; one for all threads of a process."""
    return index_of(database, settings) or database_engine(database.dialect)


def index_of(database: Database, settings: Settings) -> WhooshEngine | None:
    """The index outside the database, if the settings want one."""
    if settings.search_engine != "whoosh":
        return None
    with _lock:
        index = WhooshEngine(settings.data_dir / FOLDER, meanwhile=database_engine(database.dialect))
        return _indexes.setdefault(database, index)
