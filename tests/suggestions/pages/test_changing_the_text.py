"""Changing the text itself, over HTTP and without scripts: from a section to a suggestion that shows what changes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from html import unescape
from pathlib import Path
from urllib.parse import urlsplit

import html5lib
import pytest
from by_hand import page
from flask import Flask
from stores import on_alone
from suggesting_pages import value
from talking import Person

from kb_server.pages.manifest import Page, Section

CORPORA = Path(__file__).parents[4] / "shared" / "corpora"
EVERY = 400  # strings of a list one is tried
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
    assert "It reads as it did before" in sam.post("/suggestions/change/", **begun(sam)).text


@pytest.mark.usefixtures("published")
def test_what_is_refused_comes_back_with_the_sentence_and_every_word(sam: Person) -> None:
    fields = begun(sam) | {"body": "Nobody knows it"}
    fields["text-0"] = WHEN + "\n\n<script>alert(1)</script>"
    refused = sam.post("/suggestions/change/", **fields)
    assert refused.status_code == 422
    assert "Line 8: “&lt;script&gt;” is HTML" in refused.text
    assert "<script>alert" not in refused.text
    assert {name: form(refused.text)[name] for name in ("text-0", "body")} == {
        "text-0": fields["text-0"],
        "body": "Nobody knows it",
    }
    many = sam.post("/suggestions/change/", **fields | {"text-0": WHEN + "\n" + "long " * 20_000})
    assert many.status_code == 422
    assert "more than 60 kilobytes" in many.text


@on_alone("sqlite")
def test_long_texts_are_taken_and_too_long_ones_said_to_be_before_anybody_types(
    sam: Person, app: Flask, publish: Callable[..., str]
) -> None:
    home, handing, _ = wiki("## When\n\n" + "слово " * 4_500)
    long = Section("", "Other", 1, "x", "x" * 60_001, (1, 1), "1:1")
    parts = tuple(replace(handing.sections[1], anchor=f"w{at}") for at in range(9))
    publish(home, replace(handing, sections=parts), replace(page("other"), sections=(long,)))
    app.extensions["kb"].site.look()
    fields = begun(sam, "w0")
    for at in range(1, 5):
        shown = sam.post("/suggestions/change/", **fields, add="1", address=f"/p/handing/w{at}/")
        assert shown.status_code == 200, shown.text[:900]
        fields = form(shown.text)
    fields |= {f"text-{at}": fields[f"text-{at}"] + " и" for at in range(5)} | {"to_team": "marketing"}
    assert sam.post("/suggestions/change/", **fields).status_code == 303, "it is 700 kB as a form"
    seven = fields | {f"text-{at}": fields["text-0"] for at in range(7)}
    assert "more than 300 kilobytes" in sam.post("/suggestions/change/", **seven).text
    assert "more than 60 kilobytes" in sam.get("/suggestions/change/?page=other&section=").text


@pytest.mark.usefixtures("published")
def test_only_what_stands_in_a_file_can_be_changed_and_nobody_ends_nowhere(sam: Person) -> None:
    assert "Made by a program" not in sam.get("/suggestions/change/?page=handing").text
    asked = sam.get("/suggestions/change/?page=handing&section=made&body=Old").text
    assert "Say in words what should change" in asked
    assert "section=when&amp;body=Old" in asked
    assert sam.get("/suggestions/change/?page=none&section=when").status_code == 404
    forged = sam.post("/suggestions/change/", **begun(sam) | {"section-0": "made", "text-0": "Mine"})
    assert forged.status_code == 422


def test_a_section_that_was_changed_meanwhile_is_shown_and_the_text_kept(
    sam: Person, app: Flask, publish: Callable[..., str], published: str
) -> None:
    fields = begun(sam)
    fields["text-0"] = WHEN.replace("soon", "at noon")
    publish(*wiki(WHEN.replace("soon", "in the morning")))
    app.extensions["kb"].site.look()
    again = sam.post("/suggestions/change/", **fields)
    assert again.status_code == 409
    assert "has changed since you began" in again.text
    assert "in the morning" in again.text
    assert form(again.text)["text-0"] == fields["text-0"]
    assert sam.post("/suggestions/change/", **form(again.text) | {"to_team": "marketing"}).status_code == 303
    assert published


@pytest.mark.usefixtures("published")
def test_what_is_typed_before_signing_in_is_there_afterwards(somebody: Callable[..., Person], sam: Person) -> None:
    guest = somebody()
    fields = begun(sam) | {"body": "A case", "text-0": WHEN + "\n\n" + "Many words. " * 2_000}
    asked = guest.post("/suggestions/change/", **fields)
    assert asked.status_code == 401
    back = unescape(re.findall(r"sign-in/\?to=([^\"]+)", asked.text)[0]).replace("%2F", "/")
    assert guest.post("/sign-in/", handle="sam").status_code == 303
    kept = form(guest.get(back).text)
    assert (kept["text-0"], kept["body"]) == (fields["text-0"], "A case")
    assert guest.post("/suggestions/change/", **kept | {"to_team": "marketing"}).status_code == 303
    assert guest.get(back).status_code == 404


@pytest.mark.usefixtures("published")
def test_several_texts_go_in_one_suggestion(sam: Person, mia: Person) -> None:
    fields = begun(sam)
    fields["text-0"] = WHEN.replace("soon", "at once")
    for address in ("/p/other/", "http://localhost/handing/"):
        shown = sam.post("/suggestions/change/", **fields, add="1", address=address)
        assert shown.status_code == 200, shown.text
        fields = form(shown.text) | {"to_team": "marketing"}
    assert (fields["page-1"], fields["text-1"], fields["text-2"]) == ("other", "Another page.", "How a lead goes.")
    for address in ("/p/nowhere/", "http://[", "/p/handing/when/", "/p/handing/made/"):
        assert sam.post("/suggestions/change/", **fields, add="1", address=address).status_code == 422, address
    dropped = form(sam.post("/suggestions/change/", **fields, drop="1").text)
    assert (dropped["page-1"], dropped["text-1"]) == ("handing", "How a lead goes.")
    assert "text-2" not in dropped
    fields |= {"text-1": "Another *good* page.", "text-2": "How a lead goes.\n\nAnd comes."}
    sent = sam.post("/suggestions/change/", **fields)
    assert sent.status_code == 303, sent.text
    shown_to_mia = mia.get(sent.headers["Location"]).text
    assert "Changes 3 texts: When we hand over, Other, Handing a lead" in shown_to_mia
    assert len(re.findall(r'id="edit-\d"', shown_to_mia)) == 3
    again = sam.post("/suggestions/change/", **fields)
    assert again.headers["Location"] == sent.headers["Location"], "a form sent twice is one suggestion"
    other = sam.post("/suggestions/change/", **fields | {"text-1": "Another *fine* page."})
    assert other.headers["Location"] != sent.headers["Location"], "with another text it is another"


@pytest.mark.usefixtures("published")
def test_a_new_page_begins_with_the_questions_of_its_kind(sam: Person, mia: Person) -> None:
    assert "What is it about?" in sam.get("/suggestions/new-page/").text
    assert "a letter in it" in sam.get("/suggestions/new-page/?kind=practice&title=!!!").text
    of_nobody = form(sam.get("/suggestions/new-page/?kind=practice&title=Calling%20back").text)
    assert sam.post("/suggestions/change/", **of_nobody | {"to_team": "marketing"}).status_code == 303
    shown = sam.get("/suggestions/new-page/?kind=practice&title=Calling%20back&team=sales&team=marketing")
    fields = form(shown.text) | {"to_team": "marketing"}
    assert "How we know that it works" in fields["text-0"]
    sent = sam.post("/suggestions/change/", **fields)
    assert sent.status_code == 303, sent.text
    page_of = mia.get(sent.headers["Location"]).text
    assert "A page that should be there: <bdi>Calling back</bdi>" in page_of
    assert sam.post("/suggestions/change/", **fields | {"name-0": "Handing"}).status_code == 422, "there is one"
    assert sam.post("/suggestions/change/", **fields | {"kind-0": "../.."}).status_code == 422
    assert sam.post("/suggestions/change/", **fields | {"teams-0": "no-team"}).status_code == 422


@pytest.mark.usefixtures("published")
def test_ones_own_text_is_changed_while_it_waits_and_the_one_before_is_kept(sam: Person, mia: Person) -> None:
    fields = begun(sam)
    fields["text-0"] = WHEN.replace("soon", "at once")
    place = sam.post("/suggestions/change/", **fields).headers["Location"]
    assert mia.get(f"{place}change/").status_code == 403
    assert mia.post(f"{place}change/", **fields).status_code == 403
    own = form(sam.get(f"{place}change/").text)
    assert own["text-0"] == fields["text-0"]
    own["text-0"] = WHEN.replace("soon", "within an hour")
    assert sam.post(f"{place}change/", **own).status_code == 303
    stale = sam.post(f"{place}change/", **own | {"text-0": WHEN.replace("soon", "never")})
    assert stale.status_code == 409
    assert form(stale.text)["version"] == "2"
    shown = mia.get(place).text
    assert "within an hour" in shown
    assert "Suggested before" in shown
    assert "at once" in shown
    mia.post(place, act="decline", body="No.", version="2")
    assert sam.post(f"{place}change/", **own | {"version": "3"}).status_code == 409


@pytest.mark.usefixtures("published")
def test_an_idea_leads_on_to_the_text_and_its_words_become_the_reason(sam: Person) -> None:
    assert "suggestions/change/?page=handing" in sam.get("/talk/handing/part/", **{"KB-Part": "1"}).text
    assert "suggestions/change/?page=handing" in sam.get("/suggestions/new/?page=handing&section=when").text
    change = "/suggestions/change/?page=handing"
    shown = form(sam.post(change, section="when", body="Say when").text)
    assert (shown["text-0"], shown["body"]) == (WHEN, "Say when")
    led = sam.post(change, headers={"KB-Part": "1"}, section="when", body="Say when")
    assert led.status_code == 204
    kept = form(sam.get(led.headers["KB-At"]).text)
    assert (kept["text-0"], kept["body"], kept["section-0"]) == (WHEN, "Say when", "when")


def assert_harmless(html: str) -> None:
    """By another parser: no element, attribute or scheme by which what somebody typed would do anything."""
    for element in html5lib.parse(html, namespaceHTMLElements=False).iter():
        assert element.tag not in {"script", "img", "iframe", "svg", "object", "embed", "style", "base"}, element.attrib
        for name, said in element.attrib.items():
            assert not name.startswith("on"), name
            assert name != "style"
            if name in {"href", "src", "action", "formaction"}:
                assert urlsplit(said).scheme in {"", "http", "https", "mailto"}, said


@pytest.mark.slow
@pytest.mark.skipif(not CORPORA.is_dir(), reason="THE PUBLIC LISTS OF BAD INPUT ARE NOT HERE")
@pytest.mark.usefixtures("published")
def test_nothing_hostile_runs_in_form_preview_or_suggestion(sam: Person, mia: Person) -> None:
    attacks = (CORPORA / "xss.txt").read_text(encoding="utf-8", errors="replace").splitlines()
    attacks += json.loads((CORPORA / "naughty-strings.json").read_text(encoding="utf-8"))
    taken = 0
    for attack in attacks[::EVERY]:
        fields = begun(sam) | {"text-0": f"{WHEN}\n\n{attack}", "body": attack, "title": attack[:50]}
        answers = [sam.post("/suggestions/change/", **fields, **more) for more in ({"preview": "1"}, {})]
        for answer in answers:
            assert answer.status_code in {200, 303, 422}, attack
            assert_harmless(answer.text)
        if answers[1].status_code == 303:
            taken += 1
            assert_harmless(mia.get(answers[1].headers["Location"]).text)
    assert taken
