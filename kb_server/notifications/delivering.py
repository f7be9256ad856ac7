"""Two threads of the server: one takes in the log, one hands mail to the mail server. Neither waits for the other.

So what waits for somebody is in their list at once, however slow or dead the mail server is.
"""

from __future__ import annotations

import logging
import math
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import sqlalchemy as sa

from kb_server.config import Settings
from kb_server.db import Database
from kb_server.errors import KbError
from kb_server.mail.sending import Line, Refused, Unreachable
from kb_server.notifications import outbox, stopping, storage
from kb_server.notifications.following import Taking, take_in
from kb_server.notifications.letters import Writing, written
from kb_server.notifications.models import Source, Wiki
from kb_server.notifications.outbox import HOUR, Leased
from kb_server.people import limits
from kb_server.people.limits import Limit, TooOften

log = logging.getLogger("kb.mail")

LONGEST_WAIT, A_MOMENT = 0.05, 0.001  # seconds
GIVEN_UP = 500  # a mail server's answer from here on means: never


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds between two looks, and after the mail server could not be reached: at first, and at the longest."""

    usual: float = 0.25
    after_failure: float = 5.0
    longest: float = 300.0


@dataclass(frozen=True, slots=True)
class Teller:
    """What telling people takes: the store, the settings, who there is now, and what features say of their events."""

    database: Database
    settings: Settings
    wiki: Callable[[], Wiki]
    sources: Sequence[Source]
    is_busy: Callable[[], bool] = lambda: False
    """Whether somebody is being answered just now: that goes first."""

    @property
    def has_mail(self) -> bool:
        """Whether mail can be sent: without an address of the wiki's own, no link in it could lead anywhere."""
        return bool(self.settings.mail_url and self.settings.mail_from and self.settings.base_url)

    def take_in(self, now: datetime | None = None, *, seconds: float = math.inf) -> int:
        """Take in what the log has new, all of it or what can be done in so many seconds; gives how many lines."""
        taken, some, until = 0, 1, time.monotonic() + seconds
        while some and self._is_behind():
            self._give_way()
            some = take_in(self.database, self._taking(), now or datetime.now(UTC))
            taken += some
            if time.monotonic() >= until:
                break
        return taken

    def send_due(self, stop: Callable[[], bool] = lambda: False, now: datetime | None = None) -> int:
        """Send what is due; gives how many messages went out. Raises Unreachable, and then nothing is lost."""
        with self.database.read() as connection:
            if not self.has_mail or not outbox.is_due(connection, now or datetime.now(UTC)):
                return 0
        self._give_key()
        sent = 0
        with Line(self.settings) as line:
            while not stop() and (taken := self._next(now)):
                sent += self._send(line, taken, now)
        return sent

    def recover(self) -> None:
        """Let go of what a server held that was killed. Where several may run, its time has to run out instead."""
        self._give_key()
        if self.database.dialect == "sqlite":  # one server alone has this file
            with self.database.transaction() as connection:
                outbox.release_all(connection)

    def _give_key(self) -> None:
        with self.database.read() as connection:
            if stopping.has_key(connection):
                return
        with self.database.transaction() as connection:
            stopping.give_key(connection)

    def _is_behind(self) -> bool:
        with self.database.read() as connection:
            return storage.is_behind(connection)

    def _give_way(self) -> None:
        """Wait until nobody is being answered, but not for long: on some days somebody always is."""
        until = time.monotonic() + LONGEST_WAIT
        while self.is_busy() and time.monotonic() < until:
            time.sleep(A_MOMENT)

    def _taking(self) -> Taking:
        return Taking(self.wiki(), self.sources, self.has_mail, self.is_busy)

    def _next(self, now: datetime | None) -> Leased | None:
        at = now or datetime.now(UTC)
        with self.database.transaction() as connection:
            while (taken := outbox.take(connection, at)) and self._is_too_many(connection, taken, at):
                outbox.put_off(connection, taken.rows[0].person_id, at)
        return taken

    def _is_too_many(self, connection: sa.Connection, taken: Leased, now: datetime) -> bool:
        """Whether somebody has had so many mails within the hour that the others had better come as one."""
        if not outbox.is_alone(taken):
            return False
        limit = Limit("mail.told", self.settings.mails_per_hour, HOUR)
        try:
            limits.spend(connection, limit, taken.rows[0].person_id, now)
        except TooOften:
            return True
        return False

    def _send(self, line: Line, taken: Leased, now: datetime | None) -> int:
        """Send one message; gives how many that were. What cannot be sent is tried again later, or given up."""
        try:
            with self.database.read() as connection:
                writing = Writing(self.settings, self.wiki(), {source.name: source for source in self.sources})
                letter = written(connection, writing, taken)
            if letter:
                line.send(letter)
        except Refused as error:
            self._failed(taken, f"answer {error.code}", now, final=error.code >= GIVEN_UP)
            return 0
        except Unreachable:
            self._failed(taken, "the mail server went away", now, final=False)
            raise
        except Exception as error:  # one message that cannot be made must not hold up the others
            log.exception("A message could not be made.")
            self._failed(taken, type(error).__name__, now, final=False)
            return 0
        with self.database.transaction() as connection:
            outbox.done(connection, taken)
        return int(letter is not None)

    def _failed(self, taken: Leased, trouble: str, now: datetime | None, *, final: bool) -> None:
        with self.database.transaction() as connection:
            given_up = outbox.failed(connection, taken, trouble, now or datetime.now(UTC), final=final)
        if given_up:
            log.error("Message %s was given up: %s. `kb mail` lists it.", taken.bundle, trouble)


@contextmanager
def telling(teller: Teller, pace: Pace | None = None) -> Iterator[None]:
    """Tell people of what happens, while the block runs."""
    if not teller.database.is_writable:
        yield
        return
    stop, pace = threading.Event(), pace or Pace()
    threads = [
        threading.Thread(target=_again_and_again, args=(*works, stop), name=name, daemon=True)
        for name, works in {
            "kb-notifications": (teller.take_in, lambda: None, replace(pace, longest=pace.after_failure)),
            "kb-mail": (lambda: teller.send_due(stop.is_set), teller.recover, pace),
        }.items()
    ]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join(6)


def _again_and_again(work: Callable[[], int], first: Callable[[], None], pace: Pace, stop: threading.Event) -> None:
    """Work, and look again, until told to stop; after a failure not so soon."""
    pause, trouble, is_begun = 0.0, "", False
    while not stop.wait(pause):
        try:
            if not is_begun:
                first()
                is_begun = True
            work()
            pause, trouble = pace.usual, ""
        except Exception as error:  # the outer edge of a thread: it must go on
            pause = min(max(pause * 2, pace.after_failure), pace.longest)
            if str(error) != trouble:  # what lasts need not be told of again and again
                known = isinstance(error, KbError)  # then its sentence is enough
                log.error("%s It will be tried again.", error if known else "Telling failed.", exc_info=not known)  # noqa: TRY400
            trouble = str(error)
