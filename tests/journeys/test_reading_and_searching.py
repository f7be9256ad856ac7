"""A newcomer opens the wiki and finds a sentence; with and without a mouse, JavaScript, or the server."""

from __future__ import annotations

import functools
import http.server
import os
import re
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.request import urlopen

import pytest
from coming import Visit
from playwright.sync_api import Locator, Page, Route, expect
from processes import KB, PATIENCE, start, stop

DIALOG_HIT = ".md-search-result__item a.md-search-result__link"


@pytest.fixture(scope="module", params=["sqlite", "sqlite, whoosh", "postgresql"])
def server(
    server: str, built: Path, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[str]:
    """The address of a server on the sample wiki, with either engine of search, on either database."""
    if request.param == "sqlite":
        yield server
        return
    data = tmp_path_factory.mktemp("another") / "data"
    shutil.copytree(built, data)  # one server runs per folder
    with ExitStack() as after:
        chosen = {"KB_SEARCH_ENGINE": "whoosh"}
        if request.param == "postgresql":
            chosen = {"KB_DATABASE_URL": after.enter_context(request.getfixturevalue("stores").one())}
            environment = os.environ | {"KB_DATA_DIR": str(data)} | chosen
            build_ids = [build.name for build in (data / "builds").iterdir()]
            subprocess.run([*KB, "publish", *build_ids], env=environment, check=True)
        process, address = start(data, **chosen)
        after.callback(stop, process)
        until = time.monotonic() + PATIENCE
        while "whoosh" in request.param and not _follows(address):
            assert time.monotonic() < until, "the server does not follow"
        yield address


def _follows(address: str) -> bool:
    with urlopen(f"{address}readyz") as answer:
        return '"following"' in answer.read().decode()


def patient(visit: Visit, url: str) -> Page:
    """A page on which a server that is slow is waited for: else it counts as away, and the browser searches."""

    def slowly(route: Route) -> None:
        code = route.fetch().text()
        assert "PATIENCE = 2500" in code
        route.fulfill(body=code.replace("PATIENCE = 2500", "PATIENCE = 250000"), content_type="text/javascript")

    page = visit(url)
    page.route("**/search-worker.js*", slowly)
    page.reload()
    return page


def ask(page: Page, words: str, keys: str = "/") -> Locator:
    """Type into the search dialog; gives the link to all that is found, and not to what was found meanwhile."""
    page.keyboard.press(keys)
    page.keyboard.type(words)
    everything = page.locator(DIALOG_HIT, has_text=f"All results for “{words}”")
    expect(everything).to_be_visible()
    return everything


def ask_at_once(page: Page, words: str) -> None:
    """Have it in the search dialog at one go: nothing is found for a part of it."""
    page.keyboard.press("/")
    page.keyboard.insert_text(words)
    page.keyboard.press("End")


def test_a_newcomer_finds_a_definition_from_the_home_page(visit: Visit, server: str) -> None:
    page = visit(server)
    page.get_by_role("searchbox", name="Search").first.fill("qualified leed")
    page.keyboard.press("Enter")
    expect(page.locator(".kb-said")).to_contain_text("qualified lead")
    card = page.locator(".kb-answer")
    expect(card).to_contain_text("Marketing qualified lead")
    expect(card).to_contain_text("Not agreed yet")
    card.get_by_role("link", name="Marketing qualified lead").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Marketing qualified lead")
    expect(page.locator(".kb-facts")).to_contain_text("Not agreed yet")


@pytest.mark.parametrize("keys", ["/", "Control+k"])
def test_the_dialog_opens_by_keyboard_and_leads_to_a_page(keys: str, visit: Visit, server: str) -> None:
    page = patient(visit, f"{server}journey/")
    ask(page, "handing a lead", keys)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "journey" not in url)
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_the_dialog_leads_on_to_all_results(visit: Visit, server: str) -> None:
    page = patient(visit, server)
    ask(page, "pricing").click()
    page.wait_for_url("**/search/?query=pricing**")
    expect(page.locator(".kb-hit").first).to_be_visible()


def test_searching_works_without_javascript(visit: Visit, server: str) -> None:
    page = visit(server, java_script_enabled=False)
    page.get_by_role("searchbox", name="Search").first.fill("why leads go cold")
    page.get_by_role("button", name="Search").click()
    page.locator(".kb-hit a").first.click()
    expect(page).not_to_have_url(re.compile("search/"))
    expect(page.get_by_role("heading", level=1)).to_be_visible()


