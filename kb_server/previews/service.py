"""Keeping previews: which branches there are, what of them has to be built, and what goes.

The trusted branch comes first: whoever follows it is asked before each build and during it, and a build gives way.
"""

from __future__ import annotations

import logging
import shutil
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from kb_server.activity.storage import now
from kb_server.config import Settings
from kb_server.errors import KbError
from kb_server.following import building
from kb_server.following.remote import Remote
from kb_server.previews import making, shelf
from kb_server.previews.making import Trusted
from kb_server.previews.models import Branch, Previews
from kb_server.previews.repository import Repository, Tip
from kb_server.wiki.git import GitError

MOST_FETCHED = 1000
"""Megabytes that branches may hold besides what the trusted one has."""
MOST_BUILT, MOST_CACHED = 2000, 500
"""Megabytes that all previews may have together, and what is kept to build the next one faster."""
LEAST_FREE = 200
"""Megabytes that are left to others on the disk."""
AGAIN = 3600.0
"""Seconds after which a branch that could not be built is tried again, in case it was for want of room."""
PAUSE = 300.0
"""Seconds until branches are looked at again that could not be."""
LONGEST_TITLE = 200

log = logging.getLogger("kb.previews")


class Previewer:
    """Who keeps previews of the branches beside a followed one."""

    def __init__(self, settings: Settings, remote: Remote) -> None:
        """How many is taken from the settings; where nobody signs in there are none."""
        self._most = settings.previews if settings.auth != "none" else 0
        self._shelf = shelf.of(settings.data_dir)
        self._repository = Repository(remote, self._shelf.home)
        self._trusted: Trusted | None = None
        self._changing: dict[tuple[str, str], bool] = {}
        self._seen: tuple[str, dict[str, str]] = "", {}
        self._rests: tuple[str, float] = "", 0.0

    def look(self, trusted: str, gives_way: Callable[[], bool]) -> None:
        """Bring the previews to what the branches are now, by the configuration of the `trusted` commit.

        It ends early as soon as `gives_way` says so.
        """
        if not self._most:
            self._shelf.clear()
            return
        since, until = self._rests
        if not trusted or (trusted == since and time.monotonic() < until):
            return
        try:
            self._look(trusted, gives_way)
        except building.Ended:
            log.info("Previews give way to what is merged.")
        except (GitError, KbError, OSError) as error:
            self._failed(trusted, str(error))
        except Exception:  # the outer edge: what is merged must be followed all the same
            log.exception("Previews failed. They will be tried again.")
            self._failed(trusted, "Something went wrong that is no branch's doing; the log has it.")

    def _look(self, trusted: str, gives_way: Callable[[], bool]) -> None:
        heads = self._repository.heads()
        known = self._shelf.known()
        if self._seen != (trusted, heads) or known.trouble or not known.looked:
            known = self._sorted_out(trusted, heads, known)
            self._seen = trusted, heads
        for branch in known.branches:
            if self._is_due(branch):
                known = self._build(known, branch, gives_way)

    def _sorted_out(self, trusted: str, heads: dict[str, str], known: Previews) -> Previews:
        """What there is to be now, written down: what goes is gone before anything new is built."""
        if self._trusted is None or self._trusted.commit != trusted:
            self._trusted = making.trusted(self._repository, trusted)
            self._changing = {}
        self._shelf.clear_work(MOST_CACHED)
        tips = self._repository.fetch(heads)
        if self._repository.megabytes() > MOST_FETCHED:
            self._repository.leave()
            raise GitError(f"The branches hold more than {MOST_FETCHED:,} MB besides what is merged.")
        wanted = [tip for tip in tips if self._changes(tip, self._trusted)]
        before = {one.name: one for one in known.branches}
        branches = tuple(_now(before.get(tip.branch), tip) for tip in wanted[: self._most])
        known = Previews(branches, now(), left=len(wanted) - len(branches))
        self._shelf.keep(known)
        return known

    def _changes(self, tip: Tip, trusted: Trusted) -> bool:
        """Whether there is something to see on a branch that is not merged."""
        key = tip.commit, trusted.commit
        if key not in self._changing:
            self._changing[key] = self._repository.changes(trusted.commit, tip.commit, trusted.taken.docs)
        return self._changing[key]

    def _is_due(self, branch: Branch) -> bool:
        is_old = self._trusted is not None and branch.by != self._trusted.by
        if branch.is_broken and not branch.is_behind and not is_old:
            return (datetime.now(UTC) - datetime.fromisoformat(branch.at)).total_seconds() > AGAIN
        return branch.is_behind or is_old

    def _build(self, known: Previews, branch: Branch, gives_way: Callable[[], bool]) -> Previews:
        """Build one branch; gives what there is then. Raises building.Ended, OSError."""
        if gives_way() or self._trusted is None:
            raise building.Ended("What is merged comes first.")
        if shutil.disk_usage(self._shelf.home).free >> 20 < LEAST_FREE:
            raise GitError(f"There are less than {LEAST_FREE} MB left on the disk.")
        log.info("Commit %.10s of branch %s is built as a preview.", branch.commit, ascii(branch.name))
        made = replace(branch, of=branch.commit, by=self._trusted.by, said=(), build="")
        try:
            new = making.make(self._repository, self._shelf, self._trusted, branch.commit, gives_way)
            made = replace(made, build=new.build, pages=new.pages, at=now())
        except building.Broken as broken:
            made = replace(made, said=broken.said or (str(broken),), at=now())
            log.info("Branch %s cannot be built: %s", ascii(branch.name), broken.said[-1:])
        known = replace(known, branches=tuple(made if one.name == made.name else one for one in known.branches))
        known = self._shelf.room(known, MOST_BUILT)
        self._shelf.keep(known)
        return known

    def _failed(self, trusted: str, trouble: str) -> None:
        """What there is stays. It is tried again after a pause, or once something is merged."""
        log.error("Previews: %s", trouble)
        self._rests = trusted, time.monotonic() + PAUSE
        try:
            self._shelf.keep(replace(self._shelf.known(), trouble=trouble))
        except (OSError, KbError):
            log.error("That cannot be written down either.")  # noqa: TRY400  -- the reason is the same


def _now(before: Branch | None, tip: Tip) -> Branch:
    """A branch as it is now, with what is there of it."""
    title = tip.title[:LONGEST_TITLE]
    return replace(before, commit=tip.commit, title=title) if before else Branch(tip.branch, tip.commit, title)
