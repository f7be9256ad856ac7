"""Search as the search box and the page of results ask it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import product
from typing import Any
from urllib.parse import quote

import pytest
from by_hand import page
from every import every
from flask.testing import FlaskClient

from kb_server.pages.manifest import Page, Section

Publish = Callable[..., str]


@pytest.fixture(autouse=True)
def wiki(publish: Publish) -> None:
    publish(
        page("mql", "A contact who has shown us a need.", title="Marketing qualified lead", kind="definition"),
        page("handing", "Marketing hands over a qualified lead within one working day.", title="Handing a lead over"),
        page("prices", "We speak about <b>prices</b> & discounts on the first call.", title="Prices", kind="practice"),
    )


def ask(client: FlaskClient, query: str, **more: str) -> dict[str, Any]:
    answer = client.get("/api/v1/search", query_string={"query": query, **more})
    assert answer.status_code == 200, answer.text
    data: dict[str, Any] = answer.get_json()
    return data


def test_a_sentence_is_found_with_its_page_and_address(client: FlaskClient) -> None:
    found = ask(client, "working day")
    assert found["total"] == 1
    hit = found["hits"][0]
    assert (hit["title"], hit["url"], hit["page_id"], hit["kind"]) == (
        "Handing a lead over",
        "handing/",
        "handing",
        "page",
    )
    assert "one working day" in hit["excerpt"]


def test_hits_are_marked_only_when_asked_for(client: FlaskClient) -> None:
    assert "\x02" not in ask(client, "prices")["hits"][0]["excerpt"]
    assert "\x02prices\x03" in ask(client, "prices", marks="1")["hits"][0]["excerpt"]


@every("wrong", ["x", "-1", "0", "51", "1e3", "9" * 5000, "1.0", "\u0663"])
def test_a_limit_that_cannot_be_used_is_refused_by_name(client: FlaskClient, wrong: str) -> None:
    answer = client.get("/api/v1/search", query_string={"query": "lead", "limit": wrong})
    assert answer.status_code == 422
    assert answer.content_type == "application/problem+json"
    assert "limit" in answer.get_json(force=True)["detail"]


@pytest.mark.parametrize("wrong", ["-1", "1001", "a"])
def test_an_offset_that_cannot_be_used_is_refused_by_name(client: FlaskClient, wrong: str) -> None:
    answer = client.get("/api/v1/search", query_string={"query": "lead", "offset": wrong})
    assert answer.status_code == 422
    assert "offset" in answer.get_json(force=True)["detail"]


def test_pages_of_hits_follow_one_another_without_a_gap(client: FlaskClient) -> None:
    whole = [hit["url"] for hit in ask(client, "lead marketing prices")["hits"]]
    single = [ask(client, "lead marketing prices", limit="1", offset=str(place))["hits"] for place in range(3)]
    assert [hits[0]["url"] for hits in single] == whole


def leads(*names: str) -> list[Page]:
    return [page(name, "A lead is a lead.", title=f"Lead {name}") for name in names]


def turned(client: FlaskClient, publish: Publish, *meanwhile: list[Page]) -> list[str]:
    """The addresses of all hits for one question, page by page; after a page something may be published."""
    seen: list[str] = []
    cursor: str | None = ""
    coming = list(meanwhile)
    while cursor is not None:
        found = ask(client, "lead", limit="3", cursor=cursor)
        seen += [hit["url"] for hit in found["hits"]]
        cursor = found["next"]
        if coming:
            publish(*coming.pop(0))
    return seen


def all_of(client: FlaskClient) -> list[str]:
    return [hit["url"] for hit in ask(client, "lead", limit="50")["hits"]]


FIRST = [f"m{number:02}" for number in range(10)]


def test_a_cursor_leads_through_all_hits_once(client: FlaskClient, publish: Publish) -> None:
    publish(*leads(*FIRST))
    assert turned(client, publish) == all_of(client)
    assert len(all_of(client)) == 10
    assert ask(client, "lead", limit="10")["next"] is None
    assert ask(client, "zyzzyva")["next"] is None


def test_what_is_published_meanwhile_moves_no_hit(client: FlaskClient, publish: Publish) -> None:
    publish(*leads(*FIRST))
    before = all_of(client)
    new = [page(f"a{number}", "Lead, lead.", title="Lead") for number in range(4)]
    seen = turned(client, publish, [*new[:2], *leads(*FIRST)], [*new, *leads(*FIRST)])
    assert all_of(client)[0] in ("a0/", "a1/", "a2/", "a3/")  # what is new stands before all others
    assert seen == before


def test_what_is_removed_meanwhile_hides_nothing_else(client: FlaskClient, publish: Publish) -> None:
    publish(*leads(*FIRST))
    before = all_of(client)
    left = [name for name in FIRST if f"{name}/" != before[2]]
    assert turned(client, publish, leads(*left)) == before  # gone is the very hit the first cursor stands behind


@pytest.mark.parametrize("other", [{"query": "leads"}, {"kind": "page"}, {"exact": "1"}, {"typing": "1"}])
def test_a_cursor_is_for_the_same_question_alone(client: FlaskClient, publish: Publish, other: dict[str, str]) -> None:
    publish(*leads(*FIRST))
    cursor = ask(client, "lead", limit="3")["next"]
    assert len(ask(client, "lead", limit="5", cursor=cursor)["hits"]) == 5
    answer = client.get("/api/v1/search", query_string={"query": "lead", "cursor": cursor} | other)
    assert answer.status_code == 422
    assert answer.get_json(force=True)["errors"][0]["parameter"] == "cursor"


@every("odd", ["x", "\0", "%", "é", "AAAA", "A" * 512, "A" * 20_000, "=", "_-_-", "[]"])
def test_a_cursor_that_is_none_is_refused_by_name(client: FlaskClient, odd: str) -> None:
    answer = client.get("/api/v1/search", query_string={"query": "lead", "cursor": odd})
    assert (answer.status_code, answer.content_type) == (422, "application/problem+json")
    assert answer.get_json(force=True)["errors"][0]["parameter"] == "cursor"


def test_one_says_where_to_begin_in_one_way(client: FlaskClient, publish: Publish) -> None:
    publish(*leads(*FIRST))
    cursor = ask(client, "lead", limit="3")["next"]
    answer = client.get("/api/v1/search", query_string={"query": "lead", "cursor": cursor, "limit": 3, "offset": 3})
    assert answer.status_code == 422


@pytest.mark.parametrize("name", ["exact", "typing", "marks"])
def test_yes_and_no_are_written_in_two_ways(client: FlaskClient, name: str) -> None:
    for right in ("1", "true", "0", "false"):
        assert ask(client, "lead", **{name: right})["hits"]
    for wrong in ("", "on", "2", "TRUE "):
        answer = client.get("/api/v1/search", query_string={"query": "lead", name: wrong})
        assert answer.get_json(force=True)["detail"] == f"{name} must be true or false."


def test_only_the_reader_may_keep_an_answer(client: FlaskClient) -> None:
    for address in ("/api/v1/search?query=lead", "/search/?query=lead"):
        assert client.get(address).headers["Cache-Control"] == "private, no-cache"
        assert client.head(address).status_code == 200


@every(
    "name, odd",
    product(["query", "kind", "team", "in"], ["\0", "a\0b", "%", "'", "\\", "\ud800"]),
)
def test_no_filter_is_an_error(client: FlaskClient, name: str, odd: str) -> None:
    encoded = quote(odd.encode("utf-8", "surrogatepass"))
    for address in ("/api/v1/search", "/search/"):
        assert client.get(f"{address}?query=lead&{name}={encoded}").status_code == 200


def test_what_was_looked_for_does_not_reach_the_log(client: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(0):
        client.get("/api/v1/search?query=canary&limit=x")
        client.get("/api/v1/search?query=canary")
        client.get("/search/?query=canary")
    assert caplog.text
    assert "canary" not in caplog.text


def test_the_page_of_results_reads_without_javascript(client: FlaskClient) -> None:
    html = client.get("/search/?query=price").text
    assert 'href="/prices/"' in html
    assert "&lt;b&gt;<mark>prices</mark>&lt;/b&gt; &amp; discounts" in html


def test_the_page_leads_back_to_what_was_typed(client: FlaskClient) -> None:
    html = client.get("/search/?query=qualified+leed").text
    assert 'href="/search/?query=qualified+leed&amp;exact=1"' in html
    assert "qualified lead" in html
    assert ask(client, "qualified leed", exact="1")["corrected"] is None


def test_the_page_narrows_by_kind_and_says_how_many(client: FlaskClient) -> None:
    html = client.get("/search/?query=lead").text
    assert 'href="/search/?query=lead&amp;kind=definition"' in html
    narrowed = client.get("/search/?query=lead&kind=definition").text
    assert "/handing/" not in narrowed
    assert "/mql/" in narrowed


def test_a_page_number_that_means_nothing_is_the_first(client: FlaskClient) -> None:
    assert "/mql/" in client.get("/search/?query=lead&page=x").text


def test_a_typed_beginning_is_found_before_the_word_is_complete(client: FlaskClient) -> None:
    assert ask(client, "qualif", typing="1")["total"] == 2


def test_markup_in_a_query_is_text(client: FlaskClient) -> None:
    html = client.get("/search/", query_string={"query": '"><script>alert(1)</script>'}).text
    assert "<script>alert" not in html


def test_the_page_of_results_can_be_turned(client: FlaskClient, publish: Publish) -> None:
    publish(*(page(f"p{number}", "a lead", title=f"Page {number}") for number in range(25)))
    first, last = client.get("/search/?query=lead").text, client.get("/search/?query=lead&page=3").text
    assert first.count('<li class="kb-hit">') == 10
    assert "Page 1 of 3" in first
    assert 'href="/search/?query=lead&amp;page=2"' in first
    assert last.count('<li class="kb-hit">') == 5
    assert 'href="/search/?query=lead&amp;page=2"' in last


def test_a_page_of_results_below_a_path_links_below_it(client: FlaskClient) -> None:
    html = client.get("/search/?query=lead", base_url="http://wiki.example/kb/").text
    assert 'href="/kb/mql/"' in html
    assert 'action="/kb/search/"' in html


def test_where_nothing_is_found_the_page_helps_on(client: FlaskClient) -> None:
    html = client.get("/search/?query=pricxxxx").text
    assert "Close to it:" in html
    assert 'href="/prices/"' in html
    narrowed = client.get("/search/?query=lead&kind=webinar").text
    assert 'href="/search/?query=lead"' in narrowed


def test_the_definition_a_query_names_is_answered_with_its_card(client: FlaskClient) -> None:
    card = ask(client, "marketing qualified lead")["card"]
    assert (card["title"], card["url"], card["page_id"]) == ("Marketing qualified lead", "mql/", "mql")
    assert set(card) == {
        "title", "url", "page_id", "text", "aliases", "state", "criteria", "examples", "teams", "used_on",
        "version",
    }  # fmt: skip


def test_every_hit_has_the_fields_the_search_box_reads(client: FlaskClient) -> None:
    found = ask(client, "lead")
    assert {"query", "corrected", "total", "took_ms", "complete", "hits", "facets", "card"} <= set(found)
    fields = {"title", "url", "page_id", "page_title", "kind", "teams", "excerpt", "score"}
    assert all(set(hit) == fields for hit in found["hits"])
    assert found["facets"]["kind"] == {"definition": 1, "page": 1}


@pytest.mark.parametrize("query", ["kind:definition lead", "lead kind:definitions", 'kind:"Definition" lead'])
def test_a_kind_that_was_typed_is_the_current_one_and_gives_way_to_another(client: FlaskClient, query: str) -> None:
    html = client.get("/search/", query_string={"query": query}).text
    assert '?query=lead&amp;kind=definition" target="_self" aria-current="true">Definitions <span>1' in html
    assert 'href="/search/?query=lead" target="_self">Everything <span>2' in html
    assert html.count("aria-current") == 1
    assert 'for <b class="kb-strong">lead</b>' in html


def test_a_part_of_the_wiki_that_was_typed_is_left_by_one_click(client: FlaskClient) -> None:
    html = client.get("/search/?query=lead+kind%3Awebinar").text
    assert "You are looking only in a part of the wiki." in html
    assert 'href="/search/?query=lead" target="_self">Search everywhere' in html


def test_what_only_looks_like_a_filter_stays_in_the_query(client: FlaskClient) -> None:
    assert (
        'href="/search/?query=kind%3APod+lead&amp;kind=definition"' in client.get("/search/?query=kind:Pod lead").text
    )


def test_the_page_says_how_many_pages_it_lists_and_how_many_places_are_on_them(
    client: FlaskClient, publish: Publish
) -> None:
    assert "2 pages for <b" in client.get("/search/?query=lead").text
    part = Section("part", "Part", 2, "another offer", "another offer", (2, 2), "1:1")
    one = page("one", "an offer")
    publish(replace(one, sections=(*one.sections, part)), page("two", "an offer"))
    html = client.get("/search/?query=offer").text
    assert "3 places on 2 pages for <b" in html
    assert html.count('<li class="kb-hit">') == 2
