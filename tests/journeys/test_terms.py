"""A term in a text: what its definition says, by pointer, keyboard, finger; without a script; without a server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from subprocess import Popen

import pytest
from agreed import agree_to_all
from coming import Visit
from looking import found_by_axe
from playwright.sync_api import Locator, Page, expect
from processes import PATIENCE, publish, start, stop

PHONE = {"width": 360, "has_touch": True, "is_mobile": True}
CONFIG = (
    "site_name: A wiki\ntheme: {name: material, font: false, palette: [{scheme: default, media: '(prefers-color-scheme:"
    " light)'}, {scheme: slate, media: '(prefers-color-scheme: dark)'}], features: [navigation.instant]}\n"
    "site_url: http://127.0.0.1/\nplugins: [search, kb]\nmarkdown_extensions: [tables]\n"
)
TEAMS = """
teams:
  sales: {name: Sales, hue: blue, speakers: [sam], liaisons: [sam]}
  marketing: {name: Marketing, hue: plum, speakers: [mia], liaisons: [mia]}
people:
  sam: {name: Sam, email: sam@example.com, teams: [sales]}
  mia: {name: Mia, email: mia@example.com, teams: [marketing]}
"""
HEAD = "---\nid: lead\nkind: definition\ntitle: Qualified lead\naliases: [MQL]\nteams: [sales, marketing]\n---\n"
OLD, NEW = "Somebody who asked us in 30 days.", "Somebody who asked us in 14 days."
PAGE = "# How we work\n\nCall [somebody](index.md) first.\n\n| Who |\n| --- |\n| Every MQL |\n\nA qualified lead. {}\n"


PLACES = """[...document.querySelectorAll("article > :is(h1, p, .md-typeset__scrollwrap), .kb-term")]
    .map(one => JSON.stringify(one.getBoundingClientRect()))"""


@pytest.fixture(scope="module")
def wiki(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wiki whose definition was agreed to and has another wording since."""
    home = tmp_path_factory.mktemp("terms")
    pages = {
        "index.md": "# Home\n",
        "how.md": PAGE.format("More. " * 900),
        "lead.md": f"{HEAD}\n## Definition\n\n{OLD}\n",
    }
    (home / "docs").mkdir()
    for name, text in {"mkdocs.yml": CONFIG, "teams.yml": TEAMS}.items():
        (home / name).write_text(text)
    for name, text in pages.items():
        (home / "docs" / name).write_text(text)
    publish(home / "data", home / "mkdocs.yml")
    agree_to_all(home / "data")
    (home / "docs" / "lead.md").write_text(f"{HEAD}\n## Definition\n\n{NEW}\n")
    publish(home / "data", home / "mkdocs.yml")
    return home


@pytest.fixture
def server(wiki: Path) -> Iterator[tuple[Popen[str], str]]:
    process, address = start(wiki / "data", config=wiki / "mkdocs.yml", KB_PUBLIC_READ="yes")
    yield process, address
    stop(process)


def assert_old_text(shown: Locator) -> None:
    expect(shown).to_contain_text("Qualified lead")
    expect(shown).to_contain_text("New wording, not agreed yet")
    expect(shown).to_contain_text("Version 1 stays in force")
    expect(shown).to_contain_text(OLD)


def assert_unchecked(page: Page) -> None:
    page.get_by_role("heading", name="How we work").hover()
    tip = page.get_by_role("tooltip")
    expect(tip).to_have_count(0)
    page.locator(".kb-term").hover()
    expect(tip).to_contain_text("Agreement not checked")
    expect(tip).to_contain_text(NEW)


def patient(visit: Visit, url: str, **how: object) -> Page:
    """A page on which a server that is slow is waited for: else it counts as away, and the build speaks for it."""
    page = visit(url, **how)
    page.add_init_script("AbortSignal.timeout = () => new AbortController().signal")
    page.reload()
    return page


def test_a_term_is_explained_where_it_is_read(visit: Visit, server: tuple[Popen[str], str]) -> None:
    _, address = server

    # A pointer rests on it, and may go on to what has come up. Nothing else moves.
    page = patient(visit, f"{address}how/")
    term, tip = page.locator(".kb-term"), page.get_by_role("tooltip")
    expect(term).to_have_text("MQL")
    before = page.evaluate(PLACES)
    term.hover()
    assert_old_text(tip)
    assert page.evaluate(PLACES) == before
    expect(term).to_have_attribute("aria-describedby", tip.get_attribute("id") or "")
    assert found_by_axe(page) == []
    page.clock.install()
    tip.hover()
    page.clock.run_for(2_000)
    expect(tip).to_be_visible()
    page.get_by_role("heading", name="How we work").hover()
    expect(tip).to_have_count(0)

    # By keyboard it comes with the focus, goes by Escape, and Enter leads on.
    page.get_by_role("link", name="somebody").focus()
    page.keyboard.press("Tab")
    assert_old_text(tip)
    page.keyboard.press("Escape")
    expect(tip).to_have_count(0)
    expect(term).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{address}lead/")

    # A finger brings up a sheet, and goes on from there.
    phone = patient(visit, f"{address}how/", scheme="dark", **PHONE)
    phone.locator(".kb-term").tap()
    sheet = phone.get_by_role("dialog", name="Qualified lead")
    assert_old_text(sheet)
    assert found_by_axe(phone) == []
    sheet.get_by_role("link", name="Open").tap()
    expect(phone).to_have_url(f"{address}lead/")

    # Search shows the same text, and so does the page.
    phone.goto(f"{address}search/?query=mql")
    expect(phone.locator(".kb-answer")).to_contain_text(OLD)

    # Without a script it is a link.
    plain = visit(f"{address}how/", java_script_enabled=False)
    plain.locator(".kb-term").click()
    expect(plain).to_have_url(f"{address}lead/")


def test_what_is_agreed_is_not_said_where_the_server_cannot_say_it(
    visit: Visit, server: tuple[Popen[str], str]
) -> None:
    """Whatever it said a moment ago, and whether it is in trouble or gone."""
    process, address = server
    page = patient(visit, f"{address}how/", scheme="dark")
    page.locator(".kb-term").hover()
    assert_old_text(page.get_by_role("tooltip"))
    page.route("**/quote/", lambda route: route.fulfill(status=503, body="Agreed"))
    assert_unchecked(page)
    page.unroute("**/quote/")
    process.terminate()
    process.wait(PATIENCE)
    assert_unchecked(page)
    assert found_by_axe(page) == []
    visit.complaints.clear()  # type: ignore[attr-defined]  # the browser itself reports that nobody answers
