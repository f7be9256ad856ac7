"""What git knows of the wiki. A wiki need not be in git, and git need not be there: then nothing is known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kb_server.wiki import git
from kb_server.wiki.git import GitError
from kb_server.wiki.landed import commits

if TYPE_CHECKING:
    from pathlib import Path

_SECONDS = 5


@dataclass(frozen=True, slots=True)
class Change:
    """A commit: its id, when it was made (ISO 8601 with its zone), the address of its author, and what it says.

    One that `is_merged` is on the trusted branch: anybody can make another.
    """

    commit: str
    at: str
    email: str
    message: str
    is_merged: bool = False


def head_commit(folder: Path) -> str:
    """The full id of the commit checked out in `folder`, or "" where there is none."""
    return _asked(folder, "rev-parse", "--verify", "--quiet", "HEAD")


def head_time(folder: Path) -> int:
    """When that commit was made, in seconds since 1970, or 0. The same checkout always gives the same time."""
    seconds = _asked(folder, "log", "-1", "--format=%ct", "HEAD")
    return int(seconds) if seconds.isdecimal() else 0


def last_change(
    folder: Path, path: str, lines: tuple[int, int], *, head: str = "HEAD", branch: str = ""
) -> Change | None:
    """The last commit up to `head` that changed these lines of a file, counted from 1 and inclusive.

    None where git cannot tell. `branch` is the trusted one.
    """
    span = f"-L{lines[0]},{lines[1]}:{path}"
    found = _asked(folder, "log", "-1", "--no-patch", "--format=%H%x00%aI%x00%ae%x00%B%x00", span, head)
    commit, _, rest = found.partition("\0")
    at, _, rest = rest.partition("\0")
    email, _, message = rest.partition("\0")
    if not message:
        return None
    is_merged = bool(branch) and commits.is_within(folder, commit, branch)
    return Change(commit, at, email, message.strip("\0 \n"), is_merged)


def _asked(folder: Path, *arguments: str) -> str:
    """What git answers, or "" if it cannot: no git, no checkout, no commit yet, not ours to read, too slow."""
    try:
        return git.ask(folder, *arguments, seconds=_SECONDS)
    except GitError:
        return ""
