"""A real server on the sample wiki and a real browser. A request to another origin fails the journey that made it."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from chromium import find
from coming import insisting
from playwright.sync_api import APIResponse, Browser, BrowserContext, Page, expect, sync_playwright
from processes import start, stop

# What appears, appears at once; on a machine that does much else it may take its time, and a test is no clock.
PATIENCE = 120_000  # ms
expect.set_options(timeout=PATIENCE)

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.journey)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item) -> None:
    """Close what is open before any server stops: a page in the middle of something would complain."""
    if visit := getattr(item, "funcargs", {}).get("visit"):
        visit.leave()


@pytest.fixture(scope="session", autouse=True)
def chromium() -> str:
    """Without a browser no journey runs, and the summary says so in a way nobody can overlook."""
    return find() or pytest.skip("NO CHROMIUM: THE BROWSER JOURNEYS WERE SKIPPED")


@pytest.fixture(scope="session")
def built(sample: Path) -> Path:
    """The data of the sample wiki."""
    return sample


@pytest.fixture(scope="session")
def server(built: Path) -> Iterator[str]:
    """The address of a server on the sample wiki."""
    process, address = start(built)
    yield address
    stop(process)


@pytest.fixture(scope="module")
def own_server(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server of this file's own: what is said and asked there, nobody else finds."""
    data = tmp_path_factory.mktemp("own") / "data"
    shutil.copytree(built, data)
    process, address = start(data, KB_POSTS_PER_MINUTE="100000")
    yield address
    stop(process)


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Open a page: width, scheme, with or without JavaScript, by whom. What it complains about fails the test."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def opened(url: str, *, width: int = 1280, scheme: str = "light", by: str = "", **options: Any) -> Page:  # noqa: ANN401
        context = browser.new_context(
            viewport={"width": width, "height": 800},
            color_scheme=scheme,  # type: ignore[arg-type]
            **options,
        )
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(f"script: {error}"))
        page.on(
            "console", lambda said: complaints.append(f"{said.text} {said.location}") if said.type == "error" else None
        )
        origin = re.match(r"https?://[^/]+", url)
        assert origin
        if by:
            _sign_in(context, origin[0], by)
        page.on("request", lambda asked: _is_ours(asked.url, origin[0]) or complaints.append(f"left: {asked.url}"))
        page.goto(url)
        return page

    def leave() -> None:
        """Close what is open."""
        while contexts:
            contexts.pop().close()

    opened.complaints, opened.leave = complaints, leave  # type: ignore[attr-defined]
    yield opened
    leave()
    assert not complaints


def _sign_in(context: BrowserContext, origin: str, handle: str) -> None:
    """As the page for it does: how that looks is a journey of its own."""
    headers = {"Sec-Fetch-Site": "same-origin"}

    def tries() -> APIResponse:
        return context.request.post(f"{origin}/sign-in/", form={"handle": handle}, headers=headers, max_redirects=0)

    assert insisting(tries).status == 303


def _is_ours(url: str, origin: str) -> bool:
    return url.startswith((origin, "data:", "blob:", "about:"))
