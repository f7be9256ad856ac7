"""What MkDocs says of links, in our words: what no single build shows. The rest is in cases/dead-links."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig

from kb_mkdocs.plainer import LOGGERS, Plainer
from kb_mkdocs.reading import Known
from kb_server.wiki.nowhere import most_alike

LINK = "Doc file 'a.md' contains a link '{}', but the target is not found among documentation files."


@pytest.fixture
def config(tmp_path: Path) -> MkDocsConfig:
    (tmp_path / "docs").mkdir()
    (tmp_path / "mkdocs.yml").write_text("site_name: x\n")
    return load_config(str(tmp_path / "mkdocs.yml"))


def plainer(config: MkDocsConfig, text: str = "") -> Plainer:
    return Plainer(config, {"a.md": Known("docs/a.md", text, {})}.get)


def test_a_message_nobody_knows_passes_as_it_is(config: MkDocsConfig) -> None:
    record = logging.LogRecord("mkdocs", logging.WARNING, "", 1, "Something %s", ("new",), None)
    assert plainer(config).filter(record)
    assert (record.levelname, record.getMessage()) == ("WARNING", "Something new")


def test_an_address_within_a_longer_one_is_not_taken_for_it(config: MkDocsConfig) -> None:
    text = "[1](xb.md)\n[2](b.md.txt)\n[3](../b.md)\n[4](b.md)\n"
    assert plainer(config, text).said(LINK.format("b.md")).startswith("docs/a.md:4: the link 'b.md'")


def test_a_link_that_another_plugin_wrote_has_no_line(config: MkDocsConfig) -> None:
    assert plainer(config).said(LINK.format("b.md")).startswith("docs/a.md: the link 'b.md'")


def test_only_the_latest_build_is_listened_to(config: MkDocsConfig) -> None:
    plainer(config).begin()
    latest = plainer(config)
    latest.begin()
    for name in LOGGERS:
        log = logging.getLogger(name)
        assert [one for one in log.filters if isinstance(one, Plainer)] == [latest]
        log.removeFilter(latest)


@pytest.mark.parametrize(
    ("path", "near"),
    [
        ("leads/laed.md", "leads/lead.md"),
        ("old/lead.md", "leads/lead.md"),
        ("old/sub/lead.md", "old/team/lead.md"),
        ("leads/scoring/README.md", "old/scoring/README.md"),
        ("prices/README.md", ""),
        ("idnex.md", "index.md"),
        ("leads/price-list.md", ""),
    ],
)
def test_the_page_that_was_probably_meant_has_a_name_like_it(path: str, near: str) -> None:
    pages = ["leads/lead.md", "leads/meeting.md", "old/scoring/README.md", "old/team/README.md", "index.md"]
    pages += ["old/team/lead.md"] if "sub" in path else []
    assert most_alike(path, pages) == near
