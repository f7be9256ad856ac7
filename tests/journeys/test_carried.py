"""A page is rewritten while people talk about it: what moved, changed and vanished, and where it belongs now."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from coming import As, Visit, coming, insisting
from looking import flaws
from playwright.sync_api import Browser, expect
from processes import publish, start, stop

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


def _write(home: Path, calls: str, fairs: str, *, to: str = "") -> None:
    docs = home / "docs"
    docs.mkdir(exist_ok=True)
    (docs / "index.md").write_text(HOME)
    (docs / "calls.md").write_text(f"---\nid: calls\nowner: sam\nteams: [sales]\n---\n{calls}")
    (docs / "fairs.md").write_text(f"---\nid: fairs\n---\n# Trade fairs\n\nBring the banner.\n{fairs}")
    publish(home / "data", home / "mkdocs.yml", to=to)


@pytest.fixture(scope="module")
def rewritten(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Path:
    """A wiki of which a page was rewritten after Sam had talked about three passages."""
    home = tmp_path_factory.mktemp("rewritten")
    (home / "mkdocs.yml").write_text("site_name: A wiki\ntheme: {name: material, font: false}\nplugins: [search, kb]\n")
    (home / "teams.yml").write_text(TEAMS)
    _write(home, BEFORE, "")
    process, address = start(home / "data", config=home / "mkdocs.yml")
    with closing(browser.new_context(extra_http_headers={"Sec-Fetch-Site": "same-origin"})) as sam:
        assert insisting(lambda: sam.request.post(f"{address}sign-in/", form={"handle": "sam"})).ok
        for section, exact in PASSAGES.items():
            form = {"section": section, "exact": exact, "kind": "question", "body": f"About {section}"}
            assert insisting(lambda form=form: sam.request.post(f"{address}talk/calls/", form=form)).ok  # type: ignore[misc]
    _write(home, AFTER, f"\n## At the stand\n\n{FAIR}\n", to=address)
    stop(process)
    return home


@pytest.fixture
def server(rewritten: Path, tmp_path: Path) -> Iterator[str]:
    """The address of a server on it, of this test's own."""
    shutil.copytree(rewritten / "data", tmp_path / "data", symlinks=True)
    process, address = start(tmp_path / "data", config=rewritten / "mkdocs.yml")
    yield address
    stop(process)


@pytest.fixture
def as_(visit: Visit, server: str) -> As:
    return coming(visit, server, "calls/")


def test_a_conversation_goes_along_and_a_lost_one_is_put_in_its_place_in_two_clicks(as_: As, server: str) -> None:
    mia = as_("mia")
    expect(mia.locator(".kb-talk", has_text="About faxes")).to_contain_text("is gone")
    expect(mia.get_by_role("link", name="Choose the passage")).to_have_count(0)  # who has no say is not asked

    page = as_("sam")
    changed = page.locator(".kb-talk", has_text="About when")
    expect(changed).to_contain_text("2 words changed")
    expect(changed.locator("ins")).to_have_text(["two", "days"])
    lost = page.locator(".kb-talk", has_text="About faxes")
    expect(lost).to_contain_text("The text this was about is gone")
    expect(lost).to_contain_text("Its section “Faxes” was removed")
    expect(page.locator(".kb-talk", has_text="About fairs")).to_have_count(0)
    assert flaws(page) == []

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


def test_without_a_script_it_is_put_in_its_place_by_its_words(as_: As) -> None:
    page = as_("sam", "talk/calls/", java_script_enabled=False, width=360)
    lost = page.locator(".kb-talk", has_text="About faxes")
    lost.get_by_role("link", name="Choose the passage").click()
    page.get_by_label("In which section?").select_option("When")
    page.get_by_label("The words, as they stand there").fill("writes three lines about it")
    page.get_by_role("button", name="Attach here").click()
    expect(page.locator(".kb-quote")).to_have_text("writes three lines about it")
