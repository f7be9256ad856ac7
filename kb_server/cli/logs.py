"""What a program that goes on running writes down: one line for each event, to standard error."""

from __future__ import annotations

import logging
import sys


def begin() -> None:
    """Write everything from INFO on, as it is said."""
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    logging.getLogger("alembic").setLevel(logging.WARNING)
    # No line says where in the program it was written, and to find that out takes longer than to write it:
    # https://docs.python.org/3/howto/logging.html#optimization
    logging._srcfile = None  # noqa: SLF001
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
