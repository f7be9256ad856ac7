"""On a host that only has files, every link that lasts has a page that leads on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kb_mkdocs.forwarding import Forwarding
from kb_server.pages.history import Address, History, Removed, Target
from kb_server.pages.leading import Leads
from kb_server.pages.manifest import Manifest, Page, Section

if TYPE_CHECKING:
    from pathlib import Path

SHELL = (
    "<title>{% block title %}{% endblock %}</title><link href='{{ kb_base }}kb.css'>{% block content %}{% endblock %}"
)
GONE = Removed("Fairs", "2026-06-03", "Fold into calls", page="fairs", instead=(Target("calls"),))
PAST = History(
    addresses={
        "now/handover/": Address(Target("handover"), {"how": Target("handover", "steps")}),
        "": Address(Target("handover")),
        "old/": Address(Target("handover")),
        "%C3%BCber%20uns/": Address(Target("handover")),
        "old.html": Address(Target("handover", "steps")),
        "two/": Address(Target("handover"), {"steps": Target("calls")}),
        "deep/down/fairs/": Address(None, removed=GONE),
        "../out/": Address(Target("handover")),
        "/etc/": Address(Target("handover")),
        "LICENSE/": Address(Target("handover")),
        "a/" * 2_500: Address(Target("handover")),
        "a.txt": Address(Target("handover")),
        "now/calls/": Address(Target("handover")),
    }
)


def page(page_id: str, *anchors: str, permanent: bool = True, aliases: tuple[str, ...] = ()) -> Page:
    sections = tuple(Section(anchor, anchor.title(), 2, "", "", None, "") for anchor in ("", *anchors))
    url = f"now/{page_id}/"
    return Page(page_id, "page", url, page_id.title(), "", permanent, aliases=aliases, sections=sections)


@pytest.fixture
def site(tmp_path: Path) -> Path:
    pages = (
        page("handover", "steps", "a/b", "index.html", aliases=("The hand-over",)),
        page("calls"),
        page("derived", permanent=False),
    )
    site = tmp_path / "site"
    (site / "now/calls").mkdir(parents=True)
    (site / "now/calls/index.html").write_text("its own")
    (site / "LICENSE").write_text("its own")
    content = Manifest("A wiki", "en", pages=pages)
    Forwarding(content, Leads(pages, PAST), SHELL, "assets/led.js", "https://wiki.example.com/w/").write(site)
    return site


@pytest.mark.parametrize(
    ("file", "target"),
    [
        ("p/handover/index.html", "../../now/handover/"),
        ("über uns/index.html", "../now/handover/"),
        ("p/handover/steps/index.html", "../../../now/handover/#steps"),
        ("p/handover/how/index.html", "../../../now/handover/#steps"),
        ("go/the-hand-over/index.html", "../../now/handover/"),
        ("go/calls/index.html", "../../now/calls/"),
        ("old/index.html", "../now/handover/"),
        ("index.html", "now/handover/"),
        ("old.html", "now/handover/#steps"),
    ],
)
def test_it_leads_on(site: Path, file: str, target: str) -> None:
    text = (site / file).read_text()
    assert f'content="0; url={target}"' in text
    assert f'<a href="{target}" data-kb-led="">' in text
    assert 'rel="canonical" href="https://wiki.example.com/w/now/' in text


def test_who_is_led_on_is_not_dazzled_and_can_read_it_on_a_phone(site: Path) -> None:
    text = (site / "old/index.html").read_text()
    assert '<meta name="viewport" content="width=device-width,initial-scale=1">' in text
    assert '<meta name="color-scheme" content="light dark">' in text


def test_a_part_of_an_old_address_is_taken_along_by_a_script_alone(site: Path) -> None:
    text = (site / "old/index.html").read_text()
    assert '<noscript><meta http-equiv="refresh"' in text
    assert '<script type="module" src="../assets/led.js">' in text
    assert "<noscript>" not in (site / "p/handover/steps/index.html").read_text()  # it names the part itself


def test_a_removed_page_says_so_in_the_sites_own_look(site: Path) -> None:
    text = (site / "deep/down/fairs/index.html").read_text()
    assert "<link href='../../../kb.css'>" in text
    assert "<bdi><b>Fairs</b></bdi> was taken away on 3 June 2026." in text
    assert 'href="../../../now/calls/"' in text


def test_parts_that_went_different_ways_are_told_apart(site: Path) -> None:
    text = (site / "two/index.html").read_text()
    assert 'id="steps"' in text
    assert '<a class="kb-row__title" href="../now/calls/" data-kb-led="steps">' in text


def test_nothing_is_written_over_or_outside(site: Path) -> None:
    assert (site / "now/calls/index.html").read_text() == "its own"
    assert not (site.parent / "out").exists()
    assert not (site / "a.txt").exists()
    assert not (site / "p/derived").exists()
    assert (site / "LICENSE").read_text() == "its own"
    assert (site / "p/handover/index.html").is_file()
    names = ["LICENSE", "deep", "go", "index.html", "now", "old", "old.html", "p", "two", "über uns"]
    assert sorted(path.name for path in site.iterdir()) == names
