"""A database to measure on: a SQLite file, a PostgreSQL started for the purpose, or one that is there already."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "tests"))
import postgres


@contextmanager
def address(named: str, folder: str) -> Iterator[str]:
    """The address of an empty database: `named` is "sqlite", "postgresql", or an address."""
    if named == "sqlite":
        yield f"sqlite:///{folder}/kb.sqlite3"
    elif named == "postgresql":
        with postgres.running(durable=True) as server:
            yield server.url("postgres")
    else:
        yield named
