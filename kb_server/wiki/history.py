"""What git knows of the wiki. A wiki need not be in git, and git need not be there: then nothing is known."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_SECONDS = 5


def head_commit(folder: Path) -> str:
    """The full id of the commit checked out in `folder`, or "" where there is none."""
    return _git(folder, "rev-parse", "--verify", "--quiet", "HEAD")


def head_time(folder: Path) -> int:
    """When that commit was made, in seconds since 1970, or 0. The same checkout always gives the same time."""
    seconds = _git(folder, "log", "-1", "--no-show-signature", "--format=%ct", "HEAD")
    return int(seconds) if seconds.isdecimal() else 0


def _git(folder: Path, *arguments: str) -> str:
    """What git answers, or "" if it cannot: no git, no checkout, no commit yet, not ours to read, too slow."""
    # In a git hook GIT_DIR and its like point elsewhere.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    try:
        done = subprocess.run(  # noqa: S603  -- no shell; arguments are constants of this module
            ["git", "-C", str(folder), *arguments],  # noqa: S607  -- git stands where the operator's PATH says
            capture_output=True,
            stdin=subprocess.DEVNULL,
            timeout=_SECONDS,
            check=False,
            env=environment,
            text=True,
            encoding="utf-8",
            errors="replace",
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""
