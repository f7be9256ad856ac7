"""Find a Chromium for the journeys, or install one: run before the tests, imported by them to know where it is."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find() -> str | None:
    """The path of a Chromium on this machine, or None. The variable CHROMIUM names one outright."""
    named = os.environ.get("CHROMIUM")
    if named:
        return named
    return next(filter(None, map(shutil.which, NAMES)), None) or _playwrights_own()


def _playwrights_own() -> str | None:
    from playwright.sync_api import sync_playwright  # noqa: PLC0415  -- slow to import, rarely needed

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def install() -> None:
    """Try Playwright's own; as root on Debian, the package."""
    _try(sys.executable, "-m", "playwright", "install", "chromium-headless-shell", "chromium")
    if find() is None and shutil.which("apt-get") and os.geteuid() == 0:
        _try("apt-get", "update", "--quiet=2")
        _try("apt-get", "install", "--yes", "--quiet=2", "chromium")


def _try(*command: str) -> None:
    try:
        subprocess.run(command, check=False, timeout=300, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    except (OSError, subprocess.TimeoutExpired) as error:
        print(f"{command[0]}: {error}", file=sys.stderr)  # noqa: T201


def main() -> None:
    """Say what will be used, installing it if need be."""
    if find() is None:
        print("No Chromium here; trying to install one …", file=sys.stderr)  # noqa: T201
        install()
    print(f"Chromium: {find() or 'none, so THE BROWSER JOURNEYS WILL BE SKIPPED'}", file=sys.stderr)  # noqa: T201


if __name__ == "__main__":
    main()
