"""Bytes a reader's browser fetches for a first search, over those of the page itself, on a wiki of 900 pages.

python benchmarks/first_search.py [FOLDER]
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(Path(__file__).parent), str(ROOT / "tests")]
import wiki
from chromium import find
from playwright.sync_api import sync_playwright

FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
KB = [sys.executable, "-c", "from kb_server.cli import main; main()"]


def transferred(address: str, word: str) -> tuple[int, int]:
    """Bytes on the wire of a first page, and of the first search on it."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find(), args=FLAGS)
        page = browser.new_page()
        session = page.context.new_cdp_session(page)
        sizes: list[float] = []
        session.on("Network.loadingFinished", lambda event: sizes.append(_size(event)))
        session.send("Network.enable")
        page.goto(address)
        page.wait_for_load_state("networkidle")
        before = len(sizes)
        page.keyboard.press("/")
        page.keyboard.type(word, delay=80)
        page.wait_for_selector(".md-search-result__item")
        page.wait_for_load_state("networkidle")
        browser.close()
    return int(sum(sizes[:before])), int(sum(sizes[before:]))


def _size(event: dict[str, Any]) -> float:
    return float(event["encodedDataLength"])


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    with tempfile.TemporaryDirectory() as name:
        target = Path(name)
        pages = wiki.lay_out(target, folder)
        environment = os.environ | {"KB_DATA_DIR": str(target / "data"), "KB_PORT": "0"}
        config = ["-f", str(target / "kb.yml")]
        build = subprocess.run(
            [*KB, "build", "--no-strict", *config], env=environment, check=True, capture_output=True, text=True
        )
        subprocess.run(
            [*KB, "publish", *config, build.stdout.strip()], env=environment, check=True, capture_output=True
        )
        server = subprocess.Popen(
            [*KB, "serve", *config], env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        assert server.stdout
        address = re.findall(r"http://\S+", server.stdout.readline())[0]
        try:
            page, search = transferred(address, "lead" if not folder else "feature")
        finally:
            server.terminate()
            server.wait()
    print(f"first search on {pages} pages: {search / 1000:.1f} kB over the page's {page / 1000:.1f} kB")


if __name__ == "__main__":
    main()
