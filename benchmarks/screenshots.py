"""The pictures in the README and in `docs/about/`, taken anew from the sample wiki.

python benchmarks/screenshots.py
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))
from chromium import find
from playwright.sync_api import Browser, sync_playwright
from processes import KB, start, stop

IMAGES = ROOT / "docs" / "about" / "images"
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
PICTURES = {
    "home": ("", 1280, 800, "light"),
    "definition": ("definitions/marketing-qualified-lead/", 390, 844, "dark"),
}


def take(browser: Browser, address: str, name: str) -> None:
    path, width, height, scheme = PICTURES[name]
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
    context.add_cookies([{"name": "kb_guide", "value": "closed", "url": address}])  # without the steps of a first visit
    page = context.new_page()
    page.goto(f"{address}sign-in/?as=mia&to=/{path}")
    page.get_by_role("button", name="Go on as Mia").click()
    page.wait_for_url(address + path)
    page.wait_for_load_state("networkidle")
    page.screenshot(path=IMAGES / f"{name}.png")
    context.close()


def main() -> None:
    IMAGES.mkdir(exist_ok=True)
    chromium = find()  # which asks Playwright, too, and that cannot be asked twice at once
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        environment = os.environ | {"KB_DATA_DIR": folder}
        subprocess.run([*KB, "publish", "-f", str(ROOT / "mkdocs.yml")], env=environment, check=True)
        process, address = start(Path(folder), KB_SAMPLE="yes")
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        for name in PICTURES:
            take(browser, address, name)
        browser.close()
        stop(process)
    print("\n".join(str(path.relative_to(ROOT)) for path in sorted(IMAGES.glob("*.png"))))


if __name__ == "__main__":
    main()
