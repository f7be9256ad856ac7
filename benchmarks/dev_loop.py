"""`kb dev`: seconds from saving a Markdown file until the browser would show it, and until search finds it.

python benchmarks/dev_loop.py
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

from ports import free_port

ROOT = Path(__file__).parents[1]
KB = [sys.executable, "-c", "from kb_server.cli import main; main()"]
PORT = free_port()
BASE = f"http://127.0.0.1:{PORT}/"
LIMIT = 60


def fetch(path: str) -> str:
    try:
        with urllib.request.urlopen(BASE + path, timeout=10) as answer:
            return str(answer.read().decode())
    except OSError:
        return ""


def wait_for(there: Callable[[], bool]) -> float:
    """Seconds until `there()`."""
    started = time.perf_counter()
    while not there():
        if time.perf_counter() - started > LIMIT:
            raise SystemExit("not within a minute")
        time.sleep(0.02)
    return time.perf_counter() - started


def found(word: str) -> bool:
    answer = fetch(f"api/v1/search?query={word}&exact=1")
    return bool(answer) and json.loads(answer)["total"] > 0


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        copy = Path(name) / "wiki"
        shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(".git", ".venv", ".kb", "site"))
        environment = os.environ | {"KB_PORT": str(PORT)}
        server = subprocess.Popen(
            [*KB, "dev", "-f", str(copy / "mkdocs.yml")],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            wait_for(lambda: bool(fetch("")))
            page = copy / "docs" / "journey.md"
            page.write_text(page.read_text() + "\n\nA zebracrossing appears.\n")
            shown = wait_for(lambda: "zebracrossing" in fetch("journey/"))
            searched = shown + wait_for(lambda: found("zebracrossing"))
        finally:
            os.killpg(server.pid, signal.SIGTERM)
            server.wait()
    print(f"edit under kb dev: visible after {shown:.1f} s, found after {searched:.1f} s")


if __name__ == "__main__":
    main()
