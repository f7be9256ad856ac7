"""People say what they think on a page and are heard: by phone, by keyboard, without JavaScript, before signing in."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from coming import As, Visit, coming, insisting
from looking import flaws, found_by_axe, sticks_out
from playwright.sync_api import Locator, Page, Route, expect

from kb_server.words import day_of
from kb_server.writing.dues import said as told

HANDING = "practices/handing-a-lead-to-sales/"
WHEN = "when-we-hand-over"


@pytest.fixture
def as_(visit: Visit, own_server: str) -> As:
    return coming(visit, own_server, HANDING)


def feedback(page: Page, section: str = WHEN) -> Page:
    """Press the button at a heading; the dialog is open."""
    page.locator(f"[data-kb-ask='{section}']").first.click()
    expect(page.get_by_role("dialog", name="What should we know?")).to_be_visible()
    return page


def sheet(page: Page) -> Locator:
    """The open dialog; the theme's search is one, too."""
    return page.locator("dialog[open]")


def say(page: Page, text: str, kind: str = "Question", section: str = WHEN) -> None:
    """Say something in the dialog, and see it on the page."""
    feedback(page, section)
    page.keyboard.type(text)
    page.get_by_label(kind, exact=True).check()
    sheet(page).get_by_role("button", name="Send").click()
    expect(page.locator(".kb-comment", has_text=text)).to_be_visible()


def test_feedback_from_a_phone_takes_three_clicks_and_is_answered(as_: As) -> None:
    # On a page that no other journey talks about, for what was said there is counted.
    sam = feedback(as_("sam", "practices/contacts-from-events/", width=360), "at-the-stand")
    sam.keyboard.type("Does a call-back on the pineapple form count?")
    sam.get_by_label("Question", exact=True).check()
    sam.get_by_role("button", name="Send").click()
    said = sam.locator(".kb-talk", has_text="pineapple")
    expect(said).to_contain_text("Question")
    expect(said).to_contain_text("At the stand")
    expect(sam.locator("[data-kb-ask='at-the-stand'] .kb-count")).to_have_text("1")

    mia = as_("mia", "search/?query=pineapple")
    mia.locator(".kb-hit a").first.click()
    mia.locator("summary", has_text="Reply").click()
    mia.get_by_label("Your answer").fill("Yes, it does.")
    mia.get_by_role("button", name="Send").click()
    expect(mia.locator(".kb-comment--answer")).to_contain_text("Marketing’s answer")

    sam.reload()
    expect(sam.locator(".kb-talk", has_text="pineapple")).to_contain_text("Yes, it does.")


def test_everything_can_be_said_without_javascript(as_: As) -> None:
    sam = as_("sam", java_script_enabled=False)
    sam.get_by_role("link", name="Feedback on What goes with it").click()
    expect(sam.get_by_text("About What goes with it")).to_be_visible()
    sam.get_by_label("Your feedback").fill("A note of five **lines** at most?")
    sam.get_by_label("Wrong", exact=True).check(force=True)
    sam.get_by_role("button", name="Preview").click()
    expect(sam.locator(".kb-preview strong")).to_have_text("lines")
    sam.get_by_role("button", name="Send").click()
    expect(sam.get_by_role("heading", level=1)).to_have_text("A note of five lines at most?")
    sam.locator("summary", has_text="Settle it").click()
    sam.get_by_label("How was it settled?").fill("Five it is")
    sam.get_by_role("button", name="Settle it").click()
    expect(sam.get_by_text("Settled by Sam: Five it is")).to_be_visible()
    sam.get_by_role("button", name="Reopen").click()
    expect(sam.get_by_text("Settled by")).to_have_count(0)


