"""What one team asks of another, in a browser: from a thought on a phone to done, and all that may come between."""

from __future__ import annotations

import pytest
from coming import As, Visit, become, coming, insisting
from looking import flaws
from playwright.sync_api import Locator, Page, expect

HANDING = "practices/handing-a-lead-to-sales/"
WHEN = "when-we-hand-over"


@pytest.fixture(scope="module")
def server(own_server: str) -> str:
    return own_server


@pytest.fixture
def as_(visit: Visit, server: str) -> As:
    return coming(visit, server, "suggestions/")


def sheet(page: Page) -> Locator:
    """The open dialog; the theme's search is one, too."""
    return page.locator("dialog[open]")


def idea(page: Page, text: str, section: str = WHEN) -> None:
    """Begin to say something about a section, and call it an idea: it is known to whom it goes, and what is like it."""
    page.locator(f"[data-kb-ask='{section}']").first.click()
    expect(sheet(page)).to_be_visible()
    page.keyboard.type(text)
    with page.expect_response(lambda answer: "suggestions/similar/" in answer.url):
        page.get_by_label("Idea", exact=True).check()
    expect(sheet(page).locator("kb-suggest")).to_be_attached()


def ask(page: Page, server: str, title: str, to: str = "marketing", of: str = "sales") -> str:
    """Ask for something, as a form would; gives its address."""
    form = {"body": title, "to_team": to, "from_team": of, "page": "handing-a-lead-to-sales"}
    headers = {"Origin": server.rstrip("/"), "KB-Part": "1"}
    sent = insisting(lambda: page.request.post(f"{server}suggestions/", form=form, headers=headers))
    assert sent.status == 204, sent.text()
    return sent.headers["kb-at"].lstrip("/")


def answer(page: Page, act: str, words: str = "", **fields: str) -> None:
    """Give one of the four answers."""
    box = page.locator("#answer")
    box.get_by_label(act).check(force=True)
    for label, value in fields.items():
        box.get_by_label(label.replace("_", " ")).fill(value)
    if words:
        box.get_by_label("A word to").fill(words)
    box.get_by_role("button", name="Send").click()


def state(page: Page) -> Locator:
    """How it stands, above everything else."""
    return page.locator(".kb-facts > .kb-state").first


def test_from_a_thought_on_a_phone_to_done(as_: As, server: str) -> None:
    nia = as_("nia", HANDING, width=360)
    idea(nia, "Put the call-back time where Marketing can see it")
    expect(sheet(nia).locator("[data-kb-way]")).to_contain_text("Sales")
    expect(sheet(nia).locator("[data-kb-way]")).to_contain_text("Marketing")
    expect(sheet(nia)).to_contain_text("They answer by")
    sheet(nia).get_by_role("button", name="Send the idea").click()
    nia.wait_for_url("**/s/*/")
    expect(nia.get_by_role("heading", level=1)).to_have_text("Put the call-back time where Marketing can see it")
    expect(nia.locator(".kb-facts")).to_contain_text("Answer due")
    expect(nia.get_by_role("link", name="Handing a lead to Sales: When we hand over")).to_be_visible()
    there = nia.url.removeprefix(server)

    mia = as_("mia")
    mia.get_by_role("region", name="Waiting for us").get_by_role("link", name="Put the call-back time").click()
    answer(mia, "Yes, we’ll do it", "Gladly.")
    expect(state(mia)).to_have_text("Planned")
    mia.locator("summary", has_text="It is done").click()
    mia.get_by_label("What came of it").fill("It stands on the page now.")
    mia.get_by_role("button", name="It is done").click()
    expect(state(mia)).to_have_text("Done")

    nia.goto(server + there)
    expect(nia.locator(".kb-facts")).to_contain_text("Answered in time")
    history = nia.get_by_role("region", name="What happened").get_by_role("listitem")
    expect(history).to_have_count(3)
    expect(history.nth(0)).to_contain_text("It stands on the page now.")
    expect(history.nth(2)).to_contain_text("Nia asked")


