"""Two teams see a definition differently: they sort ten leads, talk about three, and agree to one wording."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from coming import As, Visit, coming, press
from looking import found_by_axe, sticks_out
from playwright.sync_api import Page, expect
from processes import publish, start, stop

PROSPECT = "definitions/sales-ready-prospect/"
OWN = {
    "sam": "A prospect who has told us a budget and the date by which they decide, and who has a say in the purchase.",
    "mia": "A prospect who fits our profile, came back to us twice in 30 days, and who has a say in the purchase.",
}
READY = {"sam": "ADEFG", "mia": "ACDEGJ"}
WHY = {
    "sam": {"C": "No budget", "F": "Budget and date", "J": "No date"},
    "mia": {"C": "Came back twice", "F": "One contact only", "J": "Two webinars"},
}
ONE = "Somebody who has a say in the purchase, and named a budget or came back to us twice in 30 days."


@pytest.fixture
def data(built: Path, tmp_path: Path) -> Path:
    """A store of our own: what is said here, nobody else shall find."""
    shutil.copytree(built, tmp_path / "data")
    return tmp_path / "data"


@pytest.fixture
def server(data: Path) -> Iterator[str]:
    process, address = start(data)
    yield address
    stop(process)


@pytest.fixture
def as_(visit: Visit, server: str) -> As:
    return coming(visit, server, PROSPECT)


def says_otherwise(page: Page, text: str) -> None:
    page.goto(page.url.partition("definitions/")[0] + "d/sales-ready-prospect/")
    page.get_by_label("The text we would rather have").fill(text)
    press(page.get_by_role("button", name="Not yet", exact=True))


def sorts(page: Page, handle: str) -> None:
    """All ten in one form, by a thumb."""
    page.get_by_role("link", name="Sort the cases").click()
    for name in "ABCDEFGHIJ":
        lead = page.get_by_role("group", name=f"Lead {name}, sample")
        lead.get_by_label("Ready" if name in READY[handle] else "Not ready", exact=True).check(force=True)
        if why := WHY[handle].get(name):
            lead.get_by_label("Because").fill(why)
    page.get_by_role("button", name="Say so for").click()
    expect(page.locator("#kb-tally")).to_be_visible()


@pytest.mark.slow
def test_seen_differently_then_seven_of_ten_then_agreed(as_: As, server: str, data: Path, tmp_path: Path) -> None:
    sam = as_("sam", java_script_enabled=False)
    says_otherwise(sam, OWN["sam"])
    mia = as_("mia", width=360)
    says_otherwise(mia, OWN["mia"])
    mia.goto(server + PROSPECT)
    expect(mia.locator(".kb-state").first).to_have_text("The teams see it differently")
    expect(mia.locator(".kb-own.kb-hue-plum").filter(has_text="twice in 30 days")).to_be_visible()

    sam.goto(server + PROSPECT)
    sorts(sam, "sam")
    mia.goto(server + PROSPECT)
    expect(mia.locator("#kb-tally")).to_contain_text("Sales has sorted all 10")
    expect(mia.locator("body")).not_to_contain_text("Budget and date")
    sorts(mia, "mia")

    mia.goto(server + PROSPECT)
    expect(mia.locator(".kb-tally__figure")).to_have_text("7 of 10")
    expect(mia.get_by_role("heading", name="You agree on most. Talk about these 3")).to_be_visible()
    expect(mia.locator(".kb-cases").first.locator(".kb-title")).to_have_text(
        ["Lead C, sample", "Lead F, sample", "Lead J, sample"]
    )
    assert [*sticks_out(mia), *found_by_axe(mia, "article")] == []

    mia.get_by_role("link", name="Invite Sam to talk").click()
    expect(mia.locator("#say textarea")).to_have_value("@sam ")
    mia.goto(server + PROSPECT)
    mia.get_by_role("button", name="Propose one wording").click()
    expect(mia.locator("[name=body]")).to_have_value(re.compile(r"\*\*Sales\*\*[\s\S]*Lead C, sample. [\s\S]*Lead J"))
    expect(mia.locator("[name=title]")).to_have_value("One wording for “Sales-ready prospect”")

    reword(data, tmp_path, server)
    for page in (sam, mia):
        page.goto(server + PROSPECT)
        expect(page.locator(".kb-lead", has_text="and named a budget")).to_be_visible()
        press(page.get_by_role("button", name="Agree for"))
    expect(mia.locator(".kb-state").first).to_have_text("Agreed")
    expect(mia.locator("#kb-tally")).to_have_count(0)


def reword(data: Path, aside: Path, server: str) -> None:
    """The wording that both have found comes in by a merge."""
    root = Path(__file__).parents[2]
    wiki = aside / "wiki"
    shutil.copytree(root / "docs", wiki / "docs")
    for name in ("mkdocs.yml", "teams.yml"):
        shutil.copy(root / name, wiki / name)
    page = wiki / "docs" / f"{PROSPECT.rstrip('/')}.md"
    text = page.read_text(encoding="utf-8")
    binding = text[text.index("## Definition") : text.index("## Examples")]
    page.write_text(text.replace(binding, f"## Definition\n\n{ONE}\n\n"), encoding="utf-8")
    publish(data, wiki / "mkdocs.yml", to=server)
