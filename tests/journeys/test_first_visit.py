"""A first visitor finds conversations there, is led through one of their own, and clears away what was made up."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from coming import press
from looking import flaws
from playwright.sync_api import Locator, Page, expect
from processes import KB, ROOT, start, stop

Visit = Callable[..., Page]
LOOKS = [(360, "light"), (360, "dark"), (1280, "light"), (1280, "dark")]
ASKS, ANSWERS = "Who writes the mails that nobody answers?", "Tom does, and he reads every answer."
STORIES = {
    "handing-a-lead-to-sales",
    "contacts-from-events",
    "sales-ready-prospect",
    "following-up-after-a-webinar",
    "marketing-qualified-lead",
    "what-marketing-does",
    "who-answers-a-demo-request",
}


@dataclass(frozen=True)
class Wiki:
    address: str
    data: Path

    def kb(self, *words: str) -> str:
        """What a command prints."""
        environment = os.environ | {"KB_DATA_DIR": str(self.data)}
        command = [*KB, *words, "-f", str(ROOT / "mkdocs.yml")]
        return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout


@pytest.fixture(scope="module")
def new(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample wiki as it is before it is started for the first time."""
    data = tmp_path_factory.mktemp("new") / "data"
    data.mkdir()
    shutil.copytree(built / "builds", data / "builds")
    build = next(path.name for path in (data / "builds").iterdir() if path.name.isalnum())
    Wiki("", data).kb("publish", build)
    return data


@pytest.fixture
def wiki(new: Path, tmp_path: Path) -> Iterator[Wiki]:
    """The sample wiki, started for the first time."""
    data = shutil.copytree(new, tmp_path / "data", symlinks=True)
    process, address = start(data, KB_SAMPLE="yes")
    yield Wiki(address, data)
    stop(process)


@pytest.fixture(scope="module")
def seen(new: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wiki]:
    """The same, for those who only look."""
    data = shutil.copytree(new, tmp_path_factory.mktemp("seen") / "data", symlinks=True)
    process, address = start(data, KB_SAMPLE="yes")
    yield Wiki(address, data)
    stop(process)


def step(page: Page, number: int) -> Locator:
    return page.locator(".kb-guide__steps > li").nth(number - 1)


def take(page: Page, number: int) -> None:
    """Take a step, as whoever is meant to."""
    press(step(page, number).get_by_role("link"))
    if page.url.partition("?")[0].endswith("/sign-in/"):
        page.get_by_role("button", name=re.compile("^Go on as")).click()


@pytest.mark.parametrize(("width", "scripts"), [(1280, True), (360, False)])
def test_three_steps_as_one_person_and_then_as_another(visit: Visit, wiki: Wiki, width: int, *, scripts: bool) -> None:
    page = visit(wiki.address, width=width, java_script_enabled=scripts)
    guide = page.locator(".kb-guide")
    expect(guide).to_contain_text("You are Nia. Ask something about a page")

    take(page, 1)
    page.get_by_label("Your feedback").fill(ASKS)
    page.get_by_label("Question", exact=True).check(force=True)
    page.get_by_role("button", name="Send").click()
    expect(step(page, 1)).to_contain_text("Done:")
    talk = page.url.partition("#")[0]

    take(page, 2)  # now as Mia, whose page it is
    card = page.locator(".kb-item", has_text=ASKS)
    expect(card).to_be_visible()
    expect(step(page, 2)).to_contain_text("Done:")

    card.get_by_label("Your answer to Nia").fill(ANSWERS)
    press(card.get_by_role("button", name="Send"))
    take(page, 3)  # and Nia again
    expect(page.locator(".kb-item", has_text=ANSWERS)).to_contain_text("Answered")
    expect(page.locator(".kb-guide__steps > [data-how=done]")).to_have_count(3)

    guide.get_by_role("button", name="Close the first steps").click()
    expect(guide).to_have_count(0)
    expect(page.get_by_role("heading", name="Waiting for you")).to_be_visible()

    printed = wiki.kb("sample", "remove")
    assert "7 conversations" in printed
    page.goto(talk)
    expect(page.get_by_text(ANSWERS)).to_be_visible()
    page.goto(f"{wiki.address}talk/what-marketing-does/")
    expect(page.locator(".kb-talk")).to_have_count(1)
    expect(page.get_by_text("Sample", exact=True)).to_have_count(0)
    assert "There is no sample activity." in wiki.kb("sample", "remove")


def test_every_sample_conversation_is_on_its_page_and_is_called_one(visit: Visit, seen: Wiki) -> None:
    page = visit(seen.address, java_script_enabled=False)
    for name in sorted(STORIES):
        page.goto(f"{seen.address}talk/{name}/")
        expect(page.get_by_text("Sample", exact=True)).to_have_count(1)


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_the_first_steps_are_for_everybody(visit: Visit, seen: Wiki, width: int, scheme: str) -> None:
    page = visit(seen.address, width=width, scheme=scheme)
    for name in ("", "sign-in/?as=mia&to=%2Fwaiting%2F", "talk/handing-a-lead-to-sales/"):
        page.goto(seen.address + name)
        expect(page.locator(".kb-guide")).to_be_visible()
        assert flaws(page) == []


def test_the_first_steps_are_taken_and_closed_with_the_keyboard(visit: Visit, wiki: Wiki) -> None:
    page = visit(wiki.address)
    step(page, 1).get_by_role("link").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/sign-in/**")
    expect(page.get_by_role("button", name="Go on as Nia")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/talk/what-marketing-does/*")
    page.get_by_role("button", name="Close the first steps").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".kb-guide")).to_have_count(0)
    expect(page).to_have_url(re.compile(f"^{re.escape(wiki.address)}talk/what-marketing-does/"))