def test_what_is_typed_before_signing_in_is_there_afterwards(as_: As, visit: Visit) -> None:
    guest = feedback(as_(""), "why-we-do-it-this-way")
    guest.keyboard.type("A thought I had on the train")
    guest.get_by_label("Question", exact=True).check()
    guest.get_by_role("button", name="Send").click()
    guest.locator("button[value=nia]").click()
    box = sheet(guest).get_by_label("Your feedback")
    expect(box).to_have_value("A thought I had on the train")
    guest.get_by_label("Question", exact=True).check()
    sheet(guest).get_by_role("button", name="Send").click()
    expect(guest.locator(".kb-talk", has_text="on the train")).to_contain_text("Why we do it this way")
    visit.complaints.clear()  # type: ignore[attr-defined]  # the browser itself reports the 401


def test_without_javascript_too(as_: As, visit: Visit) -> None:
    guest = as_("", "talk/handing-a-lead-to-sales/?section=when-not", java_script_enabled=False)
    guest.get_by_label("Your feedback").fill("A thought I had on the bus")
    guest.get_by_label("Wrong", exact=True).check(force=True)
    guest.get_by_role("button", name="Send").click()
    guest.get_by_role("link", name="Sign in and go on").click()
    guest.locator("button[value=tom]").click()
    expect(guest.get_by_label("Your feedback")).to_have_value("A thought I had on the bus")
    guest.get_by_role("button", name="Send").click()
    expect(guest.locator(".kb-talk", has_text="on the bus")).to_contain_text("When not")
    visit.complaints.clear()  # type: ignore[attr-defined]  # the browser itself reports the 401


def select(page: Page, words: str) -> None:
    """Select words of the page, as with a mouse."""
    page.evaluate(
        """words => {
            const walk = document.createTreeWalker(document.querySelector("article"), NodeFilter.SHOW_TEXT)
            for (let node = walk.nextNode(); node; node = walk.nextNode()) {
                const at = node.data.indexOf(words)
                if (at >= 0) return getSelection().setBaseAndExtent(node, at, node, at + words.length)
            }
        }""",
        words,
    )


def test_a_passage_is_selected_talked_about_and_marked(as_: As) -> None:
    sam = as_("sam", "practices/demo-requests/")  # where no other journey talks about a passage
    expect(sam.locator("#conversations")).to_be_visible()
    select(sam, "It takes two minutes")
    sam.get_by_role("button", name="Feedback", exact=True).click()
    expect(sheet(sam).locator("blockquote")).to_have_text("It takes two minutes")
    sam.keyboard.type("By whose clock?")
    sam.get_by_label("Question", exact=True).check()
    sheet(sam).get_by_role("button", name="Send").click()
    marker = sam.get_by_role("link", name="1 conversation about this passage")
    expect(marker).to_be_visible()
    assert sam.evaluate("[...CSS.highlights.get('kb-passage')].map(String)") == ["It takes two minutes"]
    marker.click()
    expect(sam.locator(".kb-talk:target")).to_contain_text("By whose clock?")


SHIFTS = """
    window.shifts = []
    new PerformanceObserver(list => shifts.push(...list.getEntries())).observe({ type: "layout-shift", buffered: true })
"""
OURS = "kb-talk, kb-talk *, kb-helpful *, a.kb-passage, .kb-count"  # what comes; nothing else may notice
ABOVE = """(one => { const talk = document.querySelector("kb-talk")
    return !one.contains(talk) && Boolean(one.compareDocumentPosition(talk) & Node.DOCUMENT_POSITION_FOLLOWING) })"""
PLACES = f"""[...document.querySelectorAll("article *:not({OURS})")].filter({ABOVE}).map(one => {{
    const {{ left, top, width, height }} = one.getBoundingClientRect()
    return [one.localName, left, top + scrollY, width, height].join(" ")
}})"""
QUOTED = f"""fetch("../../talk/handing-a-lead-to-sales/", {{ method: "POST", body: new URLSearchParams({{
    body: "Is this still so?", kind: "question", section: "{WHEN}", exact: "within one working day" }}) }})"""


