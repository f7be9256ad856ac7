"""Signing in, the four ways; the account in the header and its page; being let into a team."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from coming import Visit, press
from looking import flaws
from playwright.sync_api import Page, expect
from ports import free_port
from postbox import Postbox
from processes import start, stop
from provider_server import Provider, User

Running = Callable[..., str]
PAGE = "definitions/marketing-qualified-lead/"
SECRET = "a-secret-of-twenty-four-or-more"


@pytest.fixture
def running(built: Path, tmp_path: Path) -> Iterator[Running]:
    """Start a server of this journey's own with other settings; gives its address."""
    processes = []
    shutil.copytree(built, tmp_path / "data")

    def run(**settings: str) -> str:
        port = free_port()
        usual = {"KB_PORT": str(port), "KB_BASE_URL": f"http://127.0.0.1:{port}/"}
        process, address = start(tmp_path / "data", **usual | settings)
        processes.append(process)
        return address

    yield run
    for process in processes:
        stop(process)


@contextmanager
def complaining(visit: Visit, *about: str) -> Iterator[None]:
    """What the browser itself reports of an answer that is meant to be an error is no complaint."""
    yield
    complaints: list[str] = visit.complaints  # type: ignore[attr-defined]
    complaints[:] = [said for said in complaints if not any(word in said for word in about)]


def account(page: Page) -> str:
    """What the account in the header is called."""
    link = page.locator(".md-header [data-kb-me]")
    expect(link).to_have_attribute("title", re.compile("."))
    return link.get_attribute("title") or ""


# ── The four ways ─────────────────────────────────────────────────────────


def test_picking_somebody_leads_back_and_the_header_shows_them(visit: Visit, running: Running) -> None:
    address = running()
    page = visit(address + PAGE)
    assert account(page) == "Sign in"
    page.locator(".md-header [data-kb-me]").click()
    page.get_by_role("button", name="Mia").click()
    page.wait_for_url(address + PAGE)
    assert account(page) == "You: Mia"
    page.locator(".md-header [data-kb-me]").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your account")
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(address)
    assert account(page) == "Sign in"


def test_by_mail_with_the_keyboard_alone(visit: Visit, running: Running) -> None:
    with Postbox() as box:
        address = running(KB_AUTH="email", KB_MAIL_URL=box.url, KB_MAIL_FROM="Wiki <wiki@example.com>")
        page = visit(address + PAGE)
        expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
        page.get_by_label("Your mail address").focus()
        page.keyboard.type("sam@example.com")
        page.keyboard.press("Enter")
        code = re.findall(r"\d{6}", box.next()["Subject"])[0]
        with complaining(visit, "422"):
            page.get_by_label("The six digits").focus()
            page.keyboard.type("000000" if code != "000000" else "111111")
            page.keyboard.press("Enter")
            expect(page.get_by_role("alert")).to_contain_text("4 more times")
        page.get_by_label("The six digits").focus()
        page.keyboard.type(code)
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_url(address + PAGE)
        assert account(page) == "You: Sam"


def test_by_the_link_of_a_mail_on_a_phone_without_a_script(visit: Visit, running: Running) -> None:
    with Postbox() as box:
        address = running(KB_AUTH="email", KB_MAIL_URL=box.url, KB_MAIL_FROM="wiki@example.com")
        page = visit(address + "search/?query=lead", width=360, scheme="dark", java_script_enabled=False)
        page.get_by_label("Your mail address").fill("sam@example.com")
        page.get_by_role("button", name="Send me a code").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Look into your mail")
        plain = box.next().get_body(("plain",))
        assert plain
        link = re.search(r"http://\S+/sign-in/link/\S+", plain.get_content())
        assert link
        page.goto(link[0])
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(address + "search/?query=lead")
        page.goto(address + "account/")
        expect(page.locator(".kb-me")).to_contain_text("sam@example.com")


