"""What is wrong with a page as it is shown: what axe finds, and what sticks out of the screen."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

# What fades or slides is no colour and no place yet. What moves for ever is as it will be.
AT_REST = """() => Promise.allSettled(document.getAnimations()
    .filter(one => one.effect.getComputedTiming().endTime !== Infinity).map(one => one.finished))"""


def flaws(page: Page, part: str = "") -> list[object]:
    """What is wrong with a page, or what axe finds wrong with one part of it."""
    return [*found_by_axe(page, part), *sticks_out(page)]


def found_by_axe(page: Page, part: str = "") -> list[object]:
    """The rules that are broken, and where."""
    _rest(page)
    broken = Axe().run(page, part or None).response["violations"]
    return [(rule["id"], [node["target"] for node in rule["nodes"]][:3]) for rule in broken]


def sticks_out(page: Page) -> list[object]:
    """How wide the page is, if that is wider than the screen."""
    _rest(page)
    wide, screen = page.evaluate("document.documentElement.scrollWidth"), (page.viewport_size or {"width": 0})["width"]
    return [f"{wide} px on a screen of {screen}"] if wide > screen else []


def _rest(page: Page) -> None:
    """Whatever is on its way has come."""
    page.wait_for_load_state()
    page.evaluate(AT_REST)