@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_above_the_conversations_moves_when_they_come(width: int, as_: As) -> None:
    page = as_("sam", width=width)
    page.evaluate(QUOTED)
    held: list[Route] = []
    page.route("**/part/", lambda route: held.append(route))  # noqa: PLW0108  -- Playwright writes on it
    page.add_init_script(SHIFTS)
    with page.expect_request("**/part/"):
        page.reload()
    page.locator("kb-talk").scroll_into_view_if_needed()  # on the screen, with much of the page above it
    page.wait_for_load_state("load")
    before, shifted = page.evaluate(PLACES), page.evaluate("shifts.length")
    assert len(before) > 90
    held.pop().continue_()
    expect(page.locator(".kb-comment").first).to_be_visible()
    expect(page.locator("a.kb-passage")).not_to_have_count(0)
    expect(page.locator(".kb-heading .kb-count").first).to_be_attached()
    assert page.evaluate(PLACES) == before
    above = (
        f"shifts.slice({shifted}).flatMap(one => one.sources).map(one => one.node).filter(one => one && {ABOVE}(one))"
    )
    assert page.evaluate(f"{above}.map(one => one.outerHTML ?? one.data)") == []


def test_the_keyboard_opens_the_dialog_stays_in_it_and_comes_back(as_: As) -> None:
    page = as_("sam")
    expect(page.locator("#conversations")).to_be_visible()
    ask = page.locator(f"[data-kb-ask='{WHEN}']")
    ask.focus()
    page.keyboard.press("Enter")
    box = sheet(page).get_by_label("Your feedback")
    expect(box).to_be_focused()
    page.keyboard.type("Half a thought")
    for _ in range(9):
        page.keyboard.press("Tab")
        assert page.evaluate("!!document.activeElement.closest('dialog') || document.activeElement === document.body")
    page.keyboard.press("Escape")
    expect(sheet(page)).to_have_count(0)
    expect(ask).to_be_focused()
    page.keyboard.press("Enter")
    expect(box).to_have_value("Half a thought")


def test_of_two_who_edit_at_once_the_second_is_shown_both_texts(as_: As, visit: Visit) -> None:
    one = as_("lee")
    say(one, "Three days are too long.", "Wrong", "when-not")
    other = as_("lee")
    for page in (one, other):
        page.locator(".kb-comment", has_text="Three days").get_by_role("link", name="Change").click()
        expect(sheet(page)).to_be_visible()
    sheet(one).get_by_label("Your text").fill("Two days are too long.")
    one.get_by_role("button", name="Save").click()
    expect(one.locator(".kb-comment", has_text="Two days")).to_contain_text("edited")
    sheet(other).get_by_label("Your text").fill("Four days are too long.")
    other.get_by_role("button", name="Save").click()
    alert = other.get_by_role("alert")
    expect(alert).to_contain_text("What it says now")
    assert alert.get_by_text("Two days are too long.").evaluate("one => one.offsetWidth") > 200
    expect(sheet(other).get_by_label("Your text")).to_have_value("Four days are too long.")
    other.get_by_role("button", name="Save").click()
    expect(other.locator(".kb-comment", has_text="Four days")).to_be_visible()
    visit.complaints.clear()  # type: ignore[attr-defined]  # the browser itself reports the 409


def test_one_instance_lives_on_after_many_instant_navigations(as_: As) -> None:
    page = as_("sam")
    expect(page.locator("#conversations")).to_be_visible()
    page.locator(".md-nav__link", has_text="First call").first.click()
    page.wait_for_url("**/first-call/")
    expect(page.locator("#conversations")).to_have_count(1)
    expect(page.locator("kb-talk")).to_have_count(1)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing_in_conversations(width: int, scheme: str, as_: As) -> None:
    page = as_("mia", width=width, scheme=scheme)
    say(page, f"Seen at {width} in {scheme}", "Wrong", "the-way-it-goes")
    page.locator("summary", has_text="Reply").first.click()
    assert flaws(page) == []
    feedback(page)
    assert found_by_axe(page) == []
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Change").first.click()
    expect(sheet(page)).to_be_visible()
    assert found_by_axe(page) == []
    page.goto(re.sub("practices/(.*)", r"talk/\1", page.url.split("#")[0]))
    assert flaws(page) == []


