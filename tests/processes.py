"""Starting and stopping a real server, and publishing to it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from urllib.request import urlopen

ROOT = Path(__file__).parents[1]
PATIENCE = 120  # seconds for what happens by itself, on a machine that does much else
KB = [sys.executable, "-c", "from kb_server.cli import main; main()"]


def publish(data: Path, config: Path = ROOT / "mkdocs.yml", *, to: str = "") -> None:
    """Build a wiki and publish it below `data`; it is this repository's unless another is named.

    A server looks now and then whether something was published: the one at the address `to` has when this is over.
    """
    command = [*KB, "publish", "-f", str(config)]
    environment = os.environ | {"KB_DATA_DIR": str(data)}
    said = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True).stdout
    if to:
        until_served(to, said)


def until_served(address: str, said: str) -> None:
    """Wait until a server serves what `kb publish` has said is current."""
    current = re.search(r"Build (\w+) is current", said)
    assert current, said
    until = time.monotonic() + PATIENCE
    while json.load(urlopen(f"{address}readyz"))["build"] != current[1]:
        assert time.monotonic() < until, "the server does not take it up"
        threading.Event().wait(0.05)  # another process works; there is nothing here to wait on


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
    process.wait(PATIENCE)
    if process.stdout:
        process.stdout.close()
