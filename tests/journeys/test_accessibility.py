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
    "about": "about/architecture/",
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
