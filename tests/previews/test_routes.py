"""Previews at their addresses: for members alone, unambiguous whatever a branch is called, and found by nobody else."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import quote

import pytest
from by_hand import make_build, page
from flask.testing import FlaskClient
from stores import on_alone
from talking import Person, browsers

from kb_server.app import create_app
from kb_server.config import Settings
from kb_server.db import Database
from kb_server.previews import routes, shelf
from kb_server.previews.models import Branch, Previews
from kb_server.web.headers import INERT

AT = "2026-11-22T14:02:00Z"
NAMES = (
    *("draft", "Draft", "a/b/c", "HEAD", "-f", "--upload-pack=touch", "main.lock", "refs/heads/main", "@"),
    *("50%", "%2e%2e", "%2E%2E/x", "a+b", "x#y", "p&q=r", "é", "e\u0301", "\u202etxt", "日本", "x" * 200),
)
FILES = {"evil__js": "alert(1)", "evil__html": "<p>", "own__svg": "<svg/>", "data__json": "{}", "a__txt": "Text"}
FILES |= {"own__css": "p{color:blue}[data-md-color-scheme=slate] p{color:red}"}
pytestmark = on_alone("sqlite")


@pytest.fixture
def keep(settings: Settings) -> Callable[..., None]:
    """Put branches on the shelf, each with a build of a page that says its name."""

    def run(*names: str, **about: object) -> None:
        kept = shelf.of(settings.data_dir)
        kept.builds.mkdir(parents=True, exist_ok=True)
        found = []
        for number, name in enumerate(names):
            home = page("home", url="", title=f"Number {number}", text=name)
            build = make_build(kept.builds, home, page("new"), **FILES)
            found.append(Branch(name, "a" * 40, "Work", build, "a" * 40, AT))
        kept.keep(Previews(tuple(replace(one, **about) for one in found), AT))  # type: ignore[arg-type]

    return run


@pytest.fixture
def sam(database: Database, settings: Settings, publish: Callable[..., str]) -> Person:
    publish(page("home", url="", title="Published"))
    return browsers(create_app(settings, database))("sam")


def test_every_name_that_git_allows_has_an_address_of_its_own(keep: Callable[..., None], sam: Person) -> None:
    keep(*NAMES)
    listed = sam.get("/preview/").text
    for number, name in enumerate(NAMES):
        address = f"/preview/{quote(name)}/"
        assert f'href="{address}"' in listed
        seen = sam.get(address)
        assert (seen.status_code, f"<h1>Number {number}</h1>" in seen.text) == (200, True), name
        assert sam.get(address.removesuffix("/")).headers["Location"] == address
    for elsewhere in (
        "DRAFT/",
        "drafts",
        "a/",
        "a/b/",
        "../",
        "%2e%2e/%2e%2e/",
        "draft/../",
        "draft/%2e%2e/index.html",
        "x/",
    ):
        assert sam.get(f"/preview/{elsewhere}").status_code == 404, elsewhere


def test_a_server_holds_no_more_previews_in_its_memory_than_are_looked_at(
    keep: Callable[..., None], sam: Person
) -> None:
    keep("one", "other", "third", "fourth", "fifth", "sixth")
    for name in ("one", "other", "third", "fourth", "fifth", "sixth", "one"):
        assert sam.get(f"/preview/{name}/").status_code == 200
    assert len(sam.client.application.extensions[routes.SHOWN]) == routes.MOST_SHOWN


def test_a_page_says_what_it_is_and_leads_to_itself_as_published(keep: Callable[..., None], sam: Person) -> None:
    keep("a/b")
    seen = sam.get("/preview/a/b/")
    assert "Preview of <bdi>a/b</bdi>, built 22 November 2026, 14:02 UTC, not published." in seen.text
    assert '<a href="/">See this page as published</a>' in seen.text
    assert "This page is new" in sam.get("/preview/a/b/new/").text
    assert sam.get("/preview/a/b/new").headers["Location"] == "/preview/a/b/new/"
    assert seen.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert seen.headers["X-DNS-Prefetch-Control"] == "off"
    assert seen.headers["Cache-Control"] == "private, no-cache"
    assert "sandbox" in seen.headers["Content-Security-Policy"]
    assert seen.headers["Cross-Origin-Opener-Policy"] == "unsafe-none"  # or some browsers would show nothing
    missing = sam.get("/preview/a/b/other/")
    assert (missing.status_code, "not in the preview" in missing.text) == (404, True)


def test_what_a_browser_would_run_is_no_part_of_a_preview(keep: Callable[..., None], sam: Person) -> None:
    keep("draft")
    for name in ("evil.js", "evil.html", "_kb/roster.json", "_kb/manifest.json"):
        assert sam.get(f"/preview/draft/{name}").status_code == 404, name
    drawing = sam.get("/preview/draft/own.svg")
    rules = dict(rule.strip().partition(" ")[::2] for rule in drawing.headers["Content-Security-Policy"].split(";"))
    assert (rules["default-src"], rules["img-src"], rules["sandbox"]) == ("'none'", "data:", "")
    for name, taken_home in (("data.json", "attachment"), ("a.txt", None)):
        file = sam.get(f"/preview/draft/{name}")
        assert file.headers.get("Content-Disposition") == taken_home
        assert file.headers["Content-Security-Policy"] == INERT
    assert sam.get("/preview/draft/own.css?dark").text == "[data-md-color-scheme=default] p{color:red}"


def test_a_build_that_goes_while_it_is_looked_at_is_a_preview_that_is_gone(
    keep: Callable[..., None], sam: Person, settings: Settings
) -> None:
    keep("seen", "new")
    assert sam.get("/preview/seen/").status_code == 200
    shutil.rmtree(shelf.of(settings.data_dir).builds)
    for address in ("/preview/seen/", "/preview/seen/data.json", "/preview/new/"):
        answer = sam.get(address)
        assert (answer.status_code, "There is no such preview" in answer.text) == (404, True), address


def test_whoever_is_not_signed_in_sees_none_even_where_all_may_read(keep: Callable[..., None], sam: Person) -> None:
    keep("draft")
    client = sam.client.application.test_client()
    assert client.get("/").status_code == 200
    for address in ("/preview/", "/preview/draft/", "/preview/draft/own.svg", "/preview/nothing/"):
        answer = client.get(address)
        assert (answer.status_code, "draft" in answer.text.replace(address, "")) == (303, False), address


def test_a_branch_that_cannot_be_built_says_why_and_nothing_of_it_is_markup(
    keep: Callable[..., None], sam: Person
) -> None:
    keep("<b>x", build="", said=("docs/a.md:3: <script>alert(1)</script>",), title="<img src=x>")
    said = sam.get("/preview/%3Cb%3Ex/").text
    assert "docs/a.md:3: &lt;script&gt;alert(1)&lt;/script&gt;" in said
    listed = sam.get("/preview/").text
    assert "Cannot be built" in listed
    assert not [tag for tag in ("<script>", "<b>x", "<img") if tag in said + listed]


def test_a_branch_is_seen_as_it_was_while_its_newer_commit_waits(keep: Callable[..., None], sam: Person) -> None:
    keep("draft", commit="b" * 40)
    assert "A newer commit of it waits to be built." in sam.get("/preview/draft/").text
    keep("other", commit="b" * 40, build="", of="")
    assert "waits to be built" in sam.get("/preview/other/").text


def test_a_wiki_may_have_pages_of_its_own_there(publish: Callable[..., str], client: FlaskClient) -> None:
    publish(page("home", url=""), page("mine", url="preview/mine/"))
    answer = client.get("/preview/mine/")
    assert (answer.status_code, "X-Robots-Tag" in answer.headers) == (200, False)


def test_nothing_of_a_preview_is_among_what_is_published(keep: Callable[..., None], sam: Person) -> None:
    keep("draft")
    assert "preview" not in sam.get("/sitemap.xml").text
    assert sam.finds("Number") == []
    assert sam.client.get("/api/v1/pages/new").status_code == 404


def test_a_file_that_cannot_be_read_is_a_wiki_without_previews(
    keep: Callable[..., None], sam: Person, settings: Settings
) -> None:
    keep("draft")
    shelf.of(settings.data_dir).file.write_text("{")
    assert sam.get("/preview/").status_code == 200
    assert sam.get("/preview/draft/").status_code == 404


@pytest.mark.parametrize(
    ("branches", "address"),
    [
        ((), ""),
        (("other", "suggestion/S-12"), ""),
        (("suggestion/S-1",), "preview/suggestion/S-1/a/"),
        (("suggestion/S-1-2", "suggestion/S-1"), "preview/suggestion/S-1-2/a/"),
        (("suggestion/S-1-nice",), ""),
    ],
)
def test_what_is_done_for_a_suggestion_is_seen_where_it_was_taken_up_last(
    branches: tuple[str, ...], address: str, keep: Callable[..., None], settings: Settings
) -> None:
    keep(*branches, pages=(("a/", "A"), ("b/", "B")))
    assert shelf.preview_of(settings, "suggestion/S-1") == address
    assert not shelf.preview_of(replace(settings, previews=0), "suggestion/S-1")


def test_once_there_are_to_be_none_none_is_shown_though_nobody_has_removed_it(
    keep: Callable[..., None], database: Database, settings: Settings, sam: Person
) -> None:
    keep("draft")
    assert sam.get("/preview/draft/").status_code == 200
    off = browsers(create_app(replace(settings, previews=0), database))("sam")
    assert off.get("/preview/draft/").status_code == 404
    assert "draft" not in off.get("/preview/").text


def test_a_page_of_any_length_is_not_taken_to_pieces(
    keep: Callable[..., None], sam: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep("draft")
    monkeypatch.setattr(routes, "LONGEST_PAGE", 10)
    seen = sam.get("/preview/draft/").text
    assert ("too long" in seen, "Number 0" in seen) == (True, False)


def test_where_the_branches_were_never_looked_at_for_some_trouble_it_is_not_said_that_none_is_followed(
    sam: Person, settings: Settings
) -> None:
    kept = shelf.of(settings.data_dir)
    kept.home.mkdir(parents=True)
    kept.keep(Previews(trouble="the remote is away"))
    listed = sam.get("/preview/").text
    assert "could not be looked at" in listed
    assert "kb follow" not in listed
    assert "the remote is away" not in listed, "that is for whoever runs the wiki"
    assert "the remote is away" in browsers(sam.client.application)("ada").get("/preview/").text