def test_with_a_provider_and_back_to_where_one_was(visit: Visit, running: Running) -> None:
    port = free_port()
    with Provider(f"http://127.0.0.1:{port}/sign-in/back/") as provider:
        provider.user = User("248289", {"name": "Sam Somebody"})
        settings = {f"KB_{name.upper()}": value for name, value in provider.settings().items()}
        address = running(**settings, KB_PORT=str(port), KB_BASE_URL=f"http://127.0.0.1:{port}/")
        page = visit(address + PAGE)
        with complaining(visit, provider.issuer):
            page.get_by_role("link", name="Go there and sign in").click()
            page.wait_for_url(address + PAGE)
        assert account(page) == "You: Sam Somebody"


def test_behind_a_proxy_one_is_who_it_says(visit: Visit, running: Running) -> None:
    address = running(KB_AUTH="proxy", KB_PROXY_PEERS="127.0.0.1", KB_PROXY_SECRET=SECRET)
    page = visit(address + PAGE, extra_http_headers={"Remote-User": "lee", "Remote-Secret": SECRET})
    assert account(page) == "You: Lee"
    page.goto(address + "account/")
    expect(page.locator(".kb-me")).to_contain_text("liaison of Sales")
    expect(page.get_by_role("button", name="Sign out")).to_have_count(0)
    with complaining(visit, "401", "MIME"):
        stranger = visit(address + PAGE, extra_http_headers={"Remote-User": "lee"})
        expect(stranger.get_by_role("heading", level=1)).to_have_text("Sign in first")


# ── Teams ─────────────────────────────────────────────────────────────────


def test_somebody_asks_to_join_and_the_liaison_says_yes(visit: Visit, running: Running) -> None:
    address = running()
    nia, lee = (visit(address + "sign-in/", width=360, java_script_enabled=False) for _ in range(2))
    press(nia.get_by_role("button", name="Nia"))
    nia.goto(address + "account/")
    nia.get_by_label("Another team").select_option(label="Marketing")
    nia.get_by_role("button", name="Ask to join").click()
    expect(nia.get_by_text("waits for a liaison")).to_be_visible()
    press(lee.get_by_role("button", name="Lee"))
    lee.goto(address + "account/")
    lee.get_by_role("link", name="See who wants to join").click()
    lee.get_by_role("button", name="Yes, they belong").click()
    expect(lee.get_by_text("Nobody waits")).to_be_visible()
    nia.reload()
    expect(nia.get_by_text("confirmed by a liaison")).to_be_visible()


# ── How it looks ──────────────────────────────────────────────────────────


PAGES = {"sign in": "sign-in/", "account": "account/", "people": "people/"}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing_on_the_pages_of_people(width: int, scheme: str, visit: Visit, own_server: str) -> None:
    page = visit(own_server + PAGES["sign in"], width=width, scheme=scheme)
    for name in ("Nia", "Ada"):
        page.goto(own_server + PAGES["sign in"])
        press(page.get_by_role("button", name=name))
        page.goto(own_server + PAGES["account"])
        if name == "Nia" and page.get_by_text("waits for a liaison").count() == 0:
            page.get_by_role("button", name="Ask to join").click()
            expect(page.get_by_text("waits for a liaison")).to_be_visible()
    page.get_by_text("Make a token").click()
    page.get_by_label("What it is for").fill("Nightly backup")
    page.get_by_role("button", name="Make it").click()
    expect(page.get_by_text("Copy it now")).to_be_visible()
    for name, path in {"token": "", **PAGES}.items():
        if path:
            page.goto(own_server + path)
        assert flaws(page) == [], name


def test_in_the_drawer_of_a_phone_there_is_the_account_too(visit: Visit, own_server: str) -> None:
    page = visit(own_server, width=360)
    expect(page.locator(".md-header [data-kb-me]")).not_to_be_visible()
    page.locator(".md-header label[for=__drawer]").click()
    expect(page.locator(".md-nav__source [data-kb-me]")).to_have_text("Sign in")


def test_without_a_server_the_account_is_gone(visit: Visit, own_server: str) -> None:
    page = visit(own_server)
    with complaining(visit, "api/v1/me", "ERR_FAILED"):
        page.route("**/api/v1/me", lambda route: route.abort())
        page.reload()
        expect(page.locator(".md-header .kb-account")).not_to_be_visible()
