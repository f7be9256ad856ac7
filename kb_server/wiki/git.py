"""Git, run by the program: about the folder it is asked about, and nothing else happens.

In a git hook GIT_DIR and its like point elsewhere, and what a clone has set may name programs: to fetch what a partial
clone lacks, to run at each checkout and merge. None of these is started.
"""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_SETTINGS = {
    "core.hooksPath": "/dev/null",
    "diff.relative": "false",
    "i18n.logOutputEncoding": "UTF-8",
    "log.showRoot": "true",
    "log.showSignature": "false",
    "user.name": "kb",  # of a merge that is looked at and thrown away
    "user.email": "kb",
}
_SET = tuple(part for name, value in _SETTINGS.items() for part in ("-c", f"{name}={value}"))


class GitError(Exception):
    """Git cannot tell, or do it: the message says why. There is no git, or no checkout, or what is asked for is not."""


def ask(folder: Path, *arguments: str, seconds: float | None = None, given: str | None = None) -> str:
    """What git answers, about what it is `given` to read. Raises GitError, also where it takes longer than this."""
    try:
        done = subprocess.run(  # noqa: S603  -- no shell; what people type is looked up before it is used
            _command(folder, arguments),
            capture_output=True,
            timeout=seconds,
            check=False,
            env=_environment(),
            input=(given or "").encode(),
        )
    except OSError as error:
        raise GitError(f"git cannot be started ({error.strerror})") from error
    except subprocess.TimeoutExpired as error:
        raise GitError(f"git {arguments[0]} took longer than {seconds} s") from error
    if done.returncode:
        said = _text(done.stderr or done.stdout).splitlines()
        raise GitError(f"git {' '.join(arguments[:2])}: {said[-1] if said else 'it does not say why'}")
    return _text(done.stdout)


def start(folder: Path, *arguments: str, stdin: int = subprocess.DEVNULL) -> subprocess.Popen[bytes]:
    """Git at work: what it writes is read bit by bit. Raises GitError."""
    try:
        return subprocess.Popen(  # noqa: S603  -- no shell; arguments are constants of whoever calls
            _command(folder, arguments),
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
        )
    except OSError as error:
        raise GitError(f"git cannot be started ({error.strerror})") from error


def _command(folder: Path, arguments: tuple[str, ...]) -> list[str]:
    return ["git", "-C", str(folder), *_SET, *arguments]


def _text(said: bytes) -> str:
    return said.decode("utf-8", "replace").strip()


def _environment() -> dict[str, str]:
    own = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return own | {"GIT_ALLOW_PROTOCOL": "", "GIT_NO_LAZY_FETCH": "1"}
