"""A wiki is reorganised, and old links still lead to the right place: on a phone, signed out, without a script."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from coming import Visit
from looking import flaws
from pasts import Past
from playwright.sync_api import Page, expect
from processes import publish, start, stop

PHONE = {"width": 360, "has_touch": True, "is_mobile": True}
STEPS = "Write three lines on what was promised, by whom and until when, and call the same day."
STANDS = "Count the badges of everybody who came to the stand, and note what each of them asked for."


TEAMS = "teams: {sales: {name: Sales, hue: blue}}\npeople: {sam: {name: Sam, teams: [sales]}}\n"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server on a wiki that was reorganised.

    A page and a heading have other names, one section moved to another page, one was removed, and so was a page.
    """
    home = tmp_path_factory.mktemp("reorganised")
    (home / "mkdocs.yml").write_text("site_name: A wiki\ntheme: {name: material, font: false}\nplugins: [search, kb]\n")
    (home / "teams.yml").write_text(TEAMS)
    past = Past(home)
    calls, fairs = _page("calls", "Calls", "How we call."), _page("fairs", "Trade fairs", "Bring the banner.")
    parts = f"\n## Stands\n\n{STANDS}\n\n## Faxes\n\nWe send a fax.\n"
    past.commit(index=_page("home", "Home", "Hello."), calls=calls, fairs=fairs, handover=_handover("Steps") + parts)
    past.commit("Go to no fairs any more", fairs=None)
    new = _handover("How it goes")
    past.commit(handover=None, practices__handing_over=new, calls=f"{calls}\n## At the stand\n\n{STANDS}\n")
    publish(home / "data", home / "mkdocs.yml")
    process, address = start(home / "data", config=home / "mkdocs.yml", KB_PUBLIC_READ="no")
    yield address
    stop(process)


def _page(page_id: str, title: str, text: str) -> str:
    return f"---\nid: {page_id}\n---\n# {title}\n\n{text}\n"


def _handover(heading: str) -> str:
    return _page("handover", "Handing over", f"Nobody tells a story twice.\n\n## {heading}\n\n{STEPS}")


def signed_in(visit: Visit, server: str, **how: object) -> Page:
    return visit(server, by="sam", **how)


def copied(page: Page, text: str) -> None:
    """Wait until this is in the clipboard."""
    page.wait_for_function("async text => (await navigator.clipboard.readText()).startsWith(text)", arg=text)


def test_a_link_in_an_old_deck_is_followed_by_somebody_on_a_phone_who_is_signed_out(visit: Visit, server: str) -> None:
    page = visit(f"{server}p/handover/steps/", **PHONE)
    expect(page.get_by_role("heading", name="Who are you?")).to_be_visible()
    page.locator("button[value=sam]").click()
    expect(page).to_have_url(f"{server}practices/handing_over/#how-it-goes")
    expect(page.get_by_role("heading", name="How it goes")).to_be_in_viewport()


def test_who_signs_in_on_the_way_gets_to_the_very_part_of_the_page(visit: Visit, server: str) -> None:
    page = visit(f"{server}handover/#steps")
    page.locator("button[value=sam]").click()
    expect(page).to_have_url(f"{server}practices/handing_over/#steps")
    expect(page.get_by_role("heading", name="How it goes")).to_be_in_viewport()


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_an_old_address_and_an_old_heading_lead_to_where_they_are_now(
    visit: Visit, server: str, *, script: bool
) -> None:
    page = signed_in(visit, server, java_script_enabled=script)
    page.goto(f"{server}handover/#steps")
    expect(page).to_have_url(f"{server}practices/handing_over/#steps")
    expect(page.get_by_role("heading", name="How it goes")).to_be_in_viewport()


def test_a_part_that_moved_to_another_page_is_followed_there(visit: Visit, server: str) -> None:
    page = signed_in(visit, server)
    page.goto(f"{server}handover/#stands")
    expect(page).to_have_url(f"{server}calls/#at-the-stand")


def test_without_a_script_the_page_says_where_the_part_is_now(visit: Visit, server: str) -> None:
    page = signed_in(visit, server, java_script_enabled=False)
    page.goto(f"{server}handover/#stands")
    said = page.locator("aside:target")
    expect(said).to_contain_text("This part has moved. It is now here: At the stand")
    said.get_by_role("link").click()
    expect(page).to_have_url(f"{server}calls/#at-the-stand")


@pytest.mark.parametrize("how", [{}, PHONE, {"scheme": "dark"}], ids=["desk", "phone", "dark"])
def test_a_part_that_was_taken_out_is_said_to_be(visit: Visit, server: str, how: dict[str, object]) -> None:
    page = signed_in(visit, server, **how)
    page.goto(f"{server}handover/#faxes")
    expect(page.locator("aside:target")).to_contain_text("This part is not there any more.")
    assert flaws(page) == []


@pytest.mark.parametrize("how", [{}, PHONE, {"scheme": "dark"}], ids=["desk", "phone", "dark"])
def test_a_removed_page_says_so_and_what_to_do(visit: Visit, server: str, how: dict[str, object]) -> None:
    page = signed_in(visit, server, **how)
    for address in ("fairs/", "p/fairs/"):
        answer = page.goto(server + address)
        assert answer
        assert answer.status == 410
        expect(page.get_by_role("heading", name="This page was removed")).to_be_visible()
        expect(page.get_by_text("Trade fairs was taken away on 2 January 2026.")).to_be_visible()
        expect(page.get_by_text("Go to no fairs any more")).to_be_visible()
        assert flaws(page) == []
    page.get_by_role("button", name="Search").last.click()
    expect(page).to_have_url(f"{server}search/?query=Trade+fairs")
    visit.complaints.clear()  # type: ignore[attr-defined]  # the browser itself reports the 410


def test_a_link_is_copied_at_a_heading_and_for_a_passage(visit: Visit, server: str) -> None:
    page = signed_in(visit, server, permissions=["clipboard-read", "clipboard-write"])
    page.goto(f"{server}practices/handing_over/")
    page.get_by_role("heading", name="How it goes").hover()
    page.get_by_role("link", name="Copy link to How it goes").click()
    link = f"{server}p/handover/how-it-goes/"
    copied(page, f"Handing over: How it goes\n{link}")
    expect(page).to_have_url(f"{server}practices/handing_over/")
    expect(page.locator("kb-talk #conversations")).to_be_visible()
    page.evaluate(
        """said => {
        const all = [...document.querySelectorAll("article p")]
        getSelection().selectAllChildren(all.find(one => one.textContent === said))
    }""",
        STEPS,
    )
    page.get_by_role("button", name="Copy link", exact=True).click()
    copied(page, f"Handing over: “{STEPS}”\n{server}p/handover/#:~:text=Write%20three")


def test_a_name_said_aloud_is_an_address(visit: Visit, server: str) -> None:
    page = signed_in(visit, server)
    page.goto(f"{server}go/handover")
    expect(page).to_have_url(f"{server}practices/handing_over/")
