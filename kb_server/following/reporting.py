"""How following stands, as it is written down for everybody after each step, with what is told to people of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from kb_server.activity.storage import now
from kb_server.db import Database
from kb_server.following import building, storage, telling
from kb_server.following.models import Broken
from kb_server.following.pacing import Pause
from kb_server.following.remote import Tip
from kb_server.people.roster import Roster


@dataclass(slots=True)
class Report:
    """What is written down of a ``branch``; ``goes_on`` promises that it is looked at again after the ``pause``."""

    database: Database
    branch: str
    pause: Pause
    goes_on: bool = False

    def looked(self) -> None:
        """The branch was looked at just now."""
        with self.database.transaction() as connection:
            self._set(connection)

    def builds(self) -> None:
        """A build has begun, and the branch is not looked at before that is over."""
        with self.database.transaction() as connection:
            self._set(connection, within=building.LONGEST)

    def trouble(self, sentence: str) -> None:
        """What is in the way, or "" for nothing."""
        with self.database.transaction() as connection:
            self._set(connection, trouble=sentence)

    def is_live(self, commit: str) -> None:
        """What the branch has is live. What was broken since, by a commit that the branch has no more, is over."""
        with self.database.transaction() as connection:
            known = storage.status(connection)
            if known.broken.commit == commit:  # at another node, which will try again
                self._set(connection, trouble="")
                return
            telling.mended(connection)
            at = known.live if known.commit == commit else now()  # it was killed before it could write that down
            self._set(connection, commit=commit, live=at, trouble="", broken=Broken())

    def published(self, commit: str, took: float) -> str:
        """A commit is live, whose build took so many seconds; gives since when."""
        at = now()
        with self.database.transaction() as connection:
            telling.mended(connection)
            self._set(connection, commit=commit, live=at, seconds=took, trouble="", broken=Broken())
        return at

    def broken(self, tip: Tip, broken: building.Broken, roster: Roster) -> None:
        """A commit cannot be built; whom it concerns is told once, however often it is tried again."""
        with self.database.transaction() as connection:
            before = storage.status(connection).broken
            at = before.at if before.commit == tip.commit else now()
            telling.tell(connection, tip, broken, self.branch, roster)
            self._set(connection, trouble="", broken=Broken(tip.commit, at, broken.said))

    def _set(self, connection: sa.Connection, *, within: float = 0, **changed: Any) -> None:  # noqa: ANN401  -- its fields
        every = int(within or self.pause.seconds) if self.goes_on else 0
        known = replace(storage.status(connection), branch=self.branch, looked=now(), every=every)
        storage.set_status(connection, replace(known, **changed))
