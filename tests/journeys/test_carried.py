"""A page is rewritten while people talk about it: what moved, changed and vanished, and where it belongs now."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from processes import publish, start, stop

Visit = Callable[..., Page]
TEAMS = "teams: {sales: {name: Sales, hue: blue}}\npeople: {sam: {name: Sam, teams: [sales]}, mia: {name: Mia}}\n"
CALL = "Sales calls back within one working day and says in the first sentence what the person asked for."
NOTE = "Whoever took the call writes three lines about it before anything else is begun."
FAIR = "Count the badges of everybody who came to the stand, and note what each of them asked for."
FAX = "Confirmations are sent by fax, signed by two people from the front office."
BEFORE = f"# Calls\n\nHow we call.\n\n## When\n\n{CALL}\n\n{NOTE}\n\n## Fairs\n\n{FAIR}\n\n## Faxes\n\n{FAX}\n"
AFTER = f"# Calls\n\nHow we call.\n\n## When\n\n{CALL.replace('one working day', 'two working days')}\n\n{NOTE}\n"
HOME = "---\nid: home\n---\n# Home\n\nHello.\n"
PASSAGES = {
    "when": "within one working day",
    "fairs": "note what each of them asked for",
    "faxes": "signed by two people",
}


def _write(home: Path, calls: str, fairs: str) -> None:
    docs = home / "docs"
    docs.mkdir(exist_ok=True)
    (docs / "index.md").write_text(HOME)
    (docs / "calls.md").write_text(f"---\nid: calls\nowner: sam\nteams: [sales]\n---\n{calls}")
    (docs / "fairs.md").write_text(f"---\nid: fairs\n---\n# Trade fairs\n\nBring the banner.\n{fairs}")
    publish(home / "data", home / "mkdocs.yml")


@pytest.fixture
def server(tmp_path: Path, visit: Visit) -> Iterator[str]:
    """The address of a server on a wiki of which a page was rewritten after Sam had talked about three passages."""
    (tmp_path / "mkdocs.yml").write_text(
        "site_name: A wiki\ntheme: {name: material, font: false}\nplugins: [search, kb]\n"
    )
    (tmp_path / "teams.yml").write_text(TEAMS)
    _write(tmp_path, BEFORE, "")
    process, address = start(tmp_path / "data", config=tmp_path / "mkdocs.yml")
    page = _as(visit, address, "sam", "calls/")
    for section, exact in PASSAGES.items():
        form = {"section": section, "exact": exact, "kind": "question", "body": f"About {section}"}
        sent = page.request.post(f"{address}talk/calls/", form=form, headers={"Sec-Fetch-Site": "same-origin"})
        assert sent.ok
    _write(tmp_path, AFTER, f"\n## At the stand\n\n{FAIR}\n")
    yield address
    stop(process)
    shutil.rmtree(tmp_path / "data")


def _as(visit: Visit, address: str, handle: str, path: str, **how: object) -> Page:
    page = visit(f"{address}sign-in/", **how)
    page.locator(f"button[value={handle}]").click()
    page.goto(address + path)
    return page


def test_a_conversation_goes_along_and_a_lost_one_is_put_in_its_place_in_two_clicks(visit: Visit, server: str) -> None:
    page = _as(visit, server, "sam", "calls/")
    changed = page.locator(".kb-talk", has_text="About when")
    expect(changed).to_contain_text("2 words changed")
    expect(changed.locator("ins")).to_have_text(["two", "days"])
    lost = page.locator(".kb-talk", has_text="About faxes")
    expect(lost).to_contain_text("The text this was about is gone")
    expect(lost).to_contain_text("Its section “Faxes” was removed")
    expect(page.locator(".kb-talk", has_text="About fairs")).to_have_count(0)
    assert not Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa"]}).response["violations"]

    lost.get_by_role("link", name="Choose the passage").click()
    bar = page.get_by_role("region", name="Which passage is it about?")
    expect(bar.get_by_role("button", name="Attach here")).to_be_disabled()
    page.get_by_text("Whoever took the call").click(click_count=3)
    bar.get_by_role("button", name="Attach here").click()
    found = page.locator(".kb-talk", has_text="About faxes")
    expect(found).not_to_contain_text("is gone")
    expect(found.locator(".kb-quote")).to_have_text(NOTE)
    expect(bar).to_have_count(0)

    page.goto(f"{server}fairs/")
    moved = page.locator(".kb-talk", has_text="About fairs")
    expect(moved).to_contain_text("This passage has moved to At the stand")


def test_without_a_script_it_is_put_in_its_place_by_its_words(visit: Visit, server: str) -> None:
    page = _as(visit, server, "sam", "talk/calls/", java_script_enabled=False, width=360)
    lost = page.locator(".kb-talk", has_text="About faxes")
    lost.get_by_role("link", name="Choose the passage").click()
    page.get_by_label("In which section?").select_option("When")
    page.get_by_label("The words, as they stand there").fill("writes three lines about it")
    page.get_by_role("button", name="Attach here").click()
    expect(page.locator(".kb-quote")).to_have_text("writes three lines about it")


def test_who_has_no_say_is_not_asked(visit: Visit, server: str) -> None:
    page = _as(visit, server, "mia", "calls/")
    expect(page.locator(".kb-talk", has_text="About faxes")).to_contain_text("is gone")
    expect(page.get_by_role("link", name="Choose the passage")).to_have_count(0)
