"""Texts of any length are found by each of their words, and by no phrase that is not in them."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from kb_server.db import Database
from kb_server.documents.models import Draft
from kb_server.search.engines import Task
from kb_server.search.engines.database import database_engine
from kb_server.search.expression import AllOf, AnyOf, Expression, Phrase, Prefix, Wanted, Word
from kb_server.search.models import Filters

pytestmark = pytest.mark.slow

Put = Callable[..., None]
LONG = "q" * 3_000
MANY = [f"w{number}x" for number in range(120_000)]
TEXTS = {
    "places": " ".join([*MANY[:20_000], "far", "beyond", *MANY[:50], "very", "end"]),
    "often": "the first " * 400 + "the last",
    "word": f"before {LONG} after",
    "bytes": " ".join(MANY),
    "short": "far and beyond the first and last",
    "none": "",
}


@pytest.fixture
def matching(put: Put, database: Database) -> Callable[..., list[str]]:
    put(*(Draft(name, "page", name, f"Title {name}", f"{name}/", text) for name, text in TEXTS.items()))

    def run(expression: Expression | None, *without: Expression) -> list[str]:
        engine = database_engine(database.dialect)
        with database.read() as connection:
            task = Task(Wanted(expression, without), Filters(), 50, time.monotonic() + 60, facets=True)
            matches = engine.match(connection, task)
            ids = ",".join(str(key) for key, _ in matches.ids) or "0"
            found = connection.exec_driver_sql(f"SELECT ref FROM documents WHERE id IN ({ids}) ORDER BY ref").scalars()
            assert matches.total == len(matches.ids)
            return list(found)

    return run


def test_matches_are_the_same_for_texts_of_every_length(matching: Callable[..., list[str]]) -> None:
    expected: dict[Expression, list[str]] = {
        Word("w19999x"): ["bytes", "places"],
        Word("w119999x"): ["bytes"],
        Phrase(("far", "beyond")): ["places"],
        Phrase(("w19999x", "far")): ["places"],
        Phrase(("w49x", "veri", "end")): ["places"],
        Phrase(("w49x", "end")): [],
        Phrase(("w118998x", "w118999x")): ["bytes"],
        Phrase(("the", "last")): ["often"],
        Phrase(("the", "first")): ["often", "short"],
        Phrase(("last", "the")): [],
        Phrase(("place", "w0x")): [],
        Phrase(("titl", "place")): ["places"],
        Word("place"): ["places"],
        Word(LONG): ["word"],
        Word(LONG[:-1]): [],
        Phrase((LONG, "after")): ["word"],
        Prefix(LONG[:900]): ["word"],
        Prefix(LONG + "q"): [],
        Prefix("w119999"): ["bytes"],
        Prefix("plac"): ["places"],
        AllOf((Word("far"), Word("beyond"))): ["places", "short"],
        AllOf((Word("last"), AnyOf((Prefix("w0"), Phrase(("the", "last")))))): ["often"],
        AnyOf((Word("after"), Word("first"))): ["often", "short", "word"],
    }
    for expression, right in expected.items():
        assert matching(expression) == right, str(expression)[:80]


def test_what_is_not_wanted_is_left_out_at_every_length(matching: Callable[..., list[str]]) -> None:
    assert matching(Word("titl"), Word("w1x")) == ["none", "often", "short", "word"]
    assert matching(None, Prefix("w"), Phrase(("the", "last"))) == ["none", "short"]
    assert matching(Word("first"), Phrase(("the", "last")), Word("w5x")) == ["short"]


def test_a_long_text_that_becomes_short_or_hidden_is_found_by_what_it_is_then(
    matching: Callable[..., list[str]], put: Put
) -> None:
    put(Draft("places", "page", "places", "Title places", "places/", "short now"))
    assert matching(Word("w19999x")) == ["bytes"]
    assert matching(Phrase(("short", "now"))) == ["places"]
    put(Draft("bytes", "page", "bytes", "Title bytes", "bytes/", TEXTS["bytes"], hidden=True))
    assert matching(Word("w19999x")) == []
