"""The place above every page, for what the server has to show there: in pages, in shells, and in no static site."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from mkdocs_builds import Builder

from kb_server.pages import layout, slots

PAGES = {"index.md": "# Home\n", "a.md": "# A\n"}
PLACE = slots.slot(slots.ABOVE, "")
Wiki = Callable[..., Path]


def test_each_page_for_the_server_has_the_place_once(
    built: Builder, wiki: Wiki, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(layout.FOR_SERVER, "1")
    made = built(wiki(PAGES))
    for name in ("index.html", "a/index.html"):
        before, _, after = made.text(name).partition(PLACE)
        assert PLACE not in after
        assert re.search(r"<body\b", before)
        assert "<header" in after
    assert made.shell("message").count("{{ kb_above() }}") == made.shell("door").count("{{ kb_above() }}") == 1
    assert PLACE not in made.shell("message")


def test_a_site_for_a_static_host_has_none(built: Builder, wiki: Wiki, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(layout.FOR_SERVER, raising=False)
    assert PLACE not in built(wiki(PAGES)).text("a/index.html")
