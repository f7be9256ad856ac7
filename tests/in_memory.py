"""Where the tests write: into memory, where there is enough of it.

What they hold of files (who may read them, what is renamed when, what a killed program leaves) is the kernel's work,
which is the same there. A disk adds that each of some ten thousand commits waits for it, which says nothing: no test
pulls the plug.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

MEMORY, ENOUGH = Path("/dev/shm"), 4 << 30


def write_there() -> None:
    """Have this process and all it starts put what is temporary into memory, unless TMPDIR says where."""
    if "TMPDIR" not in os.environ and _would_do():
        os.environ["TMPDIR"] = str(MEMORY)
        tempfile.tempdir = None


def _would_do() -> bool:
    if not os.access(MEMORY, os.W_OK) or os.statvfs(MEMORY).f_flag & os.ST_NOEXEC:
        return False
    return min(shutil.disk_usage(MEMORY).free, _free_memory()) > ENOUGH


def _free_memory() -> int:
    lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) << 10 for line in lines if line.startswith("MemAvailable"))
