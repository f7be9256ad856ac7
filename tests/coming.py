"""People who come with a browser, for the journeys."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from playwright.sync_api import APIResponse, Locator, Page

Visit = Callable[..., Page]
As = Callable[..., Page]
"""A page in the browser of somebody, by their handle; of nobody known, by ""."""


def coming(visit: Visit, address: str, usual: str) -> As:
    """Open the wiki at an address as somebody, on the page that is `usual` or another."""

    def come(handle: str, path: str = usual, **how: object) -> Page:
        return visit(address + path, by=handle, **how)

    return come


def press(button: Locator) -> None:
    """Press what leads on, and have it done: whoever went elsewhere before the answer is there might come too early."""
    with button.page.expect_navigation():
        button.click()


def become(page: Page, handle: str) -> None:
    """Say who one is, where the page asks for it."""
    press(page.locator(f"button[value={handle}]"))


def insisting(send: Callable[[], APIResponse]) -> APIResponse:
    """The answer to something sent as a form would; a server with too much to do asks for it once more."""
    while (answer := send()).status == HTTPStatus.SERVICE_UNAVAILABLE:
        assert answer.headers["retry-after"]
    return answer
