"""The text itself changed in a browser: from a section on a phone to words that go and words that come."""

from __future__ import annotations

import re

import pytest
from coming import As, Visit, coming
from looking import flaws
from playwright.sync_api import Page, expect

HANDING = "practices/handing-a-lead-to-sales/"
WHEN = "when-we-hand-over"


@pytest.fixture
def as_(visit: Visit, own_server: str) -> As:
    return coming(visit, own_server, "suggestions/")


def choose(page: Page, words: str) -> None:
    """Mark words in the box, as a finger would."""
    page.locator("textarea[name=text-0]").evaluate(
        "(box, words) => { const at = box.value.indexOf(words)"
        "\n box.focus(); box.setSelectionRange(at, at + words.length) }",
        words,
    )


def test_from_a_section_on_a_phone_to_the_words_that_change(as_: As) -> None:
    nia = as_("nia", HANDING, width=360)
    nia.locator(f"[data-kb-ask='{WHEN}']").first.click()
    expect(nia.locator("dialog[open]")).to_be_visible()
    nia.keyboard.type("The desk takes two days by now")
    nia.locator("dialog[open]").get_by_role("button", name="Change the text").click()
    nia.wait_for_url("**/suggestions/change/**")
    box = nia.locator("textarea[name=text-0]")
    expect(nia.get_by_label("Why?")).to_have_value("The desk takes two days by now")
    choose(nia, "one working day")
    nia.keyboard.type("two working days")
    choose(nia, "two working days")
    nia.get_by_role("button", name="Bold").click()
    bold = re.compile(r"\*\*two working days\*\*")
    expect(box).to_have_value(bold)
    nia.keyboard.press("Control+z")
    expect(box, "what a button does can be undone").not_to_have_value(bold)
    nia.get_by_role("button", name="Bold").click()
    nia.get_by_role("button", name="Bold").click()
    expect(box, "a second time takes it away").not_to_have_value(re.compile(r"\*\*"))
    nia.reload()
    expect(box, "what is typed stays in the tab").to_have_value(re.compile("two working days"))
    assert flaws(nia) == []
    nia.get_by_role("button", name="Preview").click()
    expect(nia.locator(".kb-preview")).to_contain_text("within two working days")
    expect(nia.locator(".kb-preview").get_by_role("link", name="marketing qualified lead")).to_have_attribute(
        "href", "/definitions/marketing-qualified-lead/"
    )
    nia.get_by_role("button", name="Suggest this text").first.click()
    nia.wait_for_url("**/s/*/")
    changed = nia.get_by_role("region", name="The text would change")
    expect(changed.locator("del")).to_have_text(["one", "day"])
    expect(changed.locator("ins")).to_have_text(["two", "days"])
    assert flaws(nia) == []

    lee = as_("lee", "waiting/")
    card = lee.get_by_role("article", name="The desk takes two days by now")
    expect(card.locator("ins").first).to_be_visible()


def test_without_scripts_a_list_and_another_section_go_along(as_: As) -> None:
    sam = as_("sam", f"suggestions/change/?page=handing-a-lead-to-sales&section={WHEN}", java_script_enabled=False)
    expect(sam.locator(".kb-toolbar")).to_have_count(0)
    box = sam.locator("textarea[name=text-0]")
    box.fill(box.input_value() + "\n\n- By phone\n- In their own words")
    sam.locator("summary", has_text="Add another section").click()
    sam.get_by_label("Of the same page").select_option(label="When not")
    sam.get_by_role("button", name="Add", exact=True).click()
    more = sam.locator("textarea[name=text-1]")
    more.fill(more.input_value() + "\n- Nobody asked.")
    sam.get_by_role("button", name="Suggest this text").click()
    expect(sam.get_by_role("heading", level=1)).to_contain_text("Changes 2 texts")
    expect(sam.get_by_role("region", name="The text would change")).to_have_count(2)
    expect(sam.locator("ins").filter(has_text="In their own words")).to_be_visible()
