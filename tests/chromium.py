"""Find a Chromium for the journeys, or install one: run before the tests, imported by them to know where it is."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
NONE = "none, so THE BROWSER JOURNEYS WILL BE SKIPPED"


@cache
def find() -> str | None:
    """The path of a Chromium that starts on this machine, or None. The variable CHROMIUM names one outright."""
    named = os.environ.get("CHROMIUM")
    candidates = [named] if named else [*map(shutil.which, NAMES), _playwrights_own()]
    return next((path for path in candidates if path and _starts(path)), None)


def _starts(path: str) -> bool:
    """Whether it runs at all: a downloaded browser may be there and lack the system's libraries."""
    return _try(path, "--headless", "--no-sandbox", "--disable-gpu", "--dump-dom", "about:blank", seconds=300)


def _playwrights_own() -> str | None:
    from playwright.sync_api import sync_playwright  # noqa: PLC0415  -- slow to import, rarely needed

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def install() -> None:
    """Try Playwright's own; as root on Debian, the package."""
    _try(sys.executable, "-m", "playwright", "install", "chromium", seconds=300)
    find.cache_clear()
    if find() is None and shutil.which("apt-get") and os.geteuid() == 0:
        _try("apt-get", "update", "--quiet=2", seconds=300)
        _try("apt-get", "install", "--yes", "--quiet=2", "--no-install-recommends", "chromium", seconds=600)
        find.cache_clear()


def _try(*command: str, seconds: int) -> bool:
    """Whether a command succeeds; what it said when it does not is shown, in short."""
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    try:
        done = subprocess.run(
            command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, timeout=seconds, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        _say(f"{command[0]}: {error}")
        return False
    if done.returncode:
        _say(f"{' '.join(command[:4])} …: {done.stderr.decode(errors='replace').strip()[-300:]}")
    return done.returncode == 0


def _say(text: str) -> None:
    print(text, file=sys.stderr)  # noqa: T201  -- this is a program


def main() -> None:
    """Say what will be used, installing it if need be."""
    if find() is None:
        _say("No Chromium here; trying to install one …")
        install()
    _say(f"Chromium: {find() or NONE}")


if __name__ == "__main__":
    main()
