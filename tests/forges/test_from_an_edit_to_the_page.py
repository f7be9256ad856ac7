"""From a browser through each forge to the live page and the thank-you, with nobody at a terminal."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest
from forges.forge_servers import SERVERS
from forges.repository import Repository
from forges.serving import TOKEN
from talking import Person, browsers

from kb_server.app import create_app
from kb_server.config import Settings
from kb_server.db import Database
from kb_server.following.service import Follower

pytestmark = pytest.mark.slow
BEFORE = "## Calling back\n\nSales calls back soon."
BETTER = BEFORE.replace("soon", "within one working day")
WIKI = {
    "mkdocs.yml": "site_name: A wiki\ntheme: {name: material, font: false}\nplugins: [search, kb]\n",
    "teams.yml": (
        "teams:\n"
        "  sales: {name: Sales, hue: blue, speakers: [sam], liaisons: [sam]}\n"
        "  marketing: {name: Marketing, hue: plum, speakers: [mia], liaisons: [mia]}\n"
        "people:\n"
        "  sam: {name: Sam, email: sam@example.com, teams: [sales]}\n"
        "  mia: {name: Mia, email: mia@example.com, teams: [marketing]}\n"
    ),
    "docs/index.md": "# Home\n",
    **{f"docs/{name}.md": f"---\nid: {name}\nteams: [sales]\n---\n# {name}\n\n{BEFORE}\n" for name in SERVERS},
}


@pytest.fixture
def store_kind() -> str:
    """What differs between databases is tested where it does."""
    return "sqlite"


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """One for all three forges: each may be in front of it."""
    return Repository(tmp_path / "hub.git", WIKI)


@pytest.fixture
def settings(settings: Settings, repository: Repository) -> Settings:
    return replace(settings, base_url="http://localhost/", follow_url=f"file://{repository.folder}")


@pytest.fixture
def follower(database: Database, settings: Settings) -> Follower:
    found = Follower(database, settings, lambda: False)
    assert found.look()
    return found


def suggest(mia: Person, page: str) -> str:
    """Mia writes in her browser how a section of a page should be; gives where that stands."""
    shown = mia.get(f"/suggestions/change/?page={page}&section=calling-back").text
    hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', shown)
    fields = {name: unescape(value) for name, value in hidden} | {"text-0": BETTER, "title": "Say by when"}
    sent = mia.post("/suggestions/change/", **fields, body="People ask.", from_team="marketing", to_team="sales")
    return str(sent.headers["Location"])


def test_from_an_edit_in_a_browser_through_each_forge_to_the_live_page_and_the_thank_you(
    follower: Follower, database: Database, settings: Settings, repository: Repository
) -> None:
    for kind, of_its_kind in SERVERS.items():
        with of_its_kind(repository) as server:
            at = {"forge": kind, "forge_url": server.url, "forge_repository": "example/wiki", "forge_token": TOKEN}
            as_ = browsers(create_app(replace(settings, **at), database))
            mia, sam = as_("mia"), as_("sam")
            address = suggest(mia, kind)
            assert sam.post(f"{address}apply/").headers["Location"] == address
            assert "It is proposed" in mia.get(address).text
            proposed = repository.requests[-1]
            assert repository.said(proposed.head)["author"] == "Mia <mia@example.com>"
            server.merge(proposed)  # as people do there
            assert "soon" in mia.get(f"/{kind}/").text, "it is not live yet"
    assert follower.look()
    waiting = mia.get("/waiting/").text
    assert waiting.count("Thank you: your suggestion changed") == len(SERVERS)
    for number, kind in enumerate(SERVERS, 1):
        page, done = mia.get(f"/{kind}/").text, mia.get(f"/s/{number}/").text
        assert "Sales calls back within one working day." in page
        assert "Improved by Marketing, 1 suggestion" in page
        assert "<ins>within one working day</ins>" in done
        assert TOKEN not in f"{page}{done}{waiting}"