def test_without_a_server_the_page_says_so_and_loses_nothing(as_: As, visit: Visit) -> None:
    page = as_("sam")
    expect(page.locator("#conversations")).to_be_visible()
    feedback(page, "when-not")
    page.keyboard.type("Said into the void")
    page.get_by_label("Wrong", exact=True).check()
    page.route("**/talk/**", lambda route: route.abort())
    sheet(page).get_by_role("button", name="Send").click()
    expect(page.get_by_role("alert")).to_contain_text("Your text is kept")
    page.reload()
    expect(page.get_by_text("Conversations cannot be reached just now")).to_be_visible()
    page.unroute("**/talk/**")
    page.reload()
    feedback(page, "when-not")
    expect(sheet(page).get_by_label("Your feedback")).to_have_value("Said into the void")
    visit.complaints.clear()  # type: ignore[attr-defined]  # the browser itself reports what was not reached


def test_what_should_not_stand_there_is_flagged_hidden_and_gone(as_: As) -> None:
    sam = as_("sam")
    say(sam, "Something rude about pelicans", "Wrong", "when-not")
    mia = as_("mia")
    mia.locator(".kb-comment", has_text="pelicans").get_by_role("link", name="More").click()
    sheet(mia).get_by_label("Should this not stand here?").fill("Rude")
    sheet(mia).get_by_role("button", name="Tell the liaison").click()
    expect(sheet(mia)).to_have_count(0)
    ada = as_("ada", "moderation/", width=360)
    assert flaws(ada) == []
    button = ada.get_by_role("button", name="Let it stand").first
    assert button.evaluate(
        "one => one.getBoundingClientRect().right < one.closest('.kb-panel').getBoundingClientRect().right"
    )
    lee = as_("lee")
    lee.locator(".kb-comment", has_text="pelicans").get_by_role("link", name="More").click()
    assert sheet(lee).locator(".kb-comment__text").evaluate("one => one.offsetWidth") > 300
    sheet(lee).get_by_role("button", name="Hide it").click()
    expect(lee.locator(".kb-talk", has_text="pelicans")).to_have_count(0)
    ada = as_("ada", "moderation/")
    expect(ada.get_by_text("Hidden", exact=True)).to_be_visible()


def helpful(page: Page) -> Locator:
    """Read down to the question, and have what the server knows of it: until that is there, nothing is settled."""
    asked = page.locator("kb-helpful")
    asked.scroll_into_view_if_needed()
    expect(asked.get_by_role("status")).to_be_attached()
    return asked


def test_somebody_says_that_a_page_was_not_quite_helpful_and_why(as_: As) -> None:
    sam = as_("sam", "practices/first-call/", width=360)
    asked = helpful(sam)
    asked.get_by_role("button", name="Not quite").click()
    expect(asked.get_by_label("What was missing?")).to_be_focused()
    asked.get_by_label("What was missing?").fill("An example")
    asked.get_by_role("button", name="Send").click()
    expect(asked).to_contain_text("0 of 1 said yes to this version")
    assert found_by_axe(sam) == []
    lee = as_("ada", "helpful/first-call/", java_script_enabled=False)
    expect(lee.get_by_text("An example")).to_be_visible()
    expect(lee.get_by_text("0 of 1", exact=True)).to_be_visible()


