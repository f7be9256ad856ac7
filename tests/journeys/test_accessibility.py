"""axe finds nothing, on a phone and a laptop, in light and dark; and no page is wider than its screen."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

PAGES = {
    "home": "",
    "page": "practices/handing-a-lead-to-sales/",
    "definition": "definitions/marketing-qualified-lead/",
    "results": "search/?query=qualified+leed",
    "nothing found": "search/?query=zyzzyva",
    "journey": "journey/",
    "suggestions": "suggestions/",
    "about": "about/architecture/",
    "for programs": "about/api/",
}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing(name: str, width: int, scheme: str, visit: Callable[..., Page], server: str) -> None:
    page = visit(server + PAGES[name], width=width, scheme=scheme)
    found = Axe().run(page).response["violations"]
    assert [(rule["id"], [node["target"] for node in rule["nodes"]][:3]) for rule in found] == []


@pytest.mark.parametrize("width", [320, 360, 1280])
@pytest.mark.parametrize("name", PAGES)
def test_no_page_is_wider_than_its_screen(name: str, width: int, visit: Callable[..., Page], server: str) -> None:
    page = visit(server + PAGES[name], width=width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("name", ["home", "page", "definition", "results"])
def test_the_header_shows_the_sites_name_until_the_title_is_scrolled_away(
    name: str, width: int, visit: Callable[..., Page], server: str
) -> None:
    page = visit(server + PAGES[name], width=width)
    page.wait_for_function("document.body.dataset.mdColorScheme && document.querySelector('.md-header').offsetHeight")
    assert page.locator(".md-header__title--active").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_the_open_dialog(scheme: str, visit: Callable[..., Page], server: str) -> None:
    page = visit(f"{server}journey/", scheme=scheme)
    page.keyboard.press("/")
    page.keyboard.type("qualified lead", delay=30)
    page.wait_for_selector(".md-search-result__item")
    found = Axe().run(page).response["violations"]
    assert [(rule["id"], [node["target"] for node in rule["nodes"]][:3]) for rule in found] == []


@pytest.mark.parametrize("width", [360, 1280])
def test_the_tab_key_reaches_only_what_can_be_seen(width: int, visit: Callable[..., Page], server: str) -> None:
    page = visit(server + PAGES["definition"], width=width)
    hidden = ".md-search__output *" if width > 1000 else ".md-search__output *, .md-sidebar--primary *"
    for _ in range(30):
        page.keyboard.press("Tab")
        assert not page.evaluate("hidden => document.activeElement.matches(hidden)", hidden) or page.evaluate(
            "document.getElementById('__search').checked"
        )
        assert page.evaluate("document.activeElement.checkVisibility({ visibilityProperty: true })")


@pytest.mark.parametrize("name", [*PAGES, "not there"])
def test_every_page_begins_with_a_way_to_its_content(name: str, visit: Callable[..., Page], server: str) -> None:
    page = visit(server + PAGES.get(name, "nothing-is-here/"))
    skip = page.locator("a.md-skip")
    assert skip.count() == 1
    assert page.locator(f".md-content{skip.get_attribute('href')}").count() == 1
    visit.complaints.clear()  # type: ignore[attr-defined]  # the browser itself reports the 404
