"""A build in a process of its own: what it says is kept, what it must not know it is not told, and it can be ended.

A build runs what the wiki's `mkdocs.yml` names, plugins and hooks. That is the trusted branch's; still, no password of
the server's stands in its environment.
"""

from __future__ import annotations

import logging
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from kb_server.errors import KbError

LONGEST, LONGEST_PREVIEW = 3600.0, 600.0  # seconds; a build that takes longer hangs
LINES, WIDTH = 20, 300
"""How much is kept of what a build said last."""
CALM = "INFO "
"""How a line begins that tells of nothing that is wrong."""
LOOK = 0.1
_ENDS = ("kb: The build stopped", "Aborted with")
"""How lines begin that say no more than that it ended, to whoever is told so already."""
_TRACE = "Traceback (most recent call last):"
_BETWEEN = ("During handling of the above exception", "The above exception was the direct cause")
_PROGRAM = "from kb_server.following.building import tie; tie(); from kb_server.cli import main; main()"
_CONTROL = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]|[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


log = logging.getLogger("kb.follow")


class Broken(KbError):  # noqa: N818  -- it reads as what the wiki is
    """A commit cannot be built: `said` are the last lines the build said."""

    def __init__(self, said: tuple[str, ...]) -> None:
        super().__init__(said[-1] if said else "The build ended without a word.")
        self.said = said


class Ended(KbError):  # noqa: N818
    """It was to end before it was done."""


def build(config: Path, data: Path, ends: Callable[[], bool], *, strict: bool, preview: bool = False) -> str:
    """Build what is laid out at `config` below `data`, to be served or as a `preview`; gives the build's id.

    It is ended as soon as `ends` says so. Raises Broken, Ended.
    """
    options = [*([] if strict else ["--no-strict"]), *(["--preview"] if preview else [])]
    command = [sys.executable, "-P", "-c", _PROGRAM, "build", "-f", str(config), *options]
    longest = LONGEST_PREVIEW if preview else LONGEST
    said: deque[str] = deque(maxlen=LINES)
    # What a text names by a path of no beginning lies in the wiki, and not wherever somebody has started the program.
    with _running(command, _environment(data), said, config.parent if preview else None) as process:
        until = time.monotonic() + longest
        while process.poll() is None and time.monotonic() <= until:
            if ends():
                raise Ended("The build was ended.")
            _wait(process)
        is_done = process.poll() is not None
        built = process.stdout.read().decode().strip() if is_done and process.stdout else ""
    lines = [_readable(line, config.parent, data, Path(sys.prefix)) for line in said]
    if not is_done:
        raise Broken((*lines, f"The build took longer than {longest / 60:.0f} minutes and was ended."))
    if process.returncode:
        raise Broken(tuple(line for line in lines if not line.startswith(_ENDS)) or tuple(lines))
    return built


@contextmanager
def _running(
    command: list[str], environment: dict[str, str], said: deque[str], folder: Path | None
) -> Iterator[subprocess.Popen[bytes]]:
    """A process with all that it starts; nothing of it is left afterwards, nor when this process is killed.

    It has an input of which nothing comes, and which ends with this process, however that ends.
    """
    heard, spoken = os.pipe()
    listening = threading.Thread(target=_listen, args=(heard, said), daemon=True)
    listening.start()
    with subprocess.Popen(  # noqa: S603  -- no shell, our own interpreter
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=spoken,
        env=environment,
        cwd=folder,
        start_new_session=True,
    ) as process:
        os.close(spoken)
        try:
            yield process
        finally:
            with suppress(ProcessLookupError):  # also where it has ended, and what it started has not
                os.killpg(process.pid, signal.SIGKILL)
            listening.join(5)  # what made itself independent may speak on, and nobody waits for that


def tie() -> None:
    """Let this process end, and all that it starts, with the one that started it: then its input ends."""
    threading.Thread(target=_end_with_input, daemon=True).start()


def _end_with_input() -> None:
    while os.read(0, 1024):
        pass
    os.killpg(0, signal.SIGKILL)


def _environment(data: Path) -> dict[str, str]:
    """Ours without our settings, some of which are secrets."""
    return {name: value for name, value in os.environ.items() if not name.startswith("KB_")} | {
        "KB_DATA_DIR": str(data)
    }


def _listen(heard: int, said: deque[str]) -> None:
    """Keep what a build says. Where it failed in a program is for the log, and what failed for whoever asks."""
    in_trace = False
    with os.fdopen(heard, "rb") as lines:
        while line := lines.readline(10_000):
            text = line.decode("utf-8", "replace").rstrip()
            in_trace = text.startswith(_TRACE) or (in_trace and text[:1] in {"", " "})
            if in_trace or text.startswith(_BETWEEN):
                log.error("%s", text)
            elif text and not text.startswith(CALM):
                said.append(text)


def _wait(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(LOOK)
    except subprocess.TimeoutExpired:
        return


def _readable(line: str, *folders: Path) -> str:
    """A line as whoever wrote the wiki knows its files, without what colours a terminal."""
    for folder in folders:
        line = line.replace(f"{folder}/", "")
    return _CONTROL.sub("", line)[:WIDTH]
