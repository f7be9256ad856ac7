"""From a thought on a phone to the live page and a thank-you: somebody writes how it should read, and so it will."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from coming import Visit, coming
from pasts import Past
from playwright.sync_api import expect
from processes import KB, publish, start, stop

PHONE = {"width": 360, "has_touch": True, "is_mobile": True}
TEAMS = """
teams:
  sales: {name: Sales, hue: blue, speakers: [sam], liaisons: [sam]}
  marketing: {name: Marketing, hue: plum, speakers: [mia], liaisons: [mia]}
people:
  sam: {name: Sam, email: sam@example.com, teams: [sales]}
  mia: {name: Mia, email: mia@example.com, teams: [marketing]}
"""
CONFIG = "site_name: A wiki\ntheme: {name: material, font: false}\nplugins: [search, kb]\n"
LIVE = {
    "suggestions": "---\nkb_shell: suggestions\n---\n# Suggestions\n\nThe server is away.\n",
    "waiting": "---\nkb_shell: waiting\n---\n# Waiting for you\n\nThe server is away.\n",
}
HEAD = "---\nid: calls\nteams: [sales]\nowner: sam\n---\n# Calls\n\nHow we call.\n\n## Calling back\n\n"


@pytest.fixture
def past(tmp_path: Path) -> Past:
    home = tmp_path / "wiki"
    past = Past(home)
    (home / "mkdocs.yml").write_text(CONFIG)
    (home / "teams.yml").write_text(TEAMS)
    (home / ".gitignore").write_text("data\n")
    past.commit("Begin", index="# Home\n", calls=f"{HEAD}Sales calls back soon.\n", **LIVE)
    publish(home / "data", home / "mkdocs.yml")
    return past


def take_over(past: Past, suggestion: str) -> None:
    """On somebody's terminal."""
    environment = os.environ | {"KB_DATA_DIR": str(past.folder / "data")}
    subprocess.run([*KB, "apply", suggestion], cwd=past.folder, env=environment, check=True)


@pytest.fixture
def server(past: Past) -> Iterator[str]:
    process, address = start(past.folder / "data", config=past.folder / "mkdocs.yml")
    yield address
    stop(process)


def test_from_a_thought_on_a_phone_to_the_live_page_and_the_thank_you(past: Past, server: str, visit: Visit) -> None:
    as_ = coming(visit, server, "waiting/")

    # Mia, on her phone, writes it as it should be.
    mia = as_("mia", "suggestions/change/?page=calls&section=calling-back", **PHONE)
    box = mia.locator("textarea[name=text-0]")
    box.fill(box.input_value().replace("soon", "within one working day"))
    mia.get_by_label("Why?").fill("People ask us by when")
    mia.get_by_role("button", name="Suggest this text").click()
    mia.wait_for_url("**/s/1/")

    # Sam takes it over on his terminal, and merges it.
    take_over(past, "S-1")
    past.git("merge", "-q", "--no-ff", "-m", "Merge branch 'suggestion/S-1'", "suggestion/S-1")
    assert past.git("log", "-1", "--format=%an", "suggestion/S-1") == "Mia"
    publish(past.folder / "data", past.folder / "mkdocs.yml", to=server)

    # It is live, it is done, and Mia is told.
    mia.goto(f"{server}calls/")
    expect(mia.locator("article")).to_contain_text("Sales calls back within one working day.")
    expect(mia.locator(".kb-facts")).to_contain_text("Improved by Marketing, 1 suggestion")
    mia.goto(f"{server}waiting/")
    card = mia.get_by_role("article", name="People ask us by when")
    expect(card).to_contain_text("Done")
    expect(card).to_contain_text("Thank you: your suggestion changed Calls.")
    card.get_by_role("link", name="People ask us by when").click()
    changed = mia.get_by_role("region", name="What changed on Calls: Calling back")
    expect(changed.locator("del")).to_have_text("soon")
    expect(changed.locator("ins")).to_have_text("within one working day")
    expect(changed).to_contain_text("After, live since")
