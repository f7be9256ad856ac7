"""A definition is proposed, agreed to, reworded and agreed to again; and a head of a team clears twelve on a phone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from coming import As, Visit, coming, press
from looking import flaws
from pasts import Past
from playwright.sync_api import expect
from processes import publish, start, stop

PHONE = {"width": 360, "has_touch": True, "is_mobile": True}
LOOKS = [(360, "light"), (360, "dark"), (1280, "light"), (1280, "dark")]
TEAMS = """
teams:
  sales: {name: Sales, hue: blue, speakers: [sam], liaisons: [lee]}
  marketing: {name: Marketing, hue: plum, speakers: [mia], liaisons: [lee]}
  success: {name: Success, hue: ochre, speakers: [vera], liaisons: [lee]}
  product: {name: Product, hue: slate, speakers: [tom], liaisons: [lee]}
  support: {name: Support, hue: blue, speakers: [uma], liaisons: [lee]}
people:
  sam: {name: Sam, email: sam@example.com, teams: [sales]}
  mia: {name: Mia, email: mia@example.com, teams: [marketing]}
  vera: {name: Vera, email: vera@example.com, teams: [success]}
  tom: {name: Tom, email: tom@example.com, teams: [product]}
  uma: {name: Uma, email: uma@example.com, teams: [support]}
  lee: {name: Lee, email: lee@example.com, teams: [sales, marketing]}
"""
CONFIG = "site_name: A wiki\ntheme: {name: material, font: false}\nplugins: [search, kb]\n"
NAV = "nav: [index.md, waiting.md, mql.md, spelt.md"
WAITING = "---\nkb_shell: waiting\n---\n# Waiting for you\n\nThe server is away.\n"
OLD = "In the last 30 days the contact asked for a demo, or came to a webinar of our organisation."


def definition(page_id: str, title: str, text: str, teams: str = "sales, marketing") -> str:
    head = f"---\nid: {page_id}\nkind: definition\ntitle: {title}\nteams: [{teams}]\nowner: lee\n---\n"
    return (
        f"{head}\n## Definition\n\nSomebody who wants to buy.\n\n## Criteria\n\n1. {text}\n2. We may write to them.\n"
    )


@dataclass(frozen=True)
class Wiki:
    """A wiki with a past in git, and a server on it."""

    past: Past
    address: str

    def reword(self, subject: str, **pages: str) -> None:
        """A merge changes a text, and it is published."""
        self.past.commit(subject, **pages)
        publish(self.past.folder / "data", self.past.folder / "mkdocs.yml", to=self.address)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wiki]:
    """A wiki of two definitions that nobody has agreed to, and of a dozen that are other people's."""
    home = tmp_path_factory.mktemp("agreeing")
    names = [f"term{number}" for number in range(1, 13)]
    keys = [f"key{number}" for number in range(1, 5)]
    (home / "mkdocs.yml").write_text(f"{CONFIG}{NAV}, {', '.join(f'{name}.md' for name in [*names, *keys])}]\n")
    (home / "teams.yml").write_text(TEAMS)
    (home / ".gitignore").write_text("data\n")
    past = Past(home)
    others = {
        name: definition(name, f"Term {name[4:]}", f"It is true of {name}.", "success, product") for name in names
    }
    others |= {name: definition(name, f"Key {name[3:]}", f"It is true of {name}.", "support") for name in keys}
    past.commit("Say what we mean", index="---\nid: home\n---\n# Home\n\nHello.\n", waiting=WAITING, **others)
    past.commit("Thirty days", mql=definition("mql", "Qualified lead", OLD), spelt=definition("spelt", "Visit", OLD))
    publish(home / "data", home / "mkdocs.yml")
    process, address = start(home / "data", config=home / "mkdocs.yml", KB_PUBLIC_READ="no")
    yield Wiki(past, address)
    stop(process)


@pytest.fixture
def as_(visit: Visit, server: Wiki) -> As:
    return coming(visit, server.address, "waiting/")