def test_not_now_says_why_and_can_be_reopened(as_: As, server: str, visit: Visit) -> None:
    sam = as_("sam")
    there = ask(sam, server, "A shorter form on the demo page")
    mia = as_("mia", there)
    answer(mia, "Not now, because")
    expect(mia.get_by_role("alert")).to_contain_text("There is nothing in it yet")
    expect(mia.get_by_label("A word to")).to_be_focused()
    answer(mia, "Not now, because", "The agency has no time before spring.")
    expect(state(mia)).to_have_text("Not now")
    sam.goto(server + there)
    expect(sam.locator(".kb-comment--answer")).to_contain_text("before spring")
    sam.locator("summary", has_text="Reopen it").click()
    sam.get_by_label("What is not solved?").fill("It is spring.")
    sam.get_by_role("button", name="Reopen it").click()
    expect(state(sam)).to_have_text("Waiting for an answer")
    visit.complaints.clear()  # type: ignore[attr-defined]  # the browser itself reports the 422


def test_what_is_typed_is_kept_with_its_answer_and_for_this_suggestion_alone(as_: As, server: str) -> None:
    sam = as_("sam")
    for title in ("Larger print on the badges", "A second desk at the fair"):
        ask(sam, server, title)
    mia = as_("mia", "suggestions/answer/?team=marketing")
    first = mia.get_by_role("heading", level=1).inner_text()
    mia.get_by_label("Not now, because").check(force=True)
    mia.get_by_label("A word to").fill("The badges are printed")
    mia.reload()
    expect(mia.get_by_label("A word to")).to_have_value("The badges are printed")
    expect(mia.get_by_label("Not now, because")).to_be_checked()
    mia.get_by_role("link", name="Skip for now").click()
    expect(mia.get_by_role("heading", level=1)).not_to_have_text(first)
    expect(mia.get_by_label("A word to")).to_have_value("")
    mia.goto(f"{server}suggestions/answer/?team=marketing")
    expect(mia.get_by_label("A word to")).to_have_value("The badges are printed")
    other = mia.context.new_page()  # two tabs do not write over each other
    other.goto(mia.url)
    other.get_by_label("A word to").fill("Not before the fair")
    for tab, words in ((mia, "The badges are printed"), (other, "Not before the fair")):
        tab.reload()
        expect(tab.get_by_label("A word to")).to_have_value(words)
    other.close()
    mia.context.clear_cookies()  # and nobody finds what another typed in this browser
    mia.goto(f"{server}sign-in/")
    become(mia, "lee")
    mia.goto(f"{server}suggestions/answer/?team=marketing")
    expect(mia.get_by_label("A word to")).to_have_value("")
    lee = as_("lee", "waiting/")
    cards = [lee.get_by_role("article", name=title) for title in ("Larger print", "A second desk")]
    cards[1].get_by_label("Need to know more").check(force=True)
    cards[1].get_by_label("A word to").fill("Beside which door?")
    lee.reload()
    expect(cards[1].get_by_label("A word to")).to_have_value("Beside which door?")
    expect(cards[1].get_by_label("Need to know more")).to_be_checked()
    expect(cards[0].locator("textarea")).to_have_value("")
    cards[1].get_by_role("button", name="Send").click()
    expect(cards[1]).to_have_count(0)


def test_more_has_to_be_known_and_the_answer_comes_back(as_: As, server: str) -> None:
    sam = as_("sam")
    there = ask(sam, server, "Fewer fields on the trade fair form")
    mia = as_("mia", there)
    answer(mia, "Need to know more", "Which fields do you never use?")
    expect(state(mia)).to_have_text("Marketing needs to know more")
    sam.goto(f"{server}suggestions/")
    card = sam.get_by_role("article", name="Fewer fields")
    expect(card).to_contain_text("Which fields do you never use?")
    expect(card).to_contain_text("Clock paused")
    sam.goto(f"{server}waiting/")
    box = sam.get_by_role("article", name="Fewer fields").get_by_role("textbox")
    box.fill("Fax.")
    sam.reload()
    expect(box).to_have_value("Fax.")
    sam.goto(f"{server}suggestions/")
    card.get_by_role("link").click()
    sam.get_by_label("Your answer").fill("Fax and salutation.")
    sam.get_by_role("region", name="What Marketing needs to know").get_by_role("button", name="Send").click()
    expect(state(sam)).to_have_text("Waiting for an answer")
    mia.reload()
    expect(mia.locator("#answer")).to_be_visible()
    expect(mia.get_by_text("Fax and salutation.").first).to_be_visible()


