"""From what somebody suggested to a pull request with one click, at each forge; and by hand where that cannot be."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest
from by_hand import page
from flask import Response
from forges.forge_servers import SERVERS
from forges.repository import Repository
from forges.serving import TOKEN, Server
from talking import As, Person, log

from kb_server.config import Settings
from kb_server.db import Database
from kb_server.forges import asking
from kb_server.pages.manifest import Page, Section
from kb_server.previews import shelf
from kb_server.previews.models import Branch, Previews
from kb_server.suggestions.edits import storage

WHEN = "## When we hand over\n\nSales calls back soon.\n\n- first\n- second"
BETTER = WHEN.replace("soon", "within **one** day")
FILE = f"---\nid: handing\n---\n\n# Handing a lead\n\nHow a lead goes.\n\n{WHEN}\n"
PATH = "wiki/docs/handing.md"


@pytest.fixture
def store_kind() -> str:
    """Nothing here differs between databases."""
    return "sqlite"


@pytest.fixture
def published(publish: Callable[..., str]) -> str:
    home = Page("home", "page", "", "Home", "docs/index.md", sections=page("home").sections)
    sections = (
        Section("", "Handing a lead", 1, "How.", "# Handing a lead\n\nHow a lead goes.", (5, 7), "1:1"),
        Section("when", "When we hand over", 2, "Sales calls back soon.", WHEN, (9, 14), "1:2"),
    )
    handing = Page(
        "handing",
        "page",
        "handing/",
        "Handing a lead",
        "docs/handing.md",
        sections=sections,
        teams=("marketing", "sales"),
        meta={"owner": "vera"},
        edit_url="https://git.example.com/edit/handing.md",
    )
    return publish(home, handing)


@pytest.fixture(params=SERVERS)
def forge(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setattr(asking, "LONGEST_WAIT", 600)  # whatever else the machine does
    monkeypatch.setattr(asking, "PATIENCE", 300)
    with SERVERS[request.param](Repository(tmp_path / "hub.git", {PATH: FILE, "README.md": "x"})) as running:
        yield running


@pytest.fixture
def settings(settings: Settings, request: pytest.FixtureRequest) -> Settings:
    """With a forge, in those tests that ask for one."""
    settings = replace(settings, base_url="http://localhost/")
    if "forge" not in request.fixturenames:
        return settings
    server: Server = request.getfixturevalue("forge")
    kind = next(name for name, kind in SERVERS.items() if type(server) is kind)
    where = {"forge_url": server.url, "forge_repository": "example/wiki", "forge_folder": "wiki"}
    return replace(settings, forge=kind, forge_token=TOKEN, **where)


@pytest.fixture
def address(sam: Person) -> str:
    """What Sam suggests to Marketing: another text of a section."""
    shown = sam.get("/suggestions/change/?page=handing&section=when").text
    names = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', shown)
    fields = {name: unescape(value) for name, value in names} | {"text-0": BETTER, "to_team": "marketing"}
    sent = sam.post("/suggestions/change/", **fields, title="Say by when", body="Customers ask.\n\n@everybody /merge")
    assert sent.status_code == 303, sent.text
    return str(sent.headers["Location"])


def test_one_click_opens_a_pull_request_and_says_yes(
    forge: Server, address: str, sam: Person, mia: Person, database: Database
) -> None:
    assert "Apply it</button>" in mia.get(address).text
    assert "Apply it" not in sam.get(address).text
    done = mia.post(f"{address}apply/")
    assert (done.status_code, done.headers["Location"]) == (303, address)
    made = forge.repository.said("suggestion/S-1")
    assert forge.repository.files("suggestion/S-1") == {PATH: FILE.replace(WHEN, BETTER), "README.md": "x"}
    assert made["author"] == "Sam <sam@example.com>"
    assert made["message"].strip().endswith("Closes: S-1\nSuggested-by: Sam")
    (asked,) = forge.repository.requests
    assert (asked.title, asked.base) == ("Say by when (closes S-1)", "main")
    assert "[S-1](http://localhost/s/1/)" in asked.body
    assert "Closes: S-1" in asked.body
    assert "> Customers ask." in asked.body
    assert "everybody" not in asked.body
    shown = mia.get(address).text
    with database.read() as connection:
        (kept,) = storage.edits_of(connection, 1)
    assert f'href="{kept.applied}"' in shown
    assert kept.applied.startswith(forge.url)
    assert "Planned" in shown
    assert "Mia proposed the change" in shown
    assert TOKEN not in shown
    asked_so_far = len(forge.asked)
    again = mia.post(f"{address}apply/")
    assert (again.status_code, again.headers["Location"]) == (303, address)
    assert len(forge.asked) == asked_so_far, "it is known where it is"
    with database.transaction() as connection:  # as for somebody who was as fast
        storage.mark_applied(connection, 1, [0], "")
    assert mia.post(f"{address}apply/").status_code == 303
    assert len(forge.repository.requests) == 1
    verbs = [one["verb"] for one in log(database, "suggestion.applied", "suggestion.planned")]
    assert verbs == ["suggestion.applied", "suggestion.planned", "suggestion.applied"]


def test_what_is_proposed_leads_to_its_preview_whoever_may_see_that(
    address: str, sam: Person, somebody: As, database: Database, settings: Settings
) -> None:
    branch = Branch("suggestion/S-1", "a" * 40, build="b", pages=(("handing/", "Handing a lead"),))
    shelf.of(settings.data_dir).keep(Previews((branch,)))
    with database.transaction() as connection:
        storage.mark_applied(connection, 1, [0], "https://git.example.com/pull/1")
    link = '<a href="/preview/suggestion/S-1/handing/" target="_self">See the page with it</a>'
    assert link in sam.get(address).text
    assert link not in somebody().get(address).text


def test_what_was_closed_there_is_applied_again_and_what_is_open_or_merged_is_not(
    forge: Server, address: str, mia: Person, database: Database
) -> None:
    it = forge.repository
    mia.post(f"{address}apply/")
    assert "Closed there? Apply it again" in mia.get(address).text
    waiting = mia.post(f"{address}apply/", again="1")
    assert (waiting.status_code, len(it.requests)) == (200, 1)
    assert "It is open there, and waits to be merged. Nothing was done." in waiting.text
    it.requests[0].state = "closed"
    assert mia.post(f"{address}apply/", again="1").headers["Location"] == address
    assert [(one.head, one.state) for one in it.requests] == [
        ("suggestion/S-1", "closed"),
        ("suggestion/S-1-2", "open"),
    ]
    with database.read() as connection:
        assert storage.edits_of(connection, 1)[0].applied.endswith("/2")
    forge.merge(it.requests[1])
    merged = mia.post(f"{address}apply/", again="1")
    assert (merged.status_code, len(it.requests)) == (409, 2)
    assert "The text there reads so already. It is live with the next build." in merged.text
    it.change(PATH, FILE)  # somebody took it back there
    assert mia.post(f"{address}apply/", again="1").headers["Location"] == address
    assert it.requests[2].head == "suggestion/S-1-3"
    it.change(PATH, FILE.replace("- second", "- another"))
    assert mia.post(f"{address}apply/").headers["Location"] == address, "a click too many asks nobody"


def test_a_pull_request_that_the_wiki_lost_sight_of_is_found_again_by_its_text(
    forge: Server, address: str, mia: Person
) -> None:
    it = forge.repository
    forge.lost = {"make_pull", "make_merge_request"}
    assert mia.post(f"{address}apply/").status_code == 502
    forge.lost = set()
    it.change(PATH, FILE.replace("How a lead goes.", "How a lead goes on."))
    assert mia.post(f"{address}apply/").status_code == 303
    assert len(it.requests) == 1


def test_who_may_apply_it(forge: Server, address: str, somebody: As) -> None:
    for handle, may in (("sam", False), ("otto", False), ("mia", True), ("lee", True), ("ada", True), ("vera", True)):
        asked = len(forge.asked)
        answer = somebody(handle).post(f"{address}apply/")
        assert answer.status_code == (303 if may else 403), handle
        assert somebody(handle).get(f"{address}apply/").status_code == (200 if may else 403)
        assert may or len(forge.asked) == asked
    assert somebody("").post(f"{address}apply/").status_code == 401
    assert len(forge.repository.requests) == 1


def test_the_owner_of_the_page_applies_it_and_leaves_the_answer_to_the_team_that_was_asked(
    forge: Server, address: str, somebody: As
) -> None:
    assert somebody("vera").post(f"{address}apply/").status_code == 303
    shown = somebody("mia").get(address).text
    assert "It is proposed" in shown
    assert "What does Marketing say?" in shown
    assert forge.repository.requests


def test_what_the_forge_refuses_is_said_with_the_text_to_take_over_and_nothing_is_written(
    forge: Server, address: str, mia: Person, database: Database
) -> None:
    forge.fault = lambda _name: Response("<h1>Bad gateway</h1>", 502)
    failed = mia.post(f"{address}apply/")
    assert failed.status_code == 502
    assert "has trouble of its own (502). Try again later." in failed.text
    assert "within **one** day" in failed.text
    assert "Try again" in failed.text
    assert TOKEN not in failed.text
    assert not log(database, "suggestion.applied", "suggestion.planned")
    forge.fault = lambda _name: None
    assert mia.post(f"{address}apply/").status_code == 303
    assert len(forge.repository.requests) == 1


def test_a_text_that_changed_meanwhile_stands_beside_both_others(
    forge: Server, address: str, mia: Person, database: Database
) -> None:
    forge.repository.change(PATH, FILE.replace("- second", "- another"))
    answer = mia.post(f"{address}apply/")
    assert answer.status_code == 409
    assert "The text has changed since this was suggested" in answer.text
    as_read = answer.text.partition("As it was read")[2].partition("As suggested")[0]
    assert '<p dir="auto">Sales calls back soon.</p>' in as_read
    assert re.search(r"back <del>soon</del><ins>within \*\*one\*\* day</ins>", answer.text)
    assert "<del>second</del><ins>another</ins>" in answer.text
    assert f'href="{address}carry/"' in answer.text
    assert not forge.repository.tip("suggestion/S-1")
    assert not log(database, "suggestion.applied")


def test_without_a_forge_the_text_is_taken_over_by_hand(
    address: str, mia: Person, settings: Settings, tmp_path: Path
) -> None:
    shown = mia.get(address).text
    assert "Apply it by hand" in shown
    assert "Apply it</button>" not in shown
    assert mia.post(f"{address}apply/").headers["Location"] == f"{address}apply/"
    handed = mia.get(f"{address}apply/").text
    assert BETTER in unescape(handed)
    assert "Closes: S-1" in handed
    assert 'href="https://git.example.com/edit/handing.md"' in handed
    assert "change.patch" not in handed
    assert mia.get(f"{address}apply/change.patch").status_code == 404
    (tmp_path / "docs").mkdir()
    settings.config_file.write_text("site_name: x\n")
    (tmp_path / "docs" / "handing.md").write_text(FILE)
    assert "change.patch" in mia.get(f"{address}apply/").text
    patch = mia.get(f"{address}apply/change.patch")
    assert patch.headers["Content-Disposition"] == 'attachment; filename="S-1.patch"'
    assert "From: Sam <sam@example.com>" in patch.text
    assert "\n-Sales calls back soon.\n+Sales calls back within **one** day.\n" in patch.text
    (tmp_path / "docs" / "handing.md").write_text(FILE.replace("soon", "today"))
    assert "As it is now" in mia.get(f"{address}apply/").text
    assert mia.get(f"{address}apply/change.patch").status_code == 404


def test_what_is_answered_no_or_carries_no_text_cannot_be_applied(address: str, sam: Person, mia: Person) -> None:
    plain = sam.post("/suggestions/", body="Only words", to_team="marketing").headers["Location"]
    assert mia.get(f"{plain}apply/").status_code == 404
    assert "Apply it by hand" not in mia.get(plain).text
    declined = mia.post(address, act="decline", body="Not now", version="1")
    assert declined.status_code == 303
    assert mia.post(f"{address}apply/").status_code == 409
    assert "Apply it by hand" not in mia.get(address).text
