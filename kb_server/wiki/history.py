"""What git knows of the wiki. A wiki need not be in git, and git need not be there: then nothing is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb_server.wiki import git
from kb_server.wiki.git import GitError

if TYPE_CHECKING:
    from pathlib import Path

_SECONDS = 5


def head_commit(folder: Path) -> str:
    """The full id of the commit checked out in `folder`, or "" where there is none."""
    return _asked(folder, "rev-parse", "--verify", "--quiet", "HEAD")


def head_time(folder: Path) -> int:
    """When that commit was made, in seconds since 1970, or 0. The same checkout always gives the same time."""
    seconds = _asked(folder, "log", "-1", "--format=%ct", "HEAD")
    return int(seconds) if seconds.isdecimal() else 0


def _asked(folder: Path, *arguments: str) -> str:
    """What git answers, or "" if it cannot: no git, no checkout, no commit yet, not ours to read, too slow."""
    try:
        return git.ask(folder, *arguments, seconds=_SECONDS)
    except GitError:
        return ""
