"""The same build below a path: nothing in it knows where it lies."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from processes import start, stop


@pytest.fixture(scope="module")
def below(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    data = tmp_path_factory.mktemp("below") / "data"
    shutil.copytree(built, data)  # one server runs per folder
    process, address = start(data, KB_BASE_URL="http://127.0.0.1/some/wiki/")
    yield address
    stop(process)


def test_reading_and_searching_below_a_path(visit: Callable[..., Page], below: str) -> None:
    assert below.endswith("/some/wiki/")
    page = visit(below)
    page.get_by_role("searchbox", name="Search").first.fill("customer")
    page.keyboard.press("Enter")
    page.locator(".kb-hit a").first.click()
    page.wait_for_url(lambda url: url.startswith(below) and "search" not in url)
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.keyboard.press("/")
    page.keyboard.type("opportunity")
    found = page.locator(".md-search-result__link").first
    expect(found).to_have_attribute("href", re.compile(f"^{re.escape(below)}.*"))
