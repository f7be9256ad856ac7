"""Somebody asks, whoever owns the page hears of it by mail, answers, and whoever asked finds that waiting."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

import pytest
from agreed import agree_to_all
from coming import As, Visit, coming
from looking import flaws
from playwright.sync_api import Page, expect
from ports import free_port
from postbox import Postbox
from processes import start, stop

PAGE = "roles/what-sales-does/"
ASKS = "Who tells the customer when their contact person changes?"
ANSWERS = "The account manager does, by phone."
LOOKS = [(360, "light"), (360, "dark"), (1280, "light"), (1280, "dark")]


@dataclass(frozen=True)
class Wiki:
    address: str
    postbox: Postbox


@pytest.fixture(scope="module")
def wiki(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wiki]:
    """A server of our own that sends mail; every link in it begins with the address it was told."""
    data = tmp_path_factory.mktemp("waiting") / "data"
    shutil.copytree(built, data)
    agree_to_all(data)
    port = free_port()
    base = f"http://127.0.0.1:{port}/"
    with Postbox() as postbox:
        mail = {"KB_MAIL_URL": postbox.url, "KB_MAIL_FROM": "Common Ground <wiki@example.com>"}
        process, address = start(data, KB_PORT=str(port), KB_BASE_URL=base, **mail)
        assert address == base
        yield Wiki(address, postbox)
        stop(process)


@pytest.fixture
def as_(visit: Visit, wiki: Wiki) -> As:
    return coming(visit, wiki.address, "waiting/")


def ask(page: Page, address: str, text: str = ASKS, kind: str = "Question") -> None:
    page.goto(f"{address}talk/what-sales-does/")
    page.get_by_label("Your feedback").fill(text)
    page.get_by_label(kind, exact=True).check(force=True)
    page.get_by_role("button", name="Send").click()
    expect(page).to_have_url(re.compile("/t/th_"))


def link_in(mail: EmailMessage) -> str:
    """Where the one button of a mail leads."""
    html = mail.get_body(("html",))
    assert html
    found = re.search(r'href="([^"]+)"', html.get_content())
    assert found
    return found[1]


def test_from_a_question_by_mail_to_the_answer_in_the_list(as_: As, wiki: Wiki) -> None:
    otto = as_("otto")
    expect(otto.get_by_text("Nothing waits for you.")).to_be_visible()
    ask(otto, wiki.address)

    mail = wiki.postbox.next_to("sam@example.com", "Otto asks on What Sales does")
    sam = as_("sam")
    sam.goto(link_in(mail))  # one click
    expect(sam.locator(".kb-comment:target")).to_contain_text(ASKS)
    expect(sam.locator(".kb-comment:target")).to_be_in_viewport()
    sam.locator("summary", has_text="Reply").click()
    sam.get_by_label("Your answer").fill(ANSWERS)
    sam.get_by_role("button", name="Send").click()
    expect(sam.locator(".kb-comment").last).to_contain_text(ANSWERS)

    wiki.postbox.next_to("otto@example.com", "Sam answered you on What Sales does")
    otto.goto(wiki.address)
    otto.get_by_role("link", name="1 thing waits for you").click()
    card = otto.locator(".kb-item")
    expect(card).to_contain_text("Answered")
    expect(card).to_contain_text(ANSWERS)
    card.get_by_role("button", name="Seen").click()
    expect(otto.get_by_text("Nothing waits for you.")).to_be_visible()
    expect(otto.locator(".md-header a[data-kb-waiting] .kb-count")).to_be_hidden()


def test_a_card_is_answered_where_it_stands_without_javascript(as_: As, wiki: Wiki) -> None:
    ask(as_("mia"), wiki.address, "And who tells Marketing?")
    sam = as_("sam", java_script_enabled=False, width=360)
    card = sam.locator(".kb-item", has_text="And who tells Marketing?")
    card.get_by_label("Your answer to Mia").fill("Lee does.")
    card.get_by_role("button", name="Send").click()
    expect(sam).to_have_url(f"{wiki.address}waiting/")
    expect(sam.get_by_text("And who tells Marketing?")).to_have_count(0)


def test_mail_is_ended_by_a_click_in_the_mail_and_begun_again_in_the_settings(
    as_: As, visit: Visit, wiki: Wiki
) -> None:
    ask(as_("mia"), wiki.address, "One that tells of the way out?")
    mail = wiki.postbox.next_to("sam@example.com", "Mia asks on What Sales does")
    nobody = visit(str(mail["List-Unsubscribe"]).strip("<>"))
    nobody.get_by_role("button", name="No more mail").click()
    expect(nobody.get_by_text("No such mail will come any more.")).to_be_visible()
    sam = as_("sam", "waiting/settings/")
    expect(sam.get_by_label("Never")).to_be_checked()
    sam.get_by_label("At once").check(force=True)
    sam.get_by_role("button", name="Save").click()
    expect(sam.get_by_text("Saved.")).to_be_visible()
    expect(sam.get_by_label("At once")).to_be_checked()


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_the_list_and_its_settings_are_for_everybody(as_: As, wiki: Wiki, width: int, scheme: str) -> None:
    otto = as_("otto", width=width, scheme=scheme)
    ask(otto, wiki.address, f"Does @sam know {width} {scheme}?\nIt is a longer one, with a second line.")
    ask(otto, wiki.address, f"There is a mistake, {width} {scheme}.", "Wrong")
    sam = as_("sam", width=width, scheme=scheme)
    expect(sam.locator(".kb-item").nth(1)).to_be_visible()
    for name in ("waiting/", "waiting/?one=1", "waiting/settings/", "waiting/watch/?page=what-sales-does"):
        sam.goto(wiki.address + name)
        assert flaws(sam) == []
