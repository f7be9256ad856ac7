"""The engine behind the seam: it answers from its index, and the database's engine answers while it has none."""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from kb_server.documents import following
from kb_server.documents import storage as documents
from kb_server.documents.following import Entry
from kb_server.search.engines import Engine, Matches, Task
from kb_server.search.engines.whoosh import auditing, folding, writing
from kb_server.search.engines.whoosh.home import Home
from kb_server.search.engines.whoosh.opening import opened, stamp_for
from kb_server.search.engines.whoosh.storage import DamagedError, Storage, is_trouble
from kb_server.search.engines.whoosh.view import View
from kb_server.search.engines.whoosh.writing import Stop, StoppedError

log = logging.getLogger("kb.index")

MOST_BEHIND = 1_000  # changes; an index further behind is not asked


def _never() -> bool:
    return False


class WhooshEngine:
    """Matches by Whoosh's posting lists. One thread of one process writes at a time; all may ask."""

    def __init__(self, root: Path, meanwhile: Engine) -> None:
        """`root` is the folder for its indexes; `meanwhile` answers as long as there is none that will do."""
        self._home = Home(root)
        self._meanwhile = meanwhile
        self._view: View | None = None
        self._writing = threading.Lock()
        self._rebuilding = False
        self.trouble = ""
        """Why it cannot follow the texts just now, as far as everybody may know it."""

    def match(self, connection: sa.Connection, task: Task) -> Matches:
        """What matches. Texts that were hidden since the index was written are left out, and out of every count."""
        view = self._view
        behind = documents.latest_seq(connection) - view.seq if view else 0
        if view is None or behind > MOST_BEHIND:
            return self._meanwhile.match(connection, task)
        hidden = following.hidden_after(connection, view.seq) if behind > 0 else ()
        try:
            return view.match(task, hidden)
        except Exception as error:  # there is no telling how reading a damaged file fails
            if is_trouble(error):
                log.warning("The index of search cannot be read now, and the database answers: %s", error)
            else:
                log.exception("The index of search cannot be read. The database answers until it was looked over.")
                self._forget(view)
            return self._meanwhile.match(connection, task)

    def apply(self, connection: sa.Connection, stop: Stop = _never) -> None:
        """Take in what has changed since the last time; an index that is of no use is made anew.

        Raises Conflict while another process writes, and StoppedError.
        """
        if self.is_current(connection):
            return
        with self._writing, self._home.held():
            view = self._usable(connection, stop)
            while changes := following.entries_after(connection, view.seq, folding.FULL):
                view = self._taken_in(connection, view, changes, stop)

    def rebuild(self, connection: sa.Connection, stop: Stop = _never) -> None:
        """Make the index anew; what there is answers until then. Raises Conflict and StoppedError."""
        with self._writing, self._home.held():
            self._rebuild(connection, stop)

    def tidy(self, connection: sa.Connection, stop: Stop) -> None:
        """Write the smallest segments anew as one, if there are too many. Raises Conflict and StoppedError."""
        view = self._view
        if view and folding.when_quiet(view.sizes()):
            with self._writing, self._home.held():
                view = self._usable(connection, stop)
                self._view = writing.update(connection, view, (), folding.when_quiet(view.sizes()), stop)

    def audit(self, connection: sa.Connection) -> list[str]:
        """What is wrong with the index on the disk, in sentences."""
        try:
            return auditing.findings(connection, opened(self._home, connection))
        except (DamagedError, OSError) as error:
            return [f"The index cannot be used: {_reason(error)}."]

    def unusable(self, connection: sa.Connection) -> str:
        """Why the index on the disk is of no use, as the end of a sentence; "" where it is."""
        try:
            opened(self._home, connection)
        except (DamagedError, OSError) as error:
            return _reason(error)
        return ""

    def look(self, connection: sa.Connection) -> str:
        """Use the index that another process writes, if it is up to date; gives the reason if it cannot be used."""
        try:
            view = opened(self._home, connection)
        except (DamagedError, OSError) as error:
            return _reason(error)
        behind = documents.latest_seq(connection) - view.seq
        if behind:
            return f"it lacks the last {behind} changes" if behind > 1 else "it lacks the last change"
        self._view = view
        return ""

    def state(self, connection: sa.Connection) -> dict[str, Any]:
        """What it is doing, and how many changes it is behind."""
        view = self._view
        behind = documents.latest_seq(connection) - (view.seq if view else 0)
        return {"state": "rebuilding" if self._rebuilding else "following" if view else "not open", "behind": behind}

    def is_current(self, connection: sa.Connection) -> bool:
        """Whether there is nothing to take in."""
        view = self._view
        return view is not None and self._is_ours(view, connection) and view.seq == documents.latest_seq(connection)

    def _is_ours(self, view: View, connection: sa.Connection) -> bool:
        """Whether what we have open is the index in use, and of this database."""
        return self._home.current() == (view.storage.path, stamp_for(connection))

    def _usable(self, connection: sa.Connection, stop: Stop) -> View:
        before = self._view
        try:
            view = opened(self._home, connection, before)
            if before is None or view.storage is not before.storage:
                auditing.verify(connection, view)
        except DamagedError as error:
            log.warning("The index of search is made anew: %s.", error)
            self._view = None
            return self._rebuild(connection, stop)
        self._view = view
        return view

    def _taken_in(self, connection: sa.Connection, view: View, changes: Sequence[Entry], stop: Stop) -> View:
        try:
            self._view = writing.update(connection, view, changes, folding.at_once(view.sizes()), stop)
        except (sa.exc.SQLAlchemyError, StoppedError):
            raise
        except Exception as error:
            if is_trouble(error):
                raise
            log.exception("The index of search could not be written and is made anew.")
            return self._rebuild(connection, stop)
        return self._view

    def _rebuild(self, connection: sa.Connection, stop: Stop) -> View:
        stamp = stamp_for(connection)
        self._rebuilding = True
        try:
            with self._home.another(stamp) as folder:
                view = writing.build(connection, Storage(folder, stamp.instance), stop)
        finally:
            self._rebuilding = False
        self._view = view
        return view

    def _forget(self, view: View) -> None:
        if self._view is view:
            self._view = None


def _reason(error: DamagedError | OSError) -> str:
    return f"it cannot be read ({error.strerror})" if isinstance(error, OSError) else str(error)