def test_from_a_proposal_to_version_two(as_: As, server: Wiki) -> None:
    sam, mia = as_("sam", java_script_enabled=False), as_("mia")

    # Both are asked, and agree.
    waits = sam.locator(".kb-item--definition", has_text="Qualified lead")
    expect(waits).to_contain_text("Not agreed yet")
    expect(waits).to_contain_text("you speak for Sales")
    waits.get_by_role("button", name="Agree for Sales").click()
    expect(waits).to_have_count(0)
    mia.reload()
    waits = mia.locator(".kb-item--definition", has_text="Qualified lead")
    expect(waits).to_contain_text("Sales has agreed")
    waits.get_by_role("button", name="Agree for Marketing").click()
    expect(waits).to_have_count(0)
    mia.goto(f"{server.address}mql/")
    expect(mia.locator(".kb-facts")).to_contain_text("Version 1, since")

    # A merge changes it: version 1 stays in force, and both are asked again.
    new = definition("mql", "Qualified lead", OLD.replace("30", "14"))
    server.reword("Fourteen days\n\nAfter two weeks they do not remember us.", mql=new)
    mia.goto(f"{server.address}mql/")
    expect(mia.locator(".kb-facts")).to_contain_text("Version 1 stays in force until all teams agree")
    expect(mia.locator(".kb-text").first).to_contain_text("In the last 30 days")
    sam.goto(f"{server.address}waiting/")
    waits = sam.locator(".kb-item--definition", has_text="Qualified lead")
    expect(waits).to_contain_text("New wording")
    expect(waits.locator("del")).to_have_text("30")
    expect(waits.locator("ins")).to_have_text("14")

    # Without a script the box for a reason opens in its place.
    waits.get_by_text("Not yet, because …").first.click()
    waits.get_by_label("Not yet, because …").fill("A fair is longer than two weeks.")
    waits.get_by_role("button", name="Send").click()
    expect(sam).to_have_url(f"{server.address}waiting/")
    expect(waits).to_have_count(0)
    lee = as_("lee")
    told = lee.locator(".kb-item--definition", has_text="Qualified lead")
    expect(told).to_contain_text("Sam says “not yet” for Sales")
    expect(told).to_contain_text("A fair is longer than two weeks.")

    # Both agree after all: version 2, and the one before keeps its address.
    sam.goto(f"{server.address}d/mql/")
    press(sam.get_by_role("button", name="Agree for Sales"))
    mia.goto(f"{server.address}mql/")
    mia.get_by_role("button", name="Agree for Marketing").click()
    expect(mia.locator(".kb-facts")).to_contain_text("Version 2, since")
    mia.goto(f"{server.address}p/mql/v/1/")
    expect(mia.get_by_text("In the last 30 days")).to_be_visible()


def test_wording_only_is_objected_to_and_the_version_stays(as_: As, server: Wiki) -> None:
    for handle, team in (("sam", "Sales"), ("mia", "Marketing")):
        press(as_(handle, "d/spelt/").get_by_role("button", name=f"Agree for {team}"))
    new = definition("spelt", "Visit", OLD.replace("organisation", "organization"))
    server.reword("Spell it as the others do", spelt=new)
    lee = as_("lee", "d/spelt/")
    press(lee.get_by_role("button", name="Wording only, same meaning"))
    sam = as_("sam")
    waits = sam.locator(".kb-item--definition", has_text="Visit")
    expect(waits).to_contain_text("Wording only, same meaning?")
    expect(waits).to_contain_text("Whoever sees it differently says so until")
    waits.get_by_text("Not yet, because …").first.click()
    waits.get_by_label("Not yet, because …").fill("Ours is not theirs.")
    waits.get_by_role("button", name="Send").click()
    expect(waits).to_have_count(0)
    mia = as_("mia", "spelt/")
    expect(mia.locator(".kb-facts")).to_contain_text("Version 1 stays in force until all teams agree")
    expect(mia.locator(".kb-facts")).not_to_contain_text("Wording only")
    mia.goto(f"{server.address}waiting/")
    expect(mia.locator(".kb-item--definition", has_text="Visit").first).to_contain_text("New wording")
    for page, team in ((sam, "Sales"), (mia, "Marketing")):
        page.goto(f"{server.address}d/spelt/")
        press(page.get_by_role("button", name=f"Agree for {team}"))
    expect(mia.locator(".kb-facts")).to_contain_text("Version 2, since")


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_what_waits_and_the_definition_itself_are_for_everybody(as_: As, server: Wiki, width: int, scheme: str) -> None:
    tom = as_("tom", width=width, scheme=scheme)
    expect(tom.locator(".kb-item--definition").first).to_be_visible()
    for path in ("waiting/", "waiting/?one=1", "d/mql/", "mql/", "d/term1/"):
        tom.goto(server.address + path)
        for closed in tom.locator(".kb-item--definition .kb-do:not([open]) > summary").all()[:1]:
            closed.click()
        assert flaws(tom) == []


