"""SQLite files as files: looked at without changing them, and copied beside whoever writes.

Everything here opens a file to read alone. Such a connection neither writes nor checkpoints, so it has no part in the
race that `engine` speaks of, whichever process it runs in.
"""

from __future__ import annotations

import os
import re
import secrets
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from kb_server.db.damage import Damaged, is_damage
from kb_server.db.frozen import address_to_read
from kb_server.db.limits import BUSY_SECONDS
from kb_server.errors import Conflict, KbError

Stop = Callable[[], bool]
# From 3.44 on SQLite looks into full-text indexes too. Those can be made anew; they are looked after in `documents`.
OF_FULL_TEXT = re.compile("fts5", re.IGNORECASE)
STEPS = 100_000  # of SQLite's machine between two questions whether to stop: some milliseconds


class Stopped(KbError):  # noqa: N818
    """Told to stop before the work was done."""


def _on() -> bool:
    return False


@contextmanager
def reading(file: Path, stop: Stop = _on) -> Iterator[sqlite3.Connection]:
    """A connection that cannot change `file`. Raises Damaged and Stopped in place of SQLite's own errors for them."""
    connection = None
    try:
        connection = sqlite3.connect(address_to_read(file), uri=True, isolation_level=None, timeout=BUSY_SECONDS)
        connection.execute("PRAGMA trusted_schema=OFF")
        connection.set_progress_handler(stop, STEPS)
        yield connection
    except sqlite3.DatabaseError as error:
        raise _named(file, error) from error
    except UnicodeDecodeError as error:  # SQLite's own message quotes damaged text
        raise Damaged(f"{file.name} is damaged: its schema cannot be read.") from error
    finally:
        if connection:
            connection.close()


def look_for_damage(file: Path, stop: Stop = _on) -> None:
    """Raises Damaged naming the first thing found, Stopped when told to stop before the end.

    Not `quick_check`, which takes hardly less time and does not see an index that disagrees with its table.
    """
    with reading(file, stop) as connection:
        said = [str(row[0]) for row in connection.execute("PRAGMA integrity_check")]
        if wrong := [line for line in said if line != "ok" and not OF_FULL_TEXT.search(line)]:
            raise Damaged(f"{file.name} is damaged: {wrong[0].splitlines()[-1]}.")
        _read_everything(connection)


def _read_everything(connection: sqlite3.Connection) -> None:
    """Read every text there is: SQLite's own check does not look at what they are made of."""
    tables = connection.execute(
        "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table'"
    ).fetchall()
    for (name,) in tables:
        for _row in connection.execute(f'SELECT * FROM "{name}"'):  # noqa: S608  -- the file's own names
            pass


def copy(source: Path, target: Path, stop: Stop = _on, check: Callable[[Path], None] | None = None) -> None:
    """Copy `source` as it stands now to the new file `target`, which only this user can read.

    Others may write to `source` meanwhile. The copy gets its name when it has been checked, by `check` too, and lies on
    the disk. Raises Conflict when `target` is there already, Damaged, Stopped, or KbError; then there is no copy.
    """
    partial = target.with_name(f".{target.name}.{secrets.token_hex(4)}.partial")
    try:
        # SQLite writes into an empty file that is there; making it here makes it private.
        os.close(os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        with reading(source, stop) as connection:
            connection.execute("VACUUM INTO ?", (str(partial),))
        look_for_damage(partial, stop)
        if check:
            check(partial)
        sync(partial)
        _name(partial, target)
        sync(target.parent)
    except FileExistsError as error:
        raise Conflict(f"{target} is there already; nothing is overwritten.") from error
    except OSError as error:
        raise KbError(f"{target} cannot be written ({error.strerror}).") from error
    finally:
        partial.unlink(missing_ok=True)


def sync(path: Path) -> None:
    """Return when a file, or the names in a folder, are on the disk. Never for a file that SQLite has open here."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _name(partial: Path, target: Path) -> None:
    """Give `partial` the name `target`. Raises FileExistsError rather than overwrite."""
    try:
        os.link(partial, target)
    except FileExistsError:
        raise
    except OSError:  # a file system without links
        if target.exists():
            raise FileExistsError from None
        partial.rename(target)


def _named(file: Path, error: sqlite3.DatabaseError) -> KbError:
    if is_damage(error):
        return Damaged(f"{file.name} is damaged: {error}.")
    code = getattr(error, "sqlite_errorcode", 0)
    if code == sqlite3.SQLITE_INTERRUPT:
        return Stopped(f"Stopped before {file.name} was done.")
    if code == sqlite3.SQLITE_FULL:
        return KbError(f"The disk has no room for a copy of {file}.")
    return KbError(f"{file} cannot be used: {error}.")
