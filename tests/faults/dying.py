"""`kb` that also writes (`writing`), killed at a named place: at the nth call of a function, before or after its work.

    python dying.py MODULE:FUNCTION:NUMBER:before|after publish …

Nothing of this is in the program itself: the function is replaced from outside, where its callers look it up. With
"-" for a place it is only `kb`. One that publishes says "ready" when it has imported what it needs.
"""

from __future__ import annotations

import functools
import os
import signal
import sys
import threading
from collections.abc import Callable
from importlib import import_module
from typing import Any

from writing import serve_notes  # it lies beside this script

from kb_server.builds import service  # noqa: F401  -- so that the time until "ready" is not the time that is tried
from kb_server.cli import main


def die_at(place: str) -> None:
    """Replace a function by one that kills this process."""
    module, name, number, when = place.split(":")
    *path, last = name.split(".")
    owner = functools.reduce(getattr, path, import_module(module))
    setattr(owner, last, _dying(getattr(owner, last), int(number), when))


def _dying(work: Callable[..., Any], number: int, when: str) -> Callable[..., Any]:
    calls, counting = 0, threading.Lock()

    @functools.wraps(work)
    def dying(*given: Any, **named: Any) -> Any:  # noqa: ANN401  -- whatever it was
        nonlocal calls
        with counting:
            calls += 1
            mine = calls
        if mine == number and when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        done = work(*given, **named)
        if mine == number:
            os.kill(os.getpid(), signal.SIGKILL)
        return done

    return dying


if __name__ == "__main__":
    place = sys.argv.pop(1)
    if place != "-":
        die_at(place)
    if sys.argv[1] == "publish":  # a server says for itself when it is ready
        sys.stdout.write("ready\n")
        sys.stdout.flush()
    serve_notes()
    main()
