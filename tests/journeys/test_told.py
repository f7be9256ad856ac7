"""Suggestions that find whoever answers: by mail, in their list, one after the other, passed on when they are late."""

from __future__ import annotations

import math
import re
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from subprocess import Popen

import pytest
from agreed import agree_to_all
from coming import As, Visit, coming
from looking import flaws
from playwright.sync_api import Page, expect
from ports import free_port
from postbox import Postbox
from processes import KB, start, stop

LOOKS = [(360, "light"), (360, "dark"), (1280, "light"), (1280, "dark")]
LATER = [sys.executable, str(Path(__file__).with_name("later.py"))]


@dataclass
class Wiki:
    """A server that sends mail, and can be had at a later time."""

    data: Path
    postbox: Postbox
    port: int
    process: Popen[str] | None = field(default=None)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    def at(self, hours: int) -> None:
        """Let it be so many hours later than it is."""
        self.close()
        program = [*LATER, str(hours)] if hours else KB
        mail = {"KB_MAIL_URL": self.postbox.url, "KB_MAIL_FROM": "Common Ground <wiki@example.com>"}
        settings = {"KB_PORT": str(self.port), "KB_BASE_URL": self.address} | mail
        self.process, _ = start(self.data, program=program, **settings)

    def close(self) -> None:
        if self.process:
            stop(self.process)

    def mail_to(self, handle: str, subject: str) -> EmailMessage:
        """The next mail to somebody that begins so."""
        return self.postbox.next_to(f"{handle}@example.com", subject)


