"""Words and stems are Whoosh's, only quicker, and no text can break them."""

from __future__ import annotations

import re
import tracemalloc

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from whoosh.analysis import CharsetFilter, LowercaseFilter, RegexTokenizer
from whoosh.lang import languages
from whoosh.support.charset import accent_map

from kb_server.documents.analysis import WORD, Analyser, analyser_for, fold, normalise

WHOOSH = RegexTokenizer(WORD) | LowercaseFilter() | CharsetFilter(accent_map)
ENGLISH = analyser_for("en")
texts = st.text(max_size=60)


@given(texts)
@example("Ça coûte 5_000 €; naïve façade, ΣΊΣΥΦΟΣ straße ǅ")
def test_words_are_those_of_whooshs_own_filters(text: str) -> None:
    text = normalise(text).replace("\u0130", "").replace("'", "").replace("\u2019", "")
    assert ENGLISH.words(text) == [token.text for token in WHOOSH(text)]


@given(texts)
def test_folding_keeps_every_letter_in_its_place(text: str) -> None:
    text = normalise(text)
    assert len(fold(text)) == len(text)
    for token in ENGLISH.tokens(text):
        assert fold(text[token.start : token.end]) == token.word


@given(st.text(st.characters(), max_size=60))
def test_what_is_stored_is_whole_and_holds_no_control_characters(text: str) -> None:
    stored = normalise(text)
    stored.encode("utf-8")
    assert not re.search(r"[\x00-\x08\x0e-\x1f\x7f-\x84]", stored)
    assert normalise(stored) == stored


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("the customer's journey", ["the", "customer", "journey"]),
        ("THE CUSTOMER\u2019S journey", ["the", "customer", "journey"]),
        ("ISO's, Sam's s 's", ["iso", "sam", "s"]),
        ("don't", ["don", "t"]),
        ("snake_case C++ v1.24", ["snake", "case", "c", "v1", "24"]),
        ("Über-Größe", ["uber", "grose"]),
        ("\u0130stanbul", ["istanbul"]),
    ],
)
def test_words_are_cut_where_people_expect_it(text: str, words: list[str]) -> None:
    assert ENGLISH.words(text) == words


@pytest.mark.parametrize("language", [*languages, "pt-BR", "zh", "xx", ""])
@given(word=st.text(min_size=1, max_size=12))
def test_a_stem_is_one_word_in_every_language(language: str, word: str) -> None:
    analyser = analyser_for(language)
    for stem in analyser.stems(word):
        assert analyser.words(stem) == [stem]


def test_endings_do_not_matter_in_a_language_that_has_a_stemmer() -> None:
    assert ENGLISH.stems("qualified leads, qualifying lead") == ["qualifi", "lead", "qualifi", "lead"]
    assert analyser_for("de").stems("Kunden Kunde") == ["kund", "kund"]


def test_words_that_say_nothing_are_known_by_language() -> None:
    assert "the" in ENGLISH.stop_words
    assert "uber" in analyser_for("de").stop_words
    assert not analyser_for("zh").stop_words


def test_what_is_longer_than_any_word_is_not_remembered() -> None:
    analyser = Analyser("en")
    tracemalloc.start()
    try:
        for number in range(50):
            assert analyser.stem(f"{number}{'x' * 4_000}")
        kept, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert kept < 50_000
