"""The state of a definition where the server runs: on its page and on the card of search. A file claims none."""

from __future__ import annotations

import gzip
from collections.abc import Callable

import pytest
from by_hand import page
from flask.testing import FlaskClient

from kb_server.pages import slots

UNCHECKED = slots.slot(slots.STATE, '<span class="kb-state" data-state="unchecked">Agreement not checked</span>')
TEXT = f"<!doctype html><h1>Lead</h1>{UNCHECKED}<p>{slots.slot('other', 'As it was.')}</p>"


@pytest.fixture(autouse=True)
def wiki(publish: Callable[..., str]) -> None:
    definition = page("lead", "A contact who has shown us a need.", title="Lead", kind="definition")
    publish(definition, page("plain", "Words."), **{"lead/index.html": TEXT, "plain/index.html": TEXT})


def test_a_definition_is_not_agreed_yet_where_the_server_can_know(client: FlaskClient) -> None:
    html = client.get("/lead/").text
    assert 'data-state="notyet"' in html
    assert "Not agreed yet" in html
    assert "not checked" not in html


def test_a_place_nobody_has_anything_for_keeps_what_the_build_wrote(client: FlaskClient) -> None:
    assert "As it was." in client.get("/lead/").text
    assert client.get("/plain/").text == TEXT


def test_a_filled_page_is_not_sent_again_and_sent_compressed(client: FlaskClient) -> None:
    plain, packed = client.get("/lead/"), client.get("/lead/", headers={"Accept-Encoding": "gzip"})
    assert gzip.decompress(packed.data) == plain.data
    assert packed.headers["ETag"] != plain.headers["ETag"]
    assert plain.headers["Vary"] == packed.headers["Vary"] == "Accept-Encoding"
    for answer, headers in ((plain, {}), (packed, {"Accept-Encoding": "gzip"})):
        again = client.get("/lead/", headers=headers | {"If-None-Match": answer.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")
        assert again.headers["Content-Security-Policy"] == answer.headers["Content-Security-Policy"]
    assert client.head("/lead/").headers["ETag"] == plain.headers["ETag"]


def test_the_card_of_search_says_the_same(client: FlaskClient) -> None:
    assert client.get("/api/v1/search?query=lead").get_json()["card"]["state"] == "notyet"
    card = client.get("/search/?query=lead").text.partition('class="kb-answer"')[2]
    assert 'data-state="notyet"' in card
    assert "Not agreed yet" in card


def test_a_fill_is_put_in_as_it_is() -> None:
    assert slots.filled(f"a{UNCHECKED}b{UNCHECKED}", {slots.STATE: r"\1{}"}) == r"a\1{}b\1{}"