@pytest.fixture(scope="module")
def agreed(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data of the sample wiki, all of whose definitions are agreed to: none of them waits for anybody."""
    data = shutil.copytree(built, tmp_path_factory.mktemp("agreed") / "data", symlinks=True)
    agree_to_all(data)
    return data


@pytest.fixture
def wiki(agreed: Path, tmp_path: Path) -> Iterator[Wiki]:
    with Postbox() as postbox:
        wiki = Wiki(shutil.copytree(agreed, tmp_path / "data", symlinks=True), postbox, free_port())
        wiki.at(0)
        yield wiki
        wiki.close()


@pytest.fixture(scope="module")
def seen(agreed: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wiki]:
    """One for those who only look."""
    with Postbox() as postbox:
        data = shutil.copytree(agreed, tmp_path_factory.mktemp("seen") / "data", symlinks=True)
        wiki = Wiki(data, postbox, free_port())
        wiki.at(0)
        yield wiki
        wiki.close()


@pytest.fixture
def as_(visit: Visit, wiki: Wiki) -> As:
    return coming(visit, wiki.address, "waiting/")


def suggest(page: Page, wiki: Wiki, text: str, to: str = "Sales") -> str:
    """Ask a team for something; gives the address."""
    page.goto(f"{wiki.address}suggestions/new/")
    page.get_by_label("Your suggestion").fill(text)
    page.get_by_label("To", exact=True).select_option(label=to)
    page.get_by_role("button", name="Send the idea").click()
    expect(page).to_have_url(re.compile("/s/"))
    return page.url


def link_in(mail: EmailMessage) -> str:
    """Where the one button of a mail leads."""
    html = mail.get_body(("html",))
    assert html
    found = re.search(r'href="([^"]+)"', html.get_content())
    assert found
    return found[1]


def hours_until(stamp: str) -> int:
    return math.ceil((datetime.fromisoformat(stamp) - datetime.now(UTC)).total_seconds() / 3600)


def choose(page: Page, answer: str) -> None:
    page.locator(".kb-choice", has_text=answer).first.locator("input").check(force=True)


def test_one_click_in_the_mail_answers_and_whoever_asked_finds_it(as_: As, wiki: Wiki) -> None:
    mia = as_("mia")
    suggest(mia, wiki, "One slide on pricing")

    mail = wiki.mail_to("sam", "Mia suggests: One slide on pricing")
    sam = as_("sam", "account/")
    sam.goto(link_in(mail))
    expect(sam.get_by_role("heading", name="One slide on pricing")).to_be_visible()
    choose(sam, "Not now")
    sam.get_by_label("A word to Mia").fill("There is one in the November notes.")
    sam.get_by_role("button", name="Send and go on").click()
    expect(sam.get_by_text("Nothing waits for an answer")).to_be_visible()

    told = wiki.mail_to("mia", "Sam says not now")
    assert told["References"] == mail["References"]
    mia.goto(f"{wiki.address}waiting/")
    card = mia.locator(".kb-item")
    expect(card).to_contain_text("Not now")
    expect(card).to_contain_text("There is one in the November notes.")
    sam.goto(link_in(mail))  # once more: it leads to what became of it
    expect(sam).to_have_url(re.compile("/s/"))
    card.get_by_role("button", name="Seen").click()
    expect(mia.get_by_text("Nothing waits for you.")).to_be_visible()
    mia.goto(wiki.address)
    expect(mia.locator("section", has_text="What became of what you asked")).to_contain_text("Not now")


def test_what_nobody_answers_is_passed_to_the_liaison_and_then_to_the_head(as_: As, wiki: Wiki, visit: Visit) -> None:
    mia = as_("mia")
    at = suggest(mia, wiki, "Tell us when a demo was cancelled")
    late = hours_until(str(mia.locator("kb-due time").first.get_attribute("datetime"))) + 1
    wiki.mail_to("sam", "Mia suggests")
    visit.leave()  # type: ignore[attr-defined]
    wiki.at(late)
    wiki.mail_to("lee", "No answer in time, and passed to you: Tell us when a demo was cancelled")
    lee = as_("lee", "waiting/")
    card = lee.locator(".kb-item", has_text="Tell us when a demo was cancelled")
    expect(card).to_contain_text("Late since")
    expect(card).to_contain_text("Passed to")
    lee.goto(at)
    expect(lee.locator(".kb-clock[data-clock=late]").first).to_be_visible()
    visit.leave()  # type: ignore[attr-defined]
    wiki.at(late + 24 * 14)
    wiki.mail_to("sam", "No answer in time, and passed to you")
    sam = as_("sam", "")
    expect(sam.get_by_text("1 answer of Sales is late")).to_be_visible()
    sam.get_by_role("link", name="Answer", exact=True).first.click()
    choose(sam, "Yes")
    sam.get_by_role("button", name="Send and go on").click()
    expect(sam.get_by_text("Nothing waits for an answer")).to_be_visible()
    mia = as_("mia")
    expect(mia.locator(".kb-item")).to_contain_text("Planned")


def test_a_liaison_clears_five_with_one_page_for_each(as_: As, wiki: Wiki) -> None:
    mia = as_("mia")
    for number in range(5):
        suggest(mia, wiki, f"Idea {number}")
    lee = as_("lee", "suggestions/?team=sales")
    lee.get_by_role("link", name="Answer for Sales").click()
    expect(lee.get_by_text("1 of 5")).to_be_visible()
    loaded: list[str] = []
    lee.on("request", lambda asked: loaded.append(asked.url) if asked.resource_type == "document" else None)
    for number, answer in enumerate(("Yes", "Not now", "Need to know more", "Yes", "Not now")):
        expect(lee.get_by_text(f"{number + 1} of 5")).to_be_visible()
        expect(lee.get_by_role("heading", name=f"Idea {number}")).to_be_visible()
        choose(lee, answer)
        if answer != "Yes":
            lee.get_by_label("A word to Mia").fill("Because of the fair in March.")
        lee.get_by_role("button", name="Send and go on").click()
    expect(lee.get_by_text("You answered 5. Everybody who agreed hears of it.")).to_be_visible()
    assert len(loaded) == 5, "nothing but an answer stands between two of them"


def test_a_card_is_answered_in_place_and_one_is_skipped_without_javascript(as_: As, wiki: Wiki) -> None:
    mia = as_("mia")
    for text in ("The first one", "The second one"):
        suggest(mia, wiki, text)
    sam = as_("sam", java_script_enabled=False, width=360)
    card = sam.locator(".kb-item", has_text="The first one")
    expect(card.get_by_label("A word to Mia")).to_be_hidden()
    choose_in = card.locator(".kb-choice", has_text="Not now").locator("input")
    choose_in.check(force=True)
    card.get_by_label("A word to Mia").fill("There is one already.")
    card.get_by_role("button", name="Send").click()
    expect(sam).to_have_url(f"{wiki.address}waiting/")
    expect(sam.get_by_text("The first one")).to_have_count(0)
    sam.goto(f"{wiki.address}suggestions/answer/")
    sam.get_by_role("link", name="Skip for now").click()
    expect(sam.get_by_text("One was skipped, and still waits.")).to_be_visible()


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_home_the_list_and_answering_are_for_everybody(visit: Visit, seen: Wiki, width: int, scheme: str) -> None:
    as_ = coming(visit, seen.address, "")
    mia, sam = (as_(handle, width=width, scheme=scheme) for handle in ("mia", "sam"))
    suggest(mia, seen, f"One slide on {width} prices\n\nHalf the questions were about prices.")
    suggest(mia, seen, f"Tell us when a {scheme} demo was cancelled")
    for page, name in ((sam, ""), (sam, "waiting/"), (sam, "suggestions/answer/"), (mia, "")):
        page.goto(seen.address + name)
        if name == "waiting/":
            choose(page, "Not now")
        assert flaws(page) == []


def test_the_second_row_of_home_is_seen_without_scrolling(as_: As, wiki: Wiki) -> None:
    mia = as_("mia")
    for number in range(4):
        suggest(mia, wiki, f"Idea {number}")
    sam = as_("sam", "")
    expect(sam.get_by_role("heading", name="Our definitions")).to_be_in_viewport()
