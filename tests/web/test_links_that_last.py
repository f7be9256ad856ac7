"""Links that last, asked of a server: permanent ones, short names, and addresses that pages once had."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from by_hand import POLICY, page
from every import every
from flask.testing import FlaskClient

from kb_server.pages import history, layout
from kb_server.pages.history import Address, History, Removed, Target
from kb_server.pages.manifest import Page, Section

Publish = Callable[..., str]
GONE = Removed("Fairs <b>", "2026-06-03", "Fold & forget", page="fairs", instead=(Target("mql"),))


@pytest.fixture
def wiki(publish: Publish) -> None:
    past = History(
        addresses={
            "old/": Address(Target("mql"), {"terms": Target("mql", "criteria")}),
            "p/was/here/": Address(Target("mql")),
            "go/there/": Address(Target("mql")),
            "older.html": Address(Target("mql")),
            "%C3%BCber%20uns/": Address(Target("mql")),
            "merged/": Address(Target("mql"), {"criteria": Target("calls", "first")}),
            "fairs/": Address(None, removed=GONE),
            "lost/": Address(None, removed=Removed("Lost", "2026-01-02", "")),
        },
        ids={"fairs": "fairs/"},
    )
    publish(page("home", url=""), _mql(), _calls(), **{layout.HISTORY: history.dumps(past)})


def _mql() -> Page:
    made = page("mql", url="definitions/mql/", title="Marketing qualified lead", kind="definition")
    return replace(made, aliases=("MQL",), sections=(*made.sections, _section("criteria"), _section("a/b")))


def _calls() -> Page:
    made = page("calls", title="Calls")
    return replace(made, aliases=("MQL call",), sections=(*made.sections, _section("first")))


def _section(anchor: str) -> Section:
    return Section(anchor, anchor.title(), 2, "", "", None, "1:0")


@every(
    "link, target",
    [
        ("/p/mql/", "/definitions/mql/"),
        ("/p/mql/criteria/", "/definitions/mql/#criteria"),
        ("/p/mql/terms/", "/definitions/mql/#criteria"),
        ("/p/mql/a%2Fb/", "/definitions/mql/#a/b"),
        ("/p/mql/nonsense/", "/definitions/mql/"),
        ("/p/was/here/", "/definitions/mql/"),
        ("/go/there", "/definitions/mql/"),
        ("/go/mql/", "/definitions/mql/"),
        ("/go/MQL/", "/definitions/mql/"),
        ("/go/marketing-qualified-lead/", "/definitions/mql/"),
        ("/go/mql-call/", "/calls/"),
        ("/old/", "/definitions/mql/"),
        ("/old", "/definitions/mql/"),
        ("/old/index.html", "/definitions/mql/"),
        ("/older.html", "/definitions/mql/"),
        ("/%C3%BCber%20uns/", "/definitions/mql/"),
        ("/über uns", "/definitions/mql/"),
        ("/old/?h=lead", "/definitions/mql/?h=lead"),
        ("/p/mql/criteria/?h=lead", "/definitions/mql/?h=lead#criteria"),
    ],
)
@pytest.mark.usefixtures("wiki")
def test_it_leads_there(client: FlaskClient, link: str, target: str) -> None:
    answer = client.get(link)
    assert (answer.status_code, answer.headers["Location"]) == (302, target)
    assert answer.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("link", ["/p/nothing/", "/p/nothing/at-all/", "/go/nothing/", "/go/…/", "/nothing/"])
@pytest.mark.usefixtures("wiki")
def test_what_never_was_is_not_found(client: FlaskClient, link: str) -> None:
    assert client.get(link).status_code == 404


def test_a_wiki_has_pages_and_pictures_of_its_own_where_such_links_lie(client: FlaskClient, publish: Publish) -> None:
    kept = ("p/mql/index.html", "p/logo.svg", "p/mql/logo.svg", "go/mql/index.html", "go/logo.svg")
    publish(_mql(), **dict.fromkeys(kept, "its own"))
    for name in kept:
        answer = client.get(f"/{name.removesuffix('index.html')}")
        assert (answer.status_code, answer.text) == (200, "its own"), name
    assert client.get("/p/mql").headers["Location"] == "/p/mql/"


@pytest.mark.parametrize("link", ["/p/mql", "/p/mql/criteria", "/go/mql"])
@pytest.mark.usefixtures("wiki")
def test_a_slash_left_out_is_no_matter(client: FlaskClient, link: str) -> None:
    answer = client.get(link, follow_redirects=True)
    assert answer.status_code == 200
    assert "Marketing qualified lead" in answer.text


@pytest.mark.parametrize("link", ["/fairs/", "/p/fairs/", "/p/fairs/stands/", "/go/fairs/"])
@pytest.mark.usefixtures("wiki")
def test_a_removed_page_says_when_why_and_what_replaces_it(client: FlaskClient, link: str) -> None:
    answer = client.get(link)
    assert answer.status_code == 410
    assert answer.headers["Content-Security-Policy"] == POLICY
    for said in (
        "<bdi><b>Fairs &lt;b&gt;</b></bdi> was taken away on 3 June 2026",
        "Fold &amp; forget",
        'href="/definitions/mql/"',
    ):
        assert said in answer.text


def test_of_several_pages_that_replace_one_none_is_the_one_to_go_to(client: FlaskClient, publish: Publish) -> None:
    both = replace(GONE, instead=(Target("mql"), Target("calls")))
    past = History(addresses={"fairs/": Address(None, removed=GONE), "both/": Address(None, removed=both)})
    publish(_mql(), _calls(), **{layout.HISTORY: history.dumps(past)})
    assert "Go to Marketing qualified lead" in client.get("/fairs/").text
    shown = client.get("/both/").text
    assert "Go to" not in shown
    assert shown.index(">Marketing qualified lead<") < shown.index(">Calls<")


@pytest.mark.usefixtures("wiki")
def test_a_removed_page_that_nothing_replaces_offers_to_search_for_it(client: FlaskClient) -> None:
    assert 'value="Lost"' in client.get("/lost/").text


@pytest.mark.usefixtures("wiki")
def test_an_address_whose_fragments_go_different_ways_tells_them_apart(client: FlaskClient) -> None:
    answer = client.get("/merged/")
    assert answer.status_code == 200
    assert '<a href="/definitions/mql/" data-kb-led="">' in answer.text
    assert 'id="criteria"' in answer.text
    assert 'href="/calls/#first" data-kb-led="criteria"' in answer.text


@pytest.mark.usefixtures("wiki")
def test_a_page_that_is_there_again_is_shown(client: FlaskClient, publish: Publish) -> None:
    past = History(addresses={"calls/": Address(None, removed=GONE)})
    publish(_calls(), **{layout.HISTORY: history.dumps(past)})
    assert client.get("/calls/").status_code == 200