def test_what_was_missing_is_not_lost_when_the_session_has_ended(as_: As, visit: Visit) -> None:
    nia = as_("nia", "practices/pricing-questions/")
    asked = helpful(nia)
    asked.get_by_role("button", name="Not quite").click()
    asked.get_by_label("What was missing?").fill("A price")
    nia.context.clear_cookies()
    asked.get_by_role("button", name="Send").click()
    nia.locator("button[value=nia]").click()
    asked.scroll_into_view_if_needed()
    expect(asked.get_by_label("What was missing?")).to_have_value("A price")
    asked.get_by_role("button", name="Send").click()
    expect(asked.get_by_role("status")).to_contain_text("Thank you")
    nia.reload()
    asked.scroll_into_view_if_needed()
    expect(asked.get_by_label("What was missing?")).to_have_value("A price")
    visit.complaints.clear()  # type: ignore[attr-defined]  # the browser itself reports the 401


HARMFUL = ".md-content :is(script, iframe, img, svg:not(.kb-icon), style, object, input[autofocus])"
CORPORA = Path(__file__).parents[3] / "shared" / "corpora"
AT_ONCE = 30  # strings of a list in one comment


@pytest.mark.skipif(not CORPORA.is_dir(), reason="THE PUBLIC LISTS OF BAD INPUT ARE NOT HERE")
def test_nothing_on_the_public_lists_runs_leaves_or_breaks_the_page(as_: As, own_server: str) -> None:
    strings = (CORPORA / "xss.txt").read_text(encoding="utf-8", errors="replace").splitlines()
    strings += json.loads((CORPORA / "naughty-strings.json").read_text(encoding="utf-8"))
    strings = [
        re.sub(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]", "", one) for one in strings if one.strip()
    ]
    page = as_("otto", "metrics/sales-by-source/")
    ran: list[str] = []
    page.on("dialog", lambda dialog: (ran.append(dialog.message), dialog.dismiss()))
    headers = {"Origin": own_server.rstrip("/"), "KB-Part": "1"}

    def post(path: str, **form: str) -> str:
        sent = insisting(lambda: page.request.post(own_server + path, form=form, headers=headers))
        assert sent.status in {204, 200}, sent.text()
        return sent.headers.get("kb-at", "").lstrip("/").partition("#")[0]

    thread = post("talk/sales-by-lead-source/", body="Bad strings", kind="question")
    for at in range(0, len(strings), AT_ONCE):
        some = strings[at : at + AT_ONCE]
        links = [f"[{one}]({one})" for one in some[:10]]
        post(thread, body=("\n\n".join([*some, *links]).encode()[:10_000]).decode(errors="ignore"))
    for one in strings[::400]:
        post(f"{post('talk/sales-by-lead-source/', body=one, kind='wrong')}settle/", reason=one[:300] or "-")
    post("helpful/sales-by-lead-source/", answer="no", reason=strings[0])
    url: str | None = thread
    while url:
        page.goto(own_server + url)
        assert sticks_out(page) == []
        expect(page.locator(HARMFUL)).to_have_count(0)
        following = page.get_by_role("link", name="Go on reading")
        url = (following.get_attribute("href") or "").lstrip("/") if following.count() else None
    for path in (
        "talk/sales-by-lead-source/",
        "metrics/sales-by-source/",
        "search/?query=alert+onerror",
        "helpful/sales-by-lead-source/",
    ):
        page.goto(own_server + path, wait_until="networkidle")
        assert sticks_out(page) == []
    assert ran == []


@pytest.mark.parametrize(
    ("name", "stamp", "said"),
    [("kb-when", "2024-03-14T16:05:00Z", "14 March 2024"), ("kb-due", "2024-03-03T14:00:00Z", "3 March, 14:00")],
)
def test_a_day_is_written_by_scripts_as_it_is_without_them(
    visit: Visit, own_server: str, name: str, stamp: str, said: str
) -> None:
    page = visit(own_server, timezone_id="UTC", locale="en-US")
    written = page.evaluate(
        """([name, stamp]) => {
            const one = document.createElement(name)
            one.innerHTML = `<time datetime="${stamp}"></time>`
            document.body.append(one)
            return one.textContent
        }""",
        [name, stamp],
    )
    assert written == said
    assert said in {day_of(stamp), told(ZoneInfo("UTC"), datetime.fromisoformat(stamp), datetime.now(UTC))}
