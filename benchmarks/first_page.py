"""From a bare checkout to the first page, and once more with everything there. The package cache should be warm.

python benchmarks/first_page.py
"""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

from ports import free_port

ROOT = Path(__file__).parents[1]
LIMIT = 300  # seconds


def seconds_to_first_page(checkout: Path) -> float:
    """Run `make serve` until home answers."""
    started, port = time.perf_counter(), free_port()
    environment = os.environ | {"KB_PORT": str(port)}
    process = subprocess.Popen(
        ["make", "serve"],
        cwd=checkout,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        while time.perf_counter() - started < LIMIT:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5).close()
            except (urllib.error.URLError, ConnectionError):
                time.sleep(0.1)
            else:
                return time.perf_counter() - started
        raise SystemExit(f"no page within {LIMIT} s")
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait()


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        checkout = Path(name) / "checkout"
        subprocess.run(["git", "clone", "-q", str(ROOT), str(checkout)], check=True)
        first, second = seconds_to_first_page(checkout), seconds_to_first_page(checkout)
    print(f"make serve to the first page: bare checkout {first:.1f} s, second run {second:.1f} s")


if __name__ == "__main__":
    main()
