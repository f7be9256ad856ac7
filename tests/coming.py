"""People who come with a browser, for the journeys."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page

Visit = Callable[..., Page]
As = Callable[..., Page]
"""A page in the browser of somebody, by their handle; of nobody known, by ""."""


def coming(visit: Visit, address: str, usual: str) -> As:
    """Open the wiki at an address as somebody, on the page that is `usual` or another."""

    def come(handle: str, path: str = usual, **how: object) -> Page:
        page = visit(f"{address}sign-in/" if handle else address + path, **how)
        if handle:
            # Whoever went on before the answer is there would not be signed in.
            with page.expect_navigation(wait_until="commit"):
                page.locator(f"button[value={handle}]").click()
            page.goto(address + path)
        return page

    return come
