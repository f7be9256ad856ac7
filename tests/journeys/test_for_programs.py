"""Somebody writes a program: finds the page of the interface, and on it what to ask."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect


def test_the_interface_is_read_without_any_script(visit: Callable[..., Page], server: str) -> None:
    page = visit(f"{server}about/", java_script_enabled=False)
    page.locator("#kb-content").get_by_role("link", name="For programs").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("For programs")
    expect(page.locator(".md-sidebar--primary a.md-nav__link--active")).to_have_text("For programs")
    page.locator("#kb-content").get_by_role("link", name="Search the whole wiki").click()
    expect(page.locator("#search-hits")).to_be_in_viewport()
    expect(page.locator("#search-hits pre")).to_contain_text(f"curl '{server}api/v1/search?query=")
    expect(page.get_by_text("does not answer here just now")).to_have_count(0)


def test_the_page_leads_to_the_description(visit: Callable[..., Page], server: str) -> None:
    page = visit(f"{server}about/api/")
    address = page.locator("link[rel=service-desc]").get_attribute("href")
    answer = page.request.get(f"{server}{str(address).lstrip('/')}")
    assert answer.json()["openapi"].startswith("3.1")
