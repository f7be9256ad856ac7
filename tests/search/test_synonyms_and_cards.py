"""A definition's names mean the same, and whoever types one sees what it says."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from every import every

from kb_server.documents.models import Draft
from kb_server.search.models import Results

Put = Callable[..., None]
Ask = Callable[..., Results]

FACTS = {
    "lead": True,
    "page_title": "Marketing qualified lead",
    "aliases": ["MQL", "hot contact"],
    "definition": "A contact who has shown a need.",
    "criteria": 4,
    "examples": 3,
    "used_on": 14,
}


@pytest.fixture(autouse=True)
def wiki(put: Put) -> None:
    put(
        Draft(
            "section:mql#", "definition", "mql", "Marketing qualified lead", "mql/", "What it is.", ("sales",), FACTS
        ),
        Draft("section:mql#c", "definition", "mql", "Criteria", "mql/#c", "Budget and need.", (), {"lead": False}),
        "Handing over: Every MQL is called back within a day.",
        "Cold calls: A hot contact is rare; most leads are cold.",
    )


@every("name", ["MQL", "marketing qualified lead", "hot contact", "what is a hot contact", "Marketing qualified leads"])
def test_each_name_finds_the_others_and_shows_the_card(ask: Ask, name: str) -> None:
    results = ask(name)
    assert {"mql/", "handing-over/", "cold-calls/"} <= {hit.url for hit in results.hits}
    assert results.card
    assert (results.card.title, results.card.text) == ("Marketing qualified lead", "A contact who has shown a need.")
    assert (results.card.criteria, results.card.examples, results.card.used_on) == (4, 3, 14)
    assert (results.card.aliases, results.card.teams) == (("MQL", "hot contact"), ("sales",))


def test_the_definition_itself_comes_first_by_whichever_name(put: Put, ask: Ask) -> None:
    put("MQL in a month: MQL, MQL, MQL.", "What an MQL is not: Every MQL is a lead.")
    assert ask("mql").hits[0].url == "mql/"


def test_a_definition_shows_what_it_says_where_its_page_begins_without_words(put: Put, ask: Ask) -> None:
    put(Draft("section:mql#", "definition", "mql", "Marketing qualified lead", "mql/", "", (), FACTS))
    assert ask("mql").hits[0].excerpt == "A contact who has shown a need."


def test_synonyms_go_together_with_other_words(ask: Ask) -> None:
    found = ask("hot contact called back")
    assert found.hits[0].url == "handing-over/"


def test_a_name_in_quotes_is_meant_as_it_stands(ask: Ask) -> None:
    assert [hit.url for hit in ask('"hot contact"').hits] == ["cold-calls/"]


def test_part_of_a_name_is_no_name(ask: Ask) -> None:
    assert ask("qualified").card is None
    assert ask("marketing qualified lead call").card is None


def test_a_name_being_typed_keeps_its_synonyms(ask: Ask) -> None:
    assert "cold-calls/" in {hit.url for hit in ask("mql", typing=True).hits}


def test_a_definition_that_is_hidden_or_renamed_is_no_synonym_any_more(put: Put, ask: Ask) -> None:
    put(Draft("section:mql#", "definition", "mql", "Sales lead", "mql/", "What it is.", (), FACTS | {"aliases": []}))
    assert ask("mql").card is None
    assert ask("sales lead").card
    put(Draft("section:mql#", "definition", "mql", "Sales lead", "mql/", "What it is.", (), FACTS, hidden=True))
    assert ask("sales lead").card is None
    assert "mql/" not in {hit.url for hit in ask("what").hits}


def test_a_section_is_found_by_its_words_and_the_name_of_its_page(ask: Ask) -> None:
    assert ask("mql criteria").hits[0].url == "mql/#c"
    assert ask("hot contact budget").hits[0].url == "mql/#c"


def test_a_page_is_known_by_its_present_name_only(put: Put, ask: Ask) -> None:
    decoys = [f"Criteria {letter}: Criteria of something else, and no more than that." for letter in "abcdefghijkl"]
    named = Draft(
        "section:p#", "page", "p", "Handing over", "p/", "How.", (), {"lead": True, "page_title": "Handing over"}
    )
    part = Draft(
        "section:p#c",
        "page",
        "p",
        "What counts",
        "p/#c",
        "The criteria, at length. " * 9,
        (),
        {"page_title": "Handing over"},
    )
    put(named, part, *decoys)
    assert ask("handing criteria").hits[0].url == "p/#c"
    put(Draft("section:p#", "page", "p", "Renamed", "p/", "How.", (), {"lead": True, "page_title": "Renamed"}))
    assert ask("renamed criteria").hits[0].url == "p/#c"
    assert ask("handing criteria").hits[0].url != "p/#c"


@pytest.mark.parametrize("name", ["conversion rate", "hand-raiser"])
def test_a_name_that_no_text_uses_is_never_corrected(put: Put, ask: Ask, name: str) -> None:
    facts = FACTS | {"aliases": ["conversion rate", "hand-raiser"]}
    put(
        Draft("section:conversion#", "definition", "conversion", "Conversion", "conversion/", "A share.", (), facts),
        "Dates: The conversion date is the date of a conversion. We hand-raise nothing.",
    )
    results = ask(name)
    assert results.corrected is None
    assert results.card
    assert results.card.title == "Conversion"
