"""Bytes a reader's browser fetches for a first search, over those of the page itself, on a wiki of 900 pages.

python benchmarks/first_search.py [FOLDER]
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.append(str(ROOT / "tests"))
import wiki
from chromium import find
from playwright.sync_api import sync_playwright
from processes import KB

FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
HEADERS = 700  # bytes of an answer's headers, rounded up


def reader_searches(address: str, word: str, log: Path) -> tuple[int, int]:
    """Bytes the server sends for a first page, and for the first search on it, letter by letter."""
    chromium = find()  # which asks Playwright, too, and that cannot be asked twice at once
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        page = browser.new_page()
        page.goto(address)
        page.wait_for_load_state("networkidle")
        before = sent(log)
        page.keyboard.press("/")
        page.keyboard.type(word, delay=110)
        page.wait_for_selector(".md-search-result__item")
        page.wait_for_load_state("networkidle")
        browser.close()
    return before, sent(log) - before


def sent(log: Path) -> int:
    """Bytes of all answers so far, by the server's own log, with what their headers cost."""
    lines = [json.loads(line) for line in log.read_text().splitlines() if line.startswith("{")]
    return sum((line["bytes"] or 0) + HEADERS for line in lines)


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    with tempfile.TemporaryDirectory() as name:
        target = Path(name)
        pages = wiki.lay_out(target, folder)
        build, config = wiki.build(target), ["-f", str(target / "kb.yml")]
        environment = os.environ | {"KB_DATA_DIR": str(target / "data"), "KB_PORT": "0"}
        wiki.kb(environment, "publish", *config, build)
        log, command = target / "log", [*KB, "serve", *config]
        with log.open("w") as errors:
            server = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=errors, text=True)
        assert server.stdout
        address = re.findall(r"http://\S+", server.stdout.readline())[0]
        try:
            page, search = reader_searches(address, "qualified lead", log)
        finally:
            server.terminate()
            server.wait()
    print(f"first search on {pages} pages: {search / 1000:.1f} kB over the page's {page / 1000:.1f} kB")


if __name__ == "__main__":
    main()
