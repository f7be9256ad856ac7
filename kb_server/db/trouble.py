"""What kind of trouble a store is in, whichever database it is: so that whoever waits is told what is true."""

from __future__ import annotations

import sqlite3
from enum import Enum, auto

from sqlalchemy.exc import SQLAlchemyError

from kb_server.errors import KbError


class Trouble(Enum):
    """Why the store did not do what it was asked."""

    FULL = auto()
    UNWRITABLE = auto()
    OTHER = auto()


class Unwritable(KbError):  # noqa: N818  -- it reads as what the store is
    """The store can be read, and not be changed."""


# Primary codes of SQLite. A write that fails for another reason than a full disk is one into a file that may not grow.
_OF_SQLITE = {
    sqlite3.SQLITE_FULL: Trouble.FULL,
    sqlite3.SQLITE_IOERR_WRITE: Trouble.FULL,
    sqlite3.SQLITE_READONLY: Trouble.UNWRITABLE,
}
# https://www.postgresql.org/docs/current/errcodes-appendix.html
_OF_POSTGRESQL = {"53100": Trouble.FULL, "25006": Trouble.UNWRITABLE}


def trouble(error: SQLAlchemyError) -> Trouble:
    """What kind of trouble an error tells of."""
    said = getattr(error, "orig", None)
    code = getattr(said, "sqlite_errorcode", 0)
    of_sqlite = _OF_SQLITE.get(code) or _OF_SQLITE.get(code & 0xFF)
    return of_sqlite or _OF_POSTGRESQL.get(getattr(said, "sqlstate", None) or "", Trouble.OTHER)