def test_what_was_asked_before_is_joined_and_taken_out_again(as_: As, server: str) -> None:
    sam, tom = as_("sam"), as_("tom")
    first, second = (ask(sam, server, title) for title in ("Say when a campaign starts", "Tell us of campaigns"))
    mia = as_("mia", second)
    number = first.split("/")[1]
    answer(mia, "Already asked", Which_one_is_it_the_same_as=f"S-{number}")
    expect(state(mia)).to_have_text("Already asked")
    tom.goto(server + first)
    tom.get_by_role("button", name="Agree").click()
    expect(tom.get_by_role("button", name="Agree, 1")).to_have_attribute("aria-pressed", "true")
    expect(tom.get_by_role("region", name="Asked before or since, too")).to_contain_text("Tell us of campaigns")
    mia.get_by_role("button", name="Take it out again").click()
    expect(state(mia)).to_have_text("Waiting for an answer")


def test_of_two_who_answer_at_once_the_second_is_told_and_loses_no_text(as_: As, server: str, visit: Visit) -> None:
    there = ask(as_("sam"), server, "One slide on prices")
    mia, lee = as_("mia", there), as_("lee", there)
    answer(mia, "Yes, we’ll do it")
    expect(state(mia)).to_have_text("Planned")
    answer(lee, "Not now, because", "We have no prices yet.")
    told = lee.get_by_role("alert")
    expect(told).to_contain_text("Mia answered a moment before you. Your text is not lost.")
    expect(told).to_contain_text("Planned: Mia, by")
    expect(lee.get_by_label("A word to")).to_have_value("We have no prices yet.")
    lee.locator("#answer").get_by_role("button", name="Send").click()
    expect(state(lee)).to_have_text("Not now")
    visit.complaints.clear()  # type: ignore[attr-defined]  # the browser itself reports the 409


def test_somebody_finds_it_was_asked_already_and_joins_in_one_click(as_: As, server: str) -> None:
    there = ask(as_("sam"), server, "Name the webinar in the subject of the reminder")
    nia = as_("nia", "suggestions/new/")
    nia.get_by_label("Your suggestion").fill("The reminder should name the webinar in its subject")
    found = nia.locator("[data-kb-similar] li", has_text="Name the webinar")
    expect(found).to_be_visible()
    found.get_by_role("button", name="Join it").click()
    nia.wait_for_url(f"**/{there}*")
    expect(nia.get_by_role("button", name="Agree, 1")).to_have_attribute("aria-pressed", "true")
    expect(nia.get_by_label("Your remark")).to_have_value("The reminder should name the webinar in its subject")


def test_everything_works_without_javascript(as_: As, visit: Visit) -> None:
    sam = as_("sam", HANDING, java_script_enabled=False)
    sam.get_by_role("link", name="Feedback on What goes with it").click()
    sam.get_by_label("Your feedback").fill("A note of three lines")
    sam.get_by_label("Idea", exact=True).check(force=True)
    sam.get_by_role("button", name="Send", exact=True).click()
    expect(sam.get_by_text("To whom does it go?")).to_be_visible()
    expect(sam.get_by_label("To", exact=True)).to_have_value("marketing")
    sam.get_by_role("button", name="Send the idea").click()
    expect(sam.get_by_role("heading", level=1)).to_have_text("A note of three lines")
    mia = as_("mia", java_script_enabled=False)
    mia.get_by_role("link", name="A note of three lines").click()
    box = mia.locator("#answer")
    day = box.get_by_label("By when", exact=True)
    expect(day).to_be_visible()
    box.get_by_label("Not now").check(force=True)
    expect(day).to_be_hidden()
    box.get_by_role("button", name="Send").click()
    expect(mia.locator(".kb-wrong")).to_have_text("There is nothing in it yet.")
    mia.get_by_label("A word to Sam").fill("Five lines are short.")
    mia.get_by_role("button", name="Send again").click()
    expect(state(mia)).to_have_text("Not now")
    mia.get_by_label("Your remark").fill("Ask me again in May.")
    mia.get_by_role("button", name="Send", exact=True).first.click()
    expect(mia.locator(".kb-comment", has_text="in May")).to_be_visible()
    visit.complaints.clear()  # type: ignore[attr-defined]  # the browser itself reports the 422


