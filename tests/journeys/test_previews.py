"""What somebody writes on a branch: seen by members on a phone while it is being written, and gone once it is live."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from coming import Visit
from following.conftest import TEAMS, Hub
from looking import flaws
from playwright.sync_api import Browser, Page, Route, expect
from previews.conftest import Branches
from processes import PATIENCE, publish, start, stop

CONFIG = """\
site_name: A wiki
theme:
  name: material
  font: false
  palette:
    - {media: "(prefers-color-scheme: light)", scheme: default, toggle: {icon: material/weather-night, name: Dark}}
    - {media: "(prefers-color-scheme: dark)", scheme: slate, toggle: {icon: material/weather-sunny, name: Light}}
plugins: [search, kb]
"""
CALLS = "---\nid: calls\nteams: [sales]\nowner: sam\n---\n# Calls\n\nHow we call.\n\n## Calling back\n\n{}\n"
FORM = '<form action="/sign-out/" method="post"><button>Go on</button></form>'
OVER = '<button popovertarget="over">More</button><div popover id="over">Published</div>'
TEXT = f"Sales calls back within one working day.\n\n{FORM}\n\n{OVER}"


@pytest.fixture
def hub(tmp_path: Path) -> Hub:
    hub = Hub(tmp_path / "git")
    (hub.past.folder / "mkdocs.yml").write_text(CONFIG)
    (hub.past.folder / "teams.yml").write_text(TEAMS)
    hub.push("Begin", index="# Home\n", calls=CALLS.format("Sales calls back soon."))
    return hub


@pytest.fixture
def server(hub: Hub, tmp_path: Path) -> Iterator[str]:
    """A server that follows."""
    config = hub.past.folder / "mkdocs.yml"
    publish(tmp_path / "data", config)
    follows = {"KB_FOLLOW": "yes", "KB_FOLLOW_URL": hub.url, "KB_FOLLOW_SECONDS": "1"}
    process, address = start(tmp_path / "data", config=config, **follows)
    yield address
    stop(process)


def until(there: Callable[[], bool]) -> None:
    """Wait for what another process does by itself."""
    began = time.monotonic()
    while not there():
        assert time.monotonic() - began < PATIENCE, "it never was so"
        threading.Event().wait(0.2)


def flaws_of(page: Page) -> list[object]:
    """What is wrong with a page in which nothing runs: whoever looks for that has to run something."""
    free = page.context.new_page()
    free.route(page.url, _let_run)
    free.goto(page.url)
    found = flaws(free)
    free.close()
    return found


def _let_run(route: Route) -> None:
    answer = route.fetch()
    headers = {name: value for name, value in answer.headers.items() if name != "content-security-policy"}
    route.fulfill(response=answer, headers=headers)


@pytest.mark.slow
def test_a_branch_is_seen_by_members_and_is_live_once_it_is_merged(
    hub: Hub, server: str, visit: Visit, browser: Browser
) -> None:
    branches = Branches(hub)
    branches.push("sam/calls", "Say by when", calls=CALLS.format(TEXT))

    # Mia sees on her phone, at night, what is to come.
    mia = visit(f"{server}preview/", by="mia", width=360, scheme="dark")

    def is_built() -> bool:
        mia.reload()
        return mia.get_by_text(re.compile("^Built ")).count() == 1

    until(is_built)
    mia.get_by_role("link", name="Calls", exact=True).click()
    expect(mia.get_by_role("complementary", name="Preview")).to_contain_text("Preview of sam/calls, built")
    expect(mia.locator("article")).to_contain_text("within one working day")
    assert mia.evaluate("getComputedStyle(document.body).colorScheme") == "dark"
    assert not flaws_of(mia)

    # Nothing of it comes to lie above what says that it is one: a browser needs no script to put something there.
    mia.get_by_role("button", name="More").click()
    expect(mia.get_by_text("Published", exact=True)).to_be_hidden()

    # Nothing in it says anything in her name: there is no way to, and one that somebody puts there does nothing.
    expect(mia.get_by_role("link", name="Feedback")).to_have_count(0)
    beside = browser.new_context(storage_state=mia.context.storage_state()).new_page()
    posted: list[str] = []
    beside.on("request", lambda asked: posted.append(asked.url) if asked.method == "POST" else None)
    beside.goto(mia.url)
    expect(beside.get_by_role("button", name="Go on", include_hidden=True)).to_be_hidden()
    beside.evaluate("document.querySelector('form[action]').requestSubmit()")
    assert beside.context.request.get(f"{server}preview/").status == 200  # she is signed in still
    assert posted == []
    beside.context.close()

    # As it is published, it reads as before; and nobody else sees it.
    mia.get_by_role("link", name="See this page as published").click()
    expect(mia.locator("article")).to_contain_text("Sales calls back soon.")
    guest = visit(f"{server}calls/")
    assert guest.context.request.get(f"{server}preview/sam/calls/", max_redirects=0).status == 303

    # Once it is merged, it is live, and there is no preview any more.
    hub.past.git("merge", "-q", "--no-ff", "-m", "Merge it", "sam/calls")
    hub.push()

    def is_live() -> bool:
        guest.reload()
        return guest.get_by_text("within one working day").count() == 1

    until(is_live)
    until(lambda: mia.context.request.get(f"{server}preview/sam/calls/").status == 404)
