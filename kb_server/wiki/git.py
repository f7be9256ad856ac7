"""Git, run by the program: about the folder it is asked about, and nothing else happens.

In a git hook GIT_DIR and its like point elsewhere, and what a clone has set may name programs: to fetch what a partial
clone lacks, to run at each checkout and merge. None of these is started. Another machine is reached by `reach` alone.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_SETTINGS = {
    "core.hooksPath": "/dev/null",
    "diff.relative": "false",
    "i18n.logOutputEncoding": "UTF-8",
    "log.showRoot": "true",
    "log.showSignature": "false",
}
_OURSELVES = {f"GIT_{who}_{what}": "kb" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
"""Whose a merge is that is looked at and thrown away. Git is still able to tell who is at work here."""
_REMOTE = {"fetch.recurseSubmodules": "false", "http.lowSpeedLimit": "1", "http.lowSpeedTime": "60", "gc.auto": "0"}
_LOOK = 0.25
"""Seconds between two looks whether it is to end."""
MEMORY = 2 << 30
"""Bytes of memory git may take where the texts are anybody's: to merge a megabyte of empty lines it wants fifty."""
REMOTES = "https:ssh:file"
"""The transports that are allowed: `ext::` among others would run whatever an address says."""
_OF_THE_OPERATOR = ("GIT_SSH_COMMAND", "GIT_SSL_CAINFO", "GIT_ASKPASS")
"""How whoever runs the wiki says by what key git reaches a remote."""
_ALONE = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "GIT_LFS_SKIP_SMUDGE": "1"}
"""Without what the machine has set: no filter that a file of the repository names is known, so none is run."""
_PERSON = re.compile(r"(?<=://)[^/@\s]+@")
_SET = tuple(part for name, value in _SETTINGS.items() for part in ("-c", f"{name}={value}"))


UNKNOWN = (
    "There is no branch or commit {name!r} here. `git branch --all` lists those there are; in CI, fetch it first, with "
    "all of its history."
)
"""What is said of a name that git does not know."""


class GitError(Exception):
    """Git cannot tell, or do it: the message says why. There is no git, or no checkout, or what is asked for is not."""


class TooLong(GitError):  # noqa: N818  -- it reads as what the answer is
    """Git has more to tell than somebody wants to hear."""


def ask(folder: Path, *arguments: str, seconds: float | None = None, given: str | None = None) -> str:
    """What git answers, about what it is `given` to read. Raises GitError, also where it takes longer than this."""
    return _answered(folder, arguments, seconds, given, {})


def _answered(
    folder: Path, arguments: tuple[str, ...], seconds: float | None, given: str | None, besides: dict[str, str]
) -> str:
    try:
        done = subprocess.run(  # noqa: S603  -- no shell; what people type is looked up before it is used
            _command(folder, arguments),
            capture_output=True,
            timeout=seconds,
            check=False,
            env=_environment() | besides,
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


def reach(folder: Path, *arguments: str, seconds: float, ends: Callable[[], bool] | None = None) -> str:
    """What git answers that has to reach a remote: by `REMOTES` alone, asking nobody for a password. Raises GitError.

    What it started ends with it, when that takes too long or `ends` says so. No message tells a password.
    """
    settings = tuple(part for name, value in _REMOTE.items() for part in ("-c", f"{name}={value}"))
    own = {name: os.environ[name] for name in _OF_THE_OPERATOR if name in os.environ}
    by_key = {"GIT_SSH_COMMAND": "ssh -oBatchMode=yes -oConnectTimeout=20 -oServerAliveInterval=15"} | own
    environment = _environment() | by_key | {"GIT_ALLOW_PROTOCOL": REMOTES, "GIT_TERMINAL_PROMPT": "0"}
    try:
        with subprocess.Popen(  # noqa: S603  -- no shell; the address is one that the settings allow
            _command(folder, (*settings, *arguments)),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment,
            start_new_session=True,
        ) as process:
            try:
                out, trouble = _heard(process, time.monotonic() + seconds, ends)
            except BaseException:
                os.killpg(process.pid, signal.SIGKILL)
                raise
    except OSError as error:
        raise GitError(f"git cannot be started ({error.strerror})") from error
    except subprocess.TimeoutExpired as error:
        raise GitError(f"git {arguments[0]} took longer than {seconds:.0f} s") from error
    if process.returncode:
        raise GitError(f"git {arguments[0]}: {_why(_text(trouble))}")
    return _text(out)


def _heard(process: subprocess.Popen[bytes], until: float, ends: Callable[[], bool] | None) -> tuple[bytes, bytes]:
    """What a process says. Raises TimeoutExpired when it is time, or when it is to end."""
    while True:
        try:
            return process.communicate(timeout=_LOOK)
        except subprocess.TimeoutExpired:
            if time.monotonic() > until or (ends and ends()):
                raise


def plain(folder: Path, *arguments: str, seconds: float, given: str | None = None) -> str:
    """What git answers without what the machine has set: it writes files as they are, by no filter. Raises GitError."""
    return _answered(folder, arguments, seconds, given, _ALONE)


def _why(said: str) -> str:
    """The line that tells why, of what git said to a person, without who that was."""
    lines = [line for line in said.splitlines() if line.strip()]
    fatal = [line for line in lines if line.startswith(("fatal:", "error:", "ssh:"))]
    found = (fatal or lines[-1:] or ["it does not say why"])[0]
    return _PERSON.sub("***@", found)[:300]


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


def within(folder: Path, *arguments: str, seconds: float, most: int) -> str:
    """What git answers in at most so many bytes, by no more than MEMORY. Raises TooLong where there is more, GitError.

    A few trees that name each other are enough for a list of as many files as nobody's memory holds.
    """
    with start(folder, *arguments) as process:
        if sys.platform == "linux":
            _bound(process.pid)
        timer = threading.Timer(seconds, process.kill)
        timer.start()
        try:
            said = process.stdout.read(most + 1) if process.stdout else b""
        finally:
            timer.cancel()
    if len(said) > most:
        raise TooLong(f"git {arguments[0]} has more than {most:,} bytes to tell")
    if process.returncode:
        raise GitError(f"git {arguments[0]} cannot tell, or took longer than {seconds:.0f} s")
    return _text(said)


def _bound(process: int) -> None:
    """Let a process have no more than MEMORY: on Linux, elsewhere that cannot be said of another one."""
    import resource  # noqa: PLC0415  -- not on every machine that builds a wiki

    _, hard = resource.prlimit(process, resource.RLIMIT_DATA)
    most = MEMORY if hard < 0 else min(MEMORY, hard)
    resource.prlimit(process, resource.RLIMIT_DATA, (most, most))


def _command(folder: Path, arguments: tuple[str, ...]) -> list[str]:
    return ["git", "-C", str(folder), *_SET, *arguments]


def _text(said: bytes) -> str:
    return said.decode("utf-8", "replace").strip()


def _environment() -> dict[str, str]:
    own = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return own | _OURSELVES | {"GIT_ALLOW_PROTOCOL": "", "GIT_NO_LAZY_FETCH": "1"}