def test_the_keyboard_is_enough(as_: As) -> None:
    page = as_("sam")
    page.get_by_role("link", name="Suggest something").first.focus()
    page.keyboard.press("Enter")
    page.get_by_label("Your suggestion").focus()
    page.keyboard.type("Two lines by keyboard alone")
    title = page.get_by_label("Title")
    for _ in range(20):  # what was asked before comes between them, if there is anything of the kind
        page.keyboard.press("Tab")
        if title.evaluate("one => one === document.activeElement"):
            break
    expect(title).to_be_focused()
    page.get_by_label("To", exact=True).select_option("marketing")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Two lines by keyboard alone")
    mia = as_("mia", page.url.split("/", 3)[3])
    mia.get_by_label("Yes, we’ll do it").focus()
    for _ in range(2):
        mia.keyboard.press("ArrowDown")
    expect(mia.get_by_label("Need to know more")).to_be_checked()
    mia.keyboard.press("Tab")
    mia.keyboard.type("By which keys?")
    mia.keyboard.press("Tab")
    mia.keyboard.press("Enter")
    expect(state(mia)).to_have_text("Marketing needs to know more")


def test_what_is_typed_is_kept_when_the_session_has_ended(as_: As, server: str, visit: Visit) -> None:
    there = ask(as_("sam"), server, "Keep what I type")
    mia = as_("mia", there)
    mia.context.clear_cookies()
    answer(mia, "Need to know more", "Where was I?")
    mia.locator("button[value=mia]").click()
    expect(mia.get_by_label("A word to")).to_have_value("Where was I?")
    answer(mia, "Need to know more")
    expect(state(mia)).to_have_text("Marketing needs to know more")
    walker = as_("", "suggestions/new/")
    walker.get_by_label("Your suggestion").fill("A thought on the way")
    walker.get_by_label("To", exact=True).select_option("success")
    walker.get_by_role("button", name="Send the idea").click()
    walker.locator("button[value=tom]").click()
    expect(walker.get_by_label("Your suggestion")).to_have_value("A thought on the way")
    expect(walker.get_by_label("To", exact=True)).to_have_value("success")
    guest = as_("", "suggestions/new/", java_script_enabled=False)
    guest.get_by_label("Your suggestion").fill("A thought on the bus")
    guest.get_by_label("To", exact=True).select_option("sales")
    guest.get_by_role("button", name="Send the idea").click()
    guest.get_by_role("link", name="Sign in and go on").click()
    guest.locator("button[value=tom]").click()
    expect(guest.get_by_label("Your suggestion")).to_have_value("A thought on the bus")
    guest.get_by_role("button", name="Send the idea").click()
    expect(guest.get_by_role("heading", level=1)).to_have_text("A thought on the bus")
    visit.complaints.clear()  # type: ignore[attr-defined]  # the browser itself reports the 401


def test_an_idea_that_is_none_after_all_stays_a_question(as_: As) -> None:
    sam = as_("sam", HANDING)
    idea(sam, "Is this an idea at all?", "what-goes-with-it")
    question = sam.get_by_label("Question", exact=True)
    before = question.bounding_box()
    question.check()
    assert question.bounding_box() == before, "it stands where it stood before it was known to whom an idea goes"
    expect(sheet(sam).locator("kb-suggest")).to_have_count(0)
    sheet(sam).get_by_role("button", name="Send", exact=True).click()
    expect(sam.locator(".kb-talk", has_text="an idea at all")).to_contain_text("Question")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing_and_no_page_is_wider_than_its_screen(width: int, scheme: str, as_: As, server: str) -> None:
    sam = as_("sam", width=width, scheme=scheme)
    there = ask(sam, server, f"Seen at {width} in {scheme}", "marketing")
    mia = as_("mia", there, width=width, scheme=scheme)
    assert flaws(mia) == []
    mia.get_by_label("Already asked").check(force=True)
    assert flaws(mia) == []
    for path in (
        "suggestions/",
        "suggestions/?view=list",
        "suggestions/?view=list&query=nothing+of+the+kind",
        "suggestions/?state=done",
    ):
        mia.goto(server + path)
        assert flaws(mia) == []
    mia.locator("summary", has_text="Filter").click()
    assert flaws(mia) == []
    sam.goto(f"{server}suggestions/new/?page=handing-a-lead-to-sales")
    sam.get_by_label("Your suggestion").fill(f"Seen at {width}")
    expect(sam.locator("[data-kb-similar] li").first).to_be_visible()
    assert flaws(sam) == []
    sam.goto(server + HANDING)
    idea(sam, f"Seen at {width} in another colour")
    assert flaws(sam) == []
