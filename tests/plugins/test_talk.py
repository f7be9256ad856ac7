"""Ways to say something stand at headings where a server is, cost little, and leave everything else as it was."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from mkdocs_builds import Builder

from kb_mkdocs import assets, talk
from kb_server.pages.layout import FOR_SERVER

HEADING = '<h2 id="b">B<a class="headerlink" href="#b">#</a></h2>'
PAGE = f'<h1>T</h1>\n<p>a</p>\n{HEADING}\n<p>c</p>\n<details><h2 id="d">D</h2></details>'
WIDGETS = ("talk.js", "helpful.js")
IMPORT = re.compile(rb"""^import (?:[^"']* from )?["']\./([\w.-]+)["']""", re.MULTILINE)


def test_a_heading_that_stands_by_itself_has_a_button_and_keeps_its_own_words() -> None:
    made = talk.with_feedback(PAGE, "../talk/p/")
    assert made.count('class="kb-ask"') == 1
    assert 'href="../talk/p/?section=b#say" data-kb-ask="b"' in made
    assert HEADING in made
    assert '<span class="kb-hidden"> on B</span>' in made


def test_a_heading_cannot_break_out_of_its_button() -> None:
    made = talk.with_feedback('<h2 id="b">A &lt;b&gt; &quot;c&quot;</h2>', "../talk/p/")
    assert "on A &lt;b&gt; &quot;c&quot;</span>" in made


def test_a_heading_behind_a_place_for_the_server_has_its_button_and_the_place_stays_outside() -> None:
    made = talk.with_feedback(f"<!--kb:a--><!--/kb-->{HEADING}", "../talk/p/")
    assert made.startswith('<!--kb:a--><!--/kb-->\n<div class="kb-heading"><h2')


def test_nothing_is_lost_between_headings() -> None:
    made = talk.with_feedback(PAGE, "t/")
    without = re.sub(r'\n<div class="kb-heading">(.*?)<a class="kb-ask".*?</a></div>\n', r"\1", made, flags=re.DOTALL)
    assert without.replace("\n", "") == PAGE.replace("\n", "")


@pytest.mark.parametrize("meta", [{"kb_shell": "search"}, {"template": "home.html"}, {"comments": False}])
def test_some_pages_are_nothing_to_talk_about(meta: dict[str, object]) -> None:
    assert talk.address("p", "a/", meta) == ""
    assert talk.address("p", "a/", {}) == "../talk/p/"


def loaded_by(*widgets: str) -> dict[str, int]:
    """The modules these need, themselves among them, with their size on the way."""
    files, loaded, coming = assets.bundle().files, set[str](), set(widgets)
    while coming:
        loaded |= coming
        coming = {name.decode() for one in coming for name in IMPORT.findall(files[one])} - loaded
    return {name: len(gzip.compress(files[name], 9)) for name in loaded}


def test_what_a_page_loads_to_talk_is_small() -> None:
    loaded = loaded_by(*WIDGETS)
    assert {"words.js", "passages.js", "sheet.js", "drafts.js"} < set(loaded)
    assert sum(loaded.values()) < 12_000


def test_what_a_page_loads_for_its_terms_is_small_and_mostly_there_already() -> None:
    loaded = loaded_by("terms.js")
    assert set(loaded) - set(loaded_by(*WIDGETS)) == {"terms.js"}
    assert loaded["terms.js"] < 2_500


@pytest.mark.slow
@pytest.mark.parametrize("for_server", ["yes", ""])
def test_only_a_site_for_a_server_has_ways_to_talk(
    for_server: str, built: Builder, wiki: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    if for_server:
        monkeypatch.setenv(FOR_SERVER, for_server)
    home = wiki(
        {"index.md": "---\nid: home\n---\n# A\n\n## B\n", "mute.md": "---\ncomments: false\n---\n# C\n\n## D\n"}
    )
    site = built(home)
    assert ('<kb-talk page="home">' in site.text("index.html")) == bool(for_server)
    assert ('href="talk/home/?section=b#say"' in site.text("index.html")) == bool(for_server)
    assert "kb-talk" not in site.text("mute/index.html")
    assert "kb-ask" not in site.text("mute/index.html")
    assert "Feedback" not in site.text("search/search_index.json")
