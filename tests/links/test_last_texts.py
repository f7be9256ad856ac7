"""What a page said last that was removed: read from git by those who are signed in, and without what could do harm."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from by_hand import page
from pasts import Past
from talking import Person, browsers

from kb_server.app import create_app
from kb_server.config import Settings
from kb_server.db import Database
from kb_server.pages import history, layout
from kb_server.wiki.past.last_text import last_sections

Publish = Callable[..., str]
FAIRS = """---
id: fairs
owner: mia
---
# Fairs

We *go* to [three](javascript:alert(1)) fairs. <script>alert(1)</script>

## Who pays

Marketing does.
"""


@pytest.fixture
def past(tmp_path: Path) -> Past:
    """A wiki whose page on fairs was taken away."""
    made = Past(tmp_path / "wiki")
    made.commit(home="# Home\n", fairs=FAIRS)
    made.commit("No fairs any more", fairs=None)
    return made


@pytest.fixture
def asked(database: Database, settings: Settings, publish: Publish, past: Past) -> Callable[..., Person]:
    """A browser of somebody; the server runs where the wiki's repository is, or in another folder."""
    publish(page("home", url=""), **{layout.HISTORY: history.dumps(past.history())})

    def come(handle: str = "", folder: Path = past.folder, *, public: bool = False) -> Person:
        there = replace(settings, config_file=folder / "mkdocs.yml", public_read=public)
        return browsers(create_app(there, database))(handle)

    return come


def test_whoever_is_signed_in_reads_what_a_removed_page_said_last(asked: Callable[..., Person]) -> None:
    sam = asked("sam")
    told = sam.get("/p/fairs/")
    assert told.status_code == 410
    assert 'href="/last-text/fairs/">Read what it said last</a>' in told.text
    last = sam.get("/last-text/fairs/")
    assert (last.status_code, last.headers["Cache-Control"]) == (200, "private, no-cache")
    assert "<p>We <em>go</em> to" in last.text
    assert "<h2>Who pays</h2>" in last.text
    assert "owner: mia" not in last.text
    assert "<script>alert" not in last.text
    assert 'href="javascript' not in last.text


def test_whoever_is_not_signed_in_does_not_though_the_wiki_is_public(asked: Callable[..., Person]) -> None:
    nobody = asked(public=True)
    assert "Read what it said last" not in nobody.get("/fairs/").text
    assert "Marketing does" not in nobody.get("/last-text/fairs/").text


@pytest.mark.parametrize("address", ["", "home/", "nothing/", "../home/", "fairs/who/"])
def test_nothing_but_what_was_removed_is_read(asked: Callable[..., Person], address: str) -> None:
    assert asked("sam").get(f"/last-text/{address}").status_code == 404


def test_where_git_does_not_have_it_that_is_said(asked: Callable[..., Person], tmp_path: Path) -> None:
    found = asked("sam", tmp_path).get("/last-text/fairs/")
    assert "Its text is not kept where this server runs." in found.text


def test_what_a_merge_left_out_is_read_from_the_side_that_had_it(past: Past) -> None:
    past.git("checkout", "-q", "-b", "side", "HEAD")
    past.commit(stand="# Stand\n\nIt was blue.\n")
    past.git("checkout", "-q", "main")
    past.commit(home="# Home\n\nMore.\n")
    past.git("merge", "-q", "--no-commit", "side")
    past.write(stand=None)
    merge = past.commit("Join without it")
    assert [one.body for one in last_sections(past.folder, merge, "docs/stand.md")] == ["It was blue."]
    assert last_sections(past.folder, "HEAD", "docs/stand.md") == ()
