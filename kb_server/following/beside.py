"""Following beside the server: a thread that keeps a process of its own going, and ends it with the server."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from kb_server.config import Settings

FIRST, LONGEST = 2.0, 300.0
"""Seconds until a process that ended by itself is started again: the first time, and at the longest."""
_PROGRAM = "from kb_server.cli import main; main()"
_LOOK = 0.2

log = logging.getLogger("kb.follow")


@contextmanager
def following(settings: Settings, *, strict: bool = True) -> Iterator[None]:
    """Follow the trusted branch while the block runs, if the settings say so."""
    if not settings.follow:
        yield
        return
    ended = threading.Event()
    thread = threading.Thread(target=_keep_going, args=(settings, ended, strict), name="kb-follow", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join(10)


def _keep_going(settings: Settings, ended: threading.Event, strict: bool) -> None:  # noqa: FBT001  -- a thread's arguments
    pause = FIRST
    while not ended.is_set():
        began = time.monotonic()
        try:
            _follow(settings, ended, strict=strict)
        except OSError as error:
            log.error("kb follow cannot be started (%s).", error.strerror)  # noqa: TRY400  -- the sentence is enough
        if time.monotonic() - began > LONGEST:
            pause = FIRST
        if ended.wait(pause):
            return
        log.error("kb follow ended by itself, and is started again.")
        pause = min(pause * 2, LONGEST)


def _follow(settings: Settings, ended: threading.Event, *, strict: bool) -> None:
    options = ["-f", str(settings.config_file)] if settings.config_file.is_file() else []
    command = [sys.executable, "-c", _PROGRAM, "follow", *options, "--beside", str(os.getpid())]
    where = {"KB_DATA_DIR": str(settings.data_dir), "KB_DATABASE_URL": settings.database_url}
    given = [*command, *([] if strict else ["--no-strict"])]
    with subprocess.Popen(given, env=os.environ | where, stdin=subprocess.DEVNULL) as process:  # noqa: S603  -- no shell
        try:
            while process.poll() is None and not ended.wait(_LOOK):
                pass
        finally:
            process.terminate()
            _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(8)
    except subprocess.TimeoutExpired:
        process.kill()
