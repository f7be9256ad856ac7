"""Changing the text itself, over HTTP and without scripts: from a section to a suggestion that shows what changes."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

import pytest
from by_hand import page
from suggesting_pages import value
from talking import Person

from kb_server.pages.manifest import Page, Section

WHEN = "## When we hand over\n\nSales calls back soon. See [the desk](desk.md).\n\n- first\n- second"
MADE = Section("made", "Made by a program", 2, "A list.", "", None, "1:3")


def wiki(when: str = WHEN) -> tuple[Page, ...]:
    """A wiki with a page of Sales and Marketing, of which one section is made by a program."""
    home = Page(
        "home", "page", "", "Home", "docs/index.md", sections=(Section("", "Home", 1, "Hi", "Hi", (1, 1), "1:0"),)
    )
    sections = (
        Section("", "Handing a lead", 1, "How a lead goes.", "How a lead goes.", (6, 6), "1:1"),
        Section("when", "When we hand over", 2, "Sales calls back soon.", when, (8, 13), "1:2"),
        MADE,
    )
    handing = Page(
        "handing",
        "practice",
        "handing/",
        "Handing a lead",
        "docs/practices/handing.md",
        sections=sections,
        teams=("marketing", "sales"),
        meta={"owner": "lee"},
    )
    return home, handing, page("other", "Another page.", title="Other")


@pytest.fixture
def published(publish: Callable[..., str]) -> str:
    return publish(*wiki())


def form(html: str) -> dict[str, str]:
    """What a form holds, as a browser would send it."""
    fields = {name: value(html, name) for name in re.findall(r'<input type="hidden" name="([^"]+)"', html)}
    for name, text in re.findall(r'<textarea[^>]* name="([^"]+)"[^>]*>\n?(.*?)</textarea>', html, re.DOTALL):
        fields[name] = unescape(text)
    return fields


def begun(person: Person, section: str = "when") -> dict[str, str]:
    """The form with the text of a section in it."""
    shown = person.get(f"/suggestions/change/?page=handing&section={section}")
    assert shown.status_code == 200, shown.text
    return form(shown.text) | {"to_team": "marketing", "from_team": "sales", "title": ""}


@pytest.mark.usefixtures("published")
def test_the_text_of_a_section_is_changed_looked_at_and_suggested(sam: Person, mia: Person) -> None:
    fields = begun(sam)
    assert fields["text-0"] == WHEN
    fields["text-0"] = WHEN.replace("soon", "within **one** day")
    seen = sam.post("/suggestions/change/", **fields, preview="1")
    assert seen.status_code == 200
    assert "within <strong>one</strong> day" in seen.text
    assert "may look different on the page" in seen.text
    assert form(seen.text)["text-0"] == fields["text-0"]
    sent = sam.post("/suggestions/change/", **fields)
    assert sent.status_code == 303, sent.text
    shown = mia.get(sent.headers["Location"]).text
    assert "Changes the text of “When we hand over”" in shown
    assert re.search(r"Sales calls back <del>soon</del><ins>within one day</ins>\.", shown)
    assert "Nothing is changed" in sam.post("/suggestions/change/", **begun(sam)).text
