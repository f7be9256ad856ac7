"""Starting and stopping a real server."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]
KB = [sys.executable, "-c", "from kb_server.cli import main; main()"]


def publish(data: Path, config: Path = ROOT / "mkdocs.yml") -> None:
    """Build a wiki and publish it below `data`; it is this repository's unless another is named."""
    subprocess.run([*KB, "publish", "-f", str(config)], env=os.environ | {"KB_DATA_DIR": str(data)}, check=True)


def start(
    data: Path, *, program: Sequence[str] = KB, config: Path = ROOT / "mkdocs.yml", **environment: str
) -> tuple[subprocess.Popen[str], str]:
    """Start a server on a free port; gives the process and its address. `program` is what is run as `kb`.

    Without the sample activity of a first visit, unless a test is about that.
    """
    settings = {"KB_DATA_DIR": str(data), "KB_PORT": "0", "KB_SAMPLE": "no"} | environment
    process = subprocess.Popen(
        [*program, "serve", "-f", str(config)],
        env=os.environ | settings,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    line = process.stdout.readline() if process.stdout else ""
    found = re.search(r"http://\S+", line)
    assert found, "the server did not start"
    return process, found[0]


def stop(process: subprocess.Popen[str]) -> None:
    process.terminate()
    process.wait(10)
    if process.stdout:
        process.stdout.close()
