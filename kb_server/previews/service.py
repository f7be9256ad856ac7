"""Keeping previews: which branches there are, what of them has to be built, and what goes.

The trusted branch comes first: whoever follows it is asked before each build and during it, and a build gives way.
"""

from __future__ import annotations

import logging
import shutil
import time
from collections.abc import Callable, Sequence
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
from kb_server.previews.repository import Repository, Tip, TooMuch
from kb_server.wiki.git import GitError

MOST_FETCHED = 1000
"""Megabytes that branches may hold besides what the trusted one has."""
MOST_BUILT, MOST_CACHED = 2000, 500
"""Megabytes that all previews may have together, and what is kept to build the next one faster."""
LEAST_FREE = 200
"""Megabytes that are left to others on the disk."""
FULL = "There are less than {most} MB left on the disk."
AGAIN = 3600.0
"""Seconds after which a branch that could not be built is tried again, in case it was for want of room."""
PAUSE = 300.0
"""Seconds until branches are looked at again that could not be; where they were too much to fetch, it is `AGAIN`."""
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
        self._changing: dict[str, bool] = {}
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
            self._failed(trusted, str(error), AGAIN if isinstance(error, TooMuch) else PAUSE)
        except Exception:  # the outer edge: what is merged must be followed all the same
            log.exception("Previews failed. They will be tried again.")
            self._failed(trusted, "Something went wrong that is no branch's doing; the log has it.", PAUSE)

    def _look(self, trusted: str, gives_way: Callable[[], bool]) -> None:
        heads = self._repository.heads()
        known = self._shelf.known()
        is_new = self._seen != (trusted, heads) or bool(known.trouble) or not known.looked
        tips = self._repository.fetch(heads) if is_new else []
        by = self._by(trusted)
        if is_new:
            known = self._sorted_out(by, tips, known, gives_way)
            self._seen = trusted, heads
        for place in range(len(known.branches)):  # what one takes of the room, a later one has no more
            if self._is_due(known.branches[place], by):
                known = self._build(by, known.branches[place], known, gives_way)

    def _by(self, commit: str) -> Trusted:
        """What previews are built by. Raises Invalid, GitError."""
        if self._trusted is None or self._trusted.commit != commit:
            self._trusted, self._changing = making.trusted(self._repository, commit), {}
        return self._trusted

    def _sorted_out(self, by: Trusted, tips: Sequence[Tip], known: Previews, gives_way: Callable[[], bool]) -> Previews:
        """What there is to be now, written down: what goes is gone before anything new is built."""
        self._shelf.clear_work(MOST_CACHED)
        self._repository.keep_within(MOST_FETCHED)
        wanted = [tip for tip in tips if self._changes(tip, by, gives_way)]
        branches = _now(known, wanted[: self._most])
        known = Previews(branches, now(), left=len(wanted) - len(branches))
        self._shelf.keep(known)
        return known

    def _changes(self, tip: Tip, by: Trusted, gives_way: Callable[[], bool]) -> bool:
        """Whether there is something to see on a branch that is not merged. Raises building.Ended."""
        if tip.commit not in self._changing:
            _give(gives_way)
            self._changing[tip.commit] = self._repository.changes(by.commit, tip.commit, by.taken.docs)
        return self._changing[tip.commit]

    def _is_due(self, branch: Branch, by: Trusted) -> bool:
        if branch.is_behind or branch.by != by.digest:
            return True
        if branch.is_broken:
            return (datetime.now(UTC) - datetime.fromisoformat(branch.at)).total_seconds() > AGAIN
        return bool(branch.build) and not (self._shelf.builds / branch.build).is_dir()  # somebody has made room

    def _build(self, by: Trusted, branch: Branch, known: Previews, gives_way: Callable[[], bool]) -> Previews:
        """Build one branch; gives what there is then. Raises building.Ended, OSError."""
        _give(gives_way)
        self._make_room()
        if self._is_full():
            raise GitError(FULL.format(most=LEAST_FREE))
        log.info("Commit %.10s of branch %s is built as a preview.", branch.commit, ascii(branch.name))
        made = replace(branch, of=branch.commit, by=by.digest, said=(), build="")
        try:
            new = making.make(self._repository, self._shelf, by, branch.commit, self._within(gives_way))
            made = replace(made, build=new.build, pages=new.pages, at=now())
        except building.Broken as broken:
            made = replace(made, said=broken.said or (str(broken),), at=now())
            log.info("Branch %s cannot be built: %s", ascii(branch.name), broken.said[-1:])
            self._make_room()
        known = replace(known, branches=tuple(made if one.name == made.name else one for one in known.branches))
        known = self._shelf.room(known, MOST_BUILT)
        self._shelf.keep(known)
        return known

    def _within(self, gives_way: Callable[[], bool]) -> Callable[[], bool]:
        """The same, for a build that must not fill the disk: a navigation of thousands of pages is in each of them."""

        def ends() -> bool:
            if self._is_full():
                raise building.Broken((FULL.format(most=LEAST_FREE),))
            return gives_way()

        return ends

    def _is_full(self) -> bool:
        return shutil.disk_usage(self._shelf.home).free >> 20 < LEAST_FREE

    def _make_room(self) -> None:
        """Where there is none left, what is left of building is the first to go."""
        if self._is_full():
            self._shelf.clear_work(0)

    def _failed(self, trusted: str, trouble: str, pause: float) -> None:
        """What there is stays. It is tried again after a pause, or once something is merged."""
        log.error("Previews: %s", trouble)
        self._rests = trusted, time.monotonic() + pause
        try:
            self._shelf.keep(replace(self._shelf.known(), trouble=trouble))
        except (OSError, KbError):
            log.error("That cannot be written down either.")  # noqa: TRY400  -- the reason is the same


def _give(way: Callable[[], bool]) -> None:
    """Raise building.Ended where it is wanted."""
    if way():
        raise building.Ended("What is merged comes first.")


def _now(known: Previews, tips: Sequence[Tip]) -> tuple[Branch, ...]:
    """The branches as they are now, with what is there of them. Once one goes, there may be room for those left out."""
    before, names = {one.name: one for one in known.branches}, {tip.branch for tip in tips}
    has_gone = any(one.build and one.name not in names for one in known.branches)
    found = [(before.get(tip.branch) or Branch(tip.branch, tip.commit), tip) for tip in tips]
    return tuple(
        replace(
            one, commit=tip.commit, title=tip.title[:LONGEST_TITLE], of="" if one.is_left_out and has_gone else one.of
        )
        for one, tip in found
    )
