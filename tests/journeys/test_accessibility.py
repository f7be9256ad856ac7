"""axe finds nothing, on a phone and a laptop, in light and dark; and no page is wider than its screen."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from looking import flaws, found_by_axe, sticks_out
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
def test_a_page_is_for_everybody(name: str, width: int, scheme: str, visit: Callable[..., Page], server: str) -> None:
    page = visit(server + PAGES[name], width=width, scheme=scheme)
    begins_with_a_way_to_its_content(page)
    if name in {"home", "page", "definition", "results"}:
        shows_the_sites_name_until_the_title_is_scrolled_away(page)
    assert flaws(page) == []


@pytest.mark.parametrize("name", PAGES)
def test_no_page_is_wider_than_the_smallest_screen(name: str, visit: Callable[..., Page], server: str) -> None:
    assert sticks_out(visit(server + PAGES[name], width=320)) == []


def test_a_page_that_is_not_there_leads_to_its_content_too(visit: Callable[..., Page], server: str) -> None:
    begins_with_a_way_to_its_content(visit(f"{server}nothing-is-here/"))
    visit.complaints.clear()  # type: ignore[attr-defined]  # the browser itself reports the 404


def begins_with_a_way_to_its_content(page: Page) -> None:
    skip = page.locator("a.md-skip")
    assert skip.count() == 1
    assert page.locator(f".md-content{skip.get_attribute('href')}").count() == 1


def shows_the_sites_name_until_the_title_is_scrolled_away(page: Page) -> None:
    page.wait_for_function("document.body.dataset.mdColorScheme && document.querySelector('.md-header').offsetHeight")
    assert page.locator(".md-header__title--active").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_the_open_dialog(scheme: str, visit: Callable[..., Page], server: str) -> None:
    page = visit(f"{server}journey/", scheme=scheme)
    page.keyboard.press("/")
    page.keyboard.type("qualified lead")
    page.wait_for_selector(".md-search-result__item")
    assert found_by_axe(page) == []


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
