"""A site that uses most of what Material can do, on a plain static host that sends our policy: nothing is refused."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

WIKI = Path(__file__).parents[1] / "plugins" / "cases" / "everything"


class _Host(SimpleHTTPRequestHandler):
    policy = ""

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", self.policy)
        super().end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def static_host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("everything")
    command = [sys.executable, "-m", "mkdocs", "build", "-q", "--strict", "-f", str(WIKI / "mkdocs.yml")]
    environment = os.environ | {"NO_MKDOCS_2_WARNING": "1", "KB_DATA_DIR": str(folder / "data")}
    subprocess.run([*command, "-d", str(folder / "site")], env=environment, check=True)
    _Host.policy = (folder / "site" / "_kb" / "policy.txt").read_text().strip()
    host = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Host, directory=folder / "site"))
    threading.Thread(target=host.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{host.server_port}/"
    host.shutdown()
    host.server_close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_policy_takes_nothing_from_material(scheme: str, visit: Callable[..., Page], static_host: str) -> None:
    page = visit(static_host, scheme=scheme)
    for path in ("", "sec/other/", "tags/", "blog/", "blog/2026/10/14/post/", "404.html"):
        page.goto(static_host + path, wait_until="networkidle")
        expect(page.locator("[data-md-component=header]")).to_be_visible()


def test_its_parts_still_work_under_the_policy(visit: Callable[..., Page], static_host: str) -> None:
    page = visit(static_host)
    page.get_by_text("Accept").click()
    page.get_by_text("Two", exact=True).click()
    page.get_by_text("Second.").wait_for()
    page.get_by_text("Folded").click()
    page.get_by_text("More text.").wait_for()
    page.locator(".md-code__button").first.wait_for()
    page.locator("label[title=Dark]").click()
    page.wait_for_selector("body[data-md-color-scheme=slate]")
    expect(page.locator(".kb-diagram img").first).to_be_hidden()
    expect(page.locator(".kb-diagram img").last).to_be_visible()
    page.get_by_role("link", name="link", exact=True).click()
    page.get_by_role("heading", name="Other").wait_for()