def test_a_head_of_a_team_clears_twelve_on_a_phone(as_: As) -> None:
    vera = as_("vera", "waiting/", **PHONE)
    vera.get_by_role("link", name="One after the other").tap()
    vera.wait_for_url("**/waiting/?one=1*")
    title, agree = vera.locator(".kb-item__title"), vera.get_by_role("button", name="Agree for Success")
    skipped = title.inner_text()
    counted = "window.taps = 0; addEventListener('click', event => { window.taps += event.isTrusted }, true)"
    vera.evaluate(counted)  # a page that is loaded again begins without it

    vera.get_by_role("link", name="Skip", exact=True).tap()
    expect(title).not_to_have_text(skipped)
    refused = title.inner_text()
    vera.get_by_text("Not yet, because …").first.tap()
    vera.get_by_label("Not yet, because …").fill("Ask Customer Success first.")
    vera.get_by_role("button", name="Send").tap()
    expect(title).not_to_have_text(refused)
    seen = [skipped, refused]
    while agree.count():
        seen.append(title.inner_text())
        expect(vera.get_by_text("Somebody who wants to buy.")).to_be_visible()
        expect(agree).to_be_in_viewport()
        agree.tap()
        expect(vera.locator(".kb-item__title, .kb-empty").first).not_to_have_text(seen[-1])
    assert {f"Term {number}" for number in range(1, 13)} <= {*seen}
    assert len(seen) == len({*seen})
    assert vera.evaluate("window.taps") == len(seen) + 1  # one for each, and another where a reason was written

    expect(vera.get_by_text("You skipped one. It still waits.")).to_be_visible()
    expect(vera.locator(".md-header .kb-account__waiting .kb-count")).to_have_text("1")
    vera.get_by_role("link", name="Begin again").tap()
    expect(title).to_have_text(skipped)
    agree.tap()
    expect(vera.get_by_text("Nothing waits for you.")).to_be_visible()


def test_what_waits_is_cleared_by_keyboard_alone(as_: As) -> None:
    uma = as_("uma", "waiting/?one=1")
    title = uma.locator(".kb-item__title")
    first = title.inner_text()
    uma.evaluate("window.isTheSame = true")
    uma.locator(".kb-item__title a").focus()
    uma.keyboard.press("s")
    expect(title).not_to_have_text(first)
    expect(title).to_be_focused()
    second = title.inner_text()
    uma.keyboard.press("n")
    uma.keyboard.type("an s and an a are words here")
    uma.keyboard.press("Enter")
    expect(title).not_to_have_text(second)
    third = title.inner_text()
    uma.keyboard.press("a")
    expect(title).not_to_have_text(third)
    assert uma.evaluate("window.isTheSame")
    uma.goto(uma.url.split("waiting/")[0] + "d/")
    for name, says in ((second, "does not agree yet"), (third, "agrees")):
        expect(uma.locator(".kb-row", has_text=re.compile(f"{name}\\b"))).to_contain_text(f"Support {says}")
