"""Definitions stay quick as they grow: a constant number of queries for each page, and lists worked out once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from by_hand import page
from counting import counted
from flask.testing import FlaskClient
from signing import OURS, sign_in

from kb_server.db import Database
from kb_server.pages import slots
from kb_server.pages.manifest import Page, Term

HTML = f"<h1>x</h1>{slots.slot(slots.STATE, '')}{slots.slot(slots.TERMS, '')}"
URLS = ("/term-0/", "/note/", "/d/", "/d/?team=sales&waiting=1", "/d/term-0/", "/definitions/export.json")


class Wiki:
    """So many definitions, and a note that uses them all."""

    def __init__(self, client: FlaskClient, publish: Callable[..., str], database: Database) -> None:
        self._client, self._publish, self._database = client, publish, database
        publish(page("home", url=""))
        sign_in(client, "sam")

    def with_terms(self, count: int, text: str = "A contact.") -> Wiki:
        terms = [term(f"term-{number}", text) for number in range(count)]
        note = replace(page("note"), digest="1:note", links=tuple(one.id for one in terms))
        self._publish(page("home", url=""), note, *terms, **{"term-0/index.html": HTML, "note/index.html": HTML})
        self._client.application.extensions["kb"].site.look()
        for one in terms:
            form = {"team": "sales", "says": "agree", "digest": one.binding}
            assert self._client.post(f"/d/{one.id}/", data=form, headers=OURS).status_code == 303
        return self

    def queries(self) -> dict[str, int]:
        found = {}
        for url in URLS:
            with counted(self._database) as said:
                assert self._client.get(url).status_code == 200
            found[url] = len(said)
        return found


def term(page_id: str, text: str) -> Page:
    made = replace(page(page_id, text, kind="definition"), teams=("sales",), links=("term-0",), digest=f"1:{text}")
    return replace(made, binding=f"1:{text}", term=Term(text, f"<p>{text}</p>", text))


@pytest.mark.slow
def test_the_number_of_queries_stays_the_same_as_definitions_grow(
    client: FlaskClient, publish: Callable[..., str], database: Database
) -> None:
    wiki = Wiki(client, publish, database)
    wiki.with_terms(2, "First.").queries()  # what is learnt once is not asked again
    few = wiki.with_terms(2).queries()
    many = wiki.with_terms(8).queries()
    assert many == few
    assert wiki.queries()["/note/"] < many["/note/"]  # how all stand was worked out when it was first asked
