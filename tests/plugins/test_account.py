"""The account in the header: where a server answers, beside the site's own link to its repository."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from mkdocs_builds import Builder

from kb_server.pages import layout

PAGES = {"index.md": "# Home\n", "a.md": "# A\n"}
OURS, MATERIALS = 'class="kb-account"', 'data-md-component="source"'
Wiki = Callable[..., Path]


@pytest.mark.slow
@pytest.mark.parametrize("repository", ["", "repo_url: https://forge.example/team/wiki\n"])
def test_a_site_for_the_server_shows_the_account(
    built: Builder, wiki: Wiki, repository: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(layout.FOR_SERVER, "1")
    made = built(wiki(PAGES, more=repository))
    page = made.text("a/index.html")
    assert (page.count(OURS), page.count(MATERIALS)) == (2, 2 if repository else 0)  # in the header and in the drawer
    assert re.search(r'href="\.\./account/"', page)
    assert re.search(r"\{\{ kb_base \}\}(?:\{% raw %\})?account/", made.shell("message"))


@pytest.mark.parametrize("repository", ["", "repo_url: https://forge.example/team/wiki\n"])
def test_a_site_for_a_static_host_has_nobody_to_sign_in(
    built: Builder, wiki: Wiki, repository: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(layout.FOR_SERVER, raising=False)
    page = built(wiki(PAGES, more=repository)).text("a/index.html")
    assert (page.count(OURS), page.count(MATERIALS)) == (0, 2 if repository else 0)


def test_the_page_that_asks_people_in_names_no_page(built: Builder, wiki: Wiki) -> None:
    made = built(wiki({"index.md": "# Home\n", "a.md": "# Secret lanterns\n", "b/c.md": "# More lanterns\n"}))
    assert "lanterns" in made.shell("message")
    assert "lanterns" not in made.shell("door")
    assert "{% block content %}" in made.shell("door")
