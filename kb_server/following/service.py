"""Following: look at the branch, fetch what is new, build it in a process of its own, publish it, and look again.

Whatever goes wrong is said, and tried again after a pause that grows; what is served stays as it is.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError

from kb_server.builds import service as builds
from kb_server.config import Settings
from kb_server.db import Database
from kb_server.errors import Invalid, KbError
from kb_server.following import building, storage
from kb_server.following.alone import alone
from kb_server.following.building import Ended
from kb_server.following.marks import Marks
from kb_server.following.pacing import LEAST, LOOK, Pause, Tried, Wanted
from kb_server.following.remote import Remote, Tip, of
from kb_server.following.reporting import Report
from kb_server.following.standing import examined, live, problems, status
from kb_server.people.roster import Roster
from kb_server.wiki.git import GitError

__all__ = ["Follower", "alone", "examined", "live", "problems", "status"]

log = logging.getLogger("kb.follow")

Besides = Callable[[str, Callable[[], bool]], None]
"""What is done beside following, with the commit that is live: it gives way where the other says so."""


class Follower:
    """Who follows a branch. `ends` says whether it is to end."""

    def __init__(
        self, database: Database, settings: Settings, ends: Callable[[], bool], *, strict: bool = True
    ) -> None:
        """What to follow is taken from the settings. Raises Invalid."""
        self._database, self._settings, self._ends, self._strict = database, settings, ends, strict
        self.besides: Besides = lambda _live, _gives_way: None
        self.remote: Remote = replace(of(settings), ends=ends)
        self._pause = Pause(settings.follow_seconds)
        self._broke = Tried()
        self._marks = Marks(database, self.remote.home, settings.data_dir / "builds")
        self._report = Report(database, self.remote.branch, self._pause)

    def run(self) -> None:
        """Follow until it is to end."""
        self._report.goes_on = True
        while not self._ends():
            woken = self._woken()
            self.look()
            if self._pause.failures or self.look_besides(woken):
                self._rest(woken)

    def look(self) -> bool:
        """Bring what is new; gives whether what the branch has is live."""
        try:
            is_live = self._look()
        except Ended:
            return False
        except (GitError, KbError, SQLAlchemyError, OSError) as error:
            return False if self._ends() else self._failed(_sentence(error))
        except Exception:  # the outer edge: it must go on
            log.exception("Following failed. It will be tried again.")
            return self._failed("Something went wrong that is none of the wiki's doing; the log has it.")
        self._pause.failures = 0
        return is_live

    def look_besides(self, woken: str = "") -> bool:
        """Do what is done besides; gives whether it was done without something new on the branch."""
        wanted = Wanted(self._pause.usual, self._woken, self._is_new, woken)
        self.besides(self._marks.live(), lambda: self._ends() or wanted())
        return not wanted.found

    def _is_new(self) -> bool:
        """Whether the branch has a commit that was never tried."""
        try:
            is_new = self.remote.head() not in {self._marks.live(), self._broke.commit}
            self._report.looked()
        except (GitError, SQLAlchemyError):
            return False
        return is_new

    def _look(self) -> bool:
        head = self.remote.head()
        if head == self._marks.live():
            self._report.is_live(head)
            return True
        if head == self._broke.commit and time.monotonic() < self._broke.until:
            self._report.trouble("")
            return False
        return self._bring(self.remote.fetch())

    def _bring(self, tip: Tip) -> bool:
        log.info("Commit %.10s of %s is fetched, and is built now.", tip.commit, self.remote.branch)
        self._report.builds()
        before, began = self._current(), time.monotonic()
        try:
            built = self._built(tip)
        except building.Broken as broken:
            self._broken(tip, broken)
            return False
        if self._current() != before and self.remote.head() != tip.commit:
            log.info("Commit %.10s is built, and another node has published what came after it.", tip.commit)
            return False
        self._publish(tip, built, round(time.monotonic() - began, 1))
        return True

    def _built(self, tip: Tip) -> str:
        """The build of a commit. Raises Broken also where a wiki that was there is not there any more."""
        try:
            config = self.remote.laid_out(tip.commit)
        except Invalid as error:
            if not self._marks.live():  # whoever set this up is to hear of it, and not who changed something last
                raise
            raise building.Broken((str(error),)) from error
        return building.build(config, self._settings.data_dir, self._ends, strict=self._strict)

    def _publish(self, tip: Tip, built: str, took: float) -> None:
        self._marks.built(built)
        settings = replace(self._settings, config_file=self.remote.config_of(tip.commit))
        publication = builds.publish(self._database, settings, built)
        self._marks.published(tip.commit)
        at = self._report.published(tip.commit, took)
        said = tip.commit, _clock(at), publication.build, took
        log.info("Commit %.10s is live since %s (build %s, which took %.1f s).", *said)

    def _current(self) -> list[str]:
        return builds.published_ids(self._database)[:1]

    def _broken(self, tip: Tip, broken: building.Broken) -> None:
        """It is tried again all the same, for it may have been for want of room; nobody is told of that."""
        self._broke = self._broke.again(tip.commit)
        self._report.broken(tip, broken, self._roster())
        log.error("Commit %.10s cannot be built; what was live stays.\n%s", tip.commit, "\n".join(broken.said))

    def _failed(self, trouble: str) -> bool:
        self._pause.failures += 1
        log.error("%s It is tried again in %.0f s.", trouble, self._pause.seconds)
        try:
            self._report.trouble(trouble)
        except SQLAlchemyError:
            log.error("That cannot be written down either.")  # noqa: TRY400  -- the reason is the same
        return False

    def _rest(self, woken: str) -> None:
        """Wait until it is time, or somebody calls; whoever calls without end is not heard at every word."""
        began = time.monotonic()
        while (passed := time.monotonic() - began) < self._pause.seconds and not self._ends():
            if passed >= LEAST and self._woken() != woken:
                return
            time.sleep(LOOK)

    def _woken(self) -> str:
        try:
            with self._database.read() as connection:
                return storage.woken(connection)
        except SQLAlchemyError:
            return ""

    def _roster(self) -> Roster:
        try:
            return builds.current(self._database, self._settings).roster
        except KbError:
            return Roster()


def _sentence(error: Exception) -> str:
    """What went wrong, for whoever runs the wiki."""
    if isinstance(error, SQLAlchemyError):
        return "The database cannot be used."
    if isinstance(error, OSError):
        return f"{error.filename or 'The system'}: {error.strerror or error}."
    text = str(error)
    return f"{text[:1].upper()}{text[1:]}{'' if text.endswith('.') else '.'}"


def _clock(at: str) -> str:
    """A moment as the clock on the wall shows it."""
    return f"{datetime.fromisoformat(at).astimezone():%H:%M}"
