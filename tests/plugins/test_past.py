"""A build knows the wiki's past: from git, from a file that carries it, or it says what it lacks."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from mkdocs_builds import Builder
from pasts import Past

CONFIG = "site_name: A wiki\ntheme: {name: material, font: false}\nplugins: [search, kb]\n"
PAGE = "---\nid: handover\n---\n# Handing over\n\nThree lines on what was promised, by whom and until when.\n"
BACK = "---\nid: back\n---\n# Sending back\n\nWithin fourteen days, in the box in which it came, with the bill.\n"


@pytest.fixture
def wiki(tmp_path: Path) -> Past:
    past = Past(tmp_path / "wiki")
    (past.folder / "mkdocs.yml").write_text(CONFIG)
    past.commit(index="# Home\n", old=PAGE, **{"zurück schicken": BACK})
    past.commit(old=None, new=PAGE, **{"zurück schicken": None}, back=BACK)
    return past


@pytest.mark.slow
def test_an_old_address_leads_on(wiki: Past, built: Builder) -> None:
    site = built(wiki.folder)
    assert "../new/" in site.text("old/index.html")
    assert "../back/" in site.text("zurück schicken/index.html")
    assert not [line for line in site.lines("INFO") if "Nothing is known" in line]


@pytest.mark.slow
def test_a_clone_without_the_past_says_so_and_a_file_carries_it(wiki: Past, built: Builder, tmp_path: Path) -> None:
    whole = built(wiki.folder, name="whole")
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "-q", "--depth", "1", wiki.folder.as_uri(), str(clone)], check=True)
    poor = built(clone, name="poor")
    assert not (poor.site / "old").exists()
    assert [line for line in poor.lines("INFO") if "Nothing is known before 2026-01-02" in line]
    assert "../new/" in whole.text("old/index.html")


@pytest.mark.slow
def test_a_file_that_is_no_history_stops_the_build_with_its_name(wiki: Past, built: Builder) -> None:
    (wiki.folder / "history.json").write_text("{}")
    result = built(wiki.folder)
    assert result.stopped
    assert any("history.json" in line for line in result.lines("ERROR"))