@pytest.mark.parametrize("width", [360, 1280])
def test_every_page_leads_to_the_search_without_javascript(width: int, visit: Visit, server: str) -> None:
    page = visit(f"{server}practices/demo-requests/", width=width, java_script_enabled=False)
    expect(page.get_by_role("searchbox")).to_have_count(0)
    page.get_by_role("banner").get_by_role("link", name="Search").click()
    page.locator("main").get_by_role("searchbox").fill("pricing")
    page.keyboard.press("Enter")
    expect(page.locator(".kb-hit").first).to_be_visible()


def test_results_are_narrowed_by_kind_and_team(visit: Visit, server: str) -> None:
    page = visit(f"{server}search/?query=lead")
    before = page.locator(".kb-hit").count()
    page.get_by_role("navigation", name="Narrow the results").get_by_role("link", name="Definitions").click()
    page.wait_for_url("**kind=definition**")
    assert 0 < page.locator(".kb-hit").count() <= before


def test_nothing_found_says_what_to_do(visit: Visit, server: str) -> None:
    page = visit(f"{server}search/?query=zyzzyva")
    expect(page.get_by_text("Nothing for “zyzzyva”")).to_be_visible()
    expect(page.locator(".md-content").get_by_text("zyzzyva")).to_have_count(1)
    page.locator(".md-content").get_by_role("link", name="Suggest a new page").click()
    expect(page.get_by_label("What is it about?")).to_have_value("zyzzyva")


def test_a_hostile_query_is_shown_as_text(visit: Visit, server: str) -> None:
    page = visit(f"{server}search/?query=%3Cimg%20src=x%20onerror=alert(1)%3E")
    assert page.locator(".md-content img").count() == 0
    expect(page.locator(".kb-searchbox input")).to_have_value("<img src=x onerror=alert(1)>")


def test_a_folded_part_opens_when_a_link_leads_to_it(visit: Visit, server: str) -> None:
    page = visit(f"{server}definitions/marketing-qualified-lead/#counter-examples")
    fold = page.locator("details", has=page.locator("#counter-examples"))
    expect(fold).to_have_attribute("open", "")


def test_a_missing_page_offers_a_way_on(visit: Visit, server: str) -> None:
    page = visit(f"{server}trade-fair-checklist/")
    expect(page.get_by_role("heading", level=1)).to_have_text("We could not find this page")
    page.get_by_role("link", name="Home", exact=True).last.click()
    page.wait_for_url(server)
    visit.complaints.clear()  # type: ignore[attr-defined]  # the browser itself reports the 404


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def static_host(built: Path) -> Iterator[str]:
    """The published build on a plain static host below a path, with no server of ours."""
    build = next(path for path in (built / "builds").iterdir() if not path.name.startswith("."))
    root = built / "static"
    root.mkdir(exist_ok=True)
    (root / "wiki").exists() or (root / "wiki").symlink_to(build)
    host = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=str(root)))
    thread = threading.Thread(target=host.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{host.server_port}/wiki/"
    host.shutdown()
    thread.join()
    host.server_close()


def nobody_answered(visit: Visit, page: Page) -> None:
    """Forgive that the browser itself reports what the page asked for in vain; anything else still counts."""
    page.wait_for_load_state("networkidle")
    complaints: list[str] = visit.complaints  # type: ignore[attr-defined]
    complaints[:] = [said for said in complaints if not re.search(r"status of 404 .*/(?:api/v1|talk|helpful)/", said)]


def test_without_the_server_the_site_still_reads_and_searches(visit: Visit, static_host: str) -> None:
    page = visit(static_host)
    ask_at_once(page, "ideal customer profile")
    page.locator(DIALOG_HIT).first.click()
    expect(page).not_to_have_url(static_host)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    nobody_answered(visit, page)


def test_without_the_server_and_scripts_nobody_is_sent_to_a_box_that_does_nothing(
    visit: Visit, static_host: str
) -> None:
    page = visit(static_host, java_script_enabled=False)
    page.get_by_role("searchbox").fill("pricing")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Search the wiki")
    expect(page.get_by_text("yours runs none")).to_be_visible()
    expect(page.get_by_text("works all the same")).to_be_hidden()


def test_without_the_server_no_agreement_is_claimed(visit: Visit, static_host: str) -> None:
    page = visit(f"{static_host}definitions/marketing-qualified-lead/")
    expect(page.locator(".kb-facts")).to_contain_text("Agreement not checked")
    nobody_answered(visit, page)


def test_without_the_server_the_home_pages_box_searches_too(visit: Visit, static_host: str) -> None:
    page = visit(static_host)
    page.get_by_role("searchbox", name="Search").first.fill("ideal customer profile")
    page.keyboard.press("Enter")
    expect(page.locator(DIALOG_HIT).first).to_be_visible()
    nobody_answered(visit, page)
