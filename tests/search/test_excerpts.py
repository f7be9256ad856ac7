"""The excerpt shows why a text was found: whole words, the hits marked, nothing cut in the middle."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb_server.documents.analysis import analyser_for, normalise
from kb_server.search.excerpts import LENGTH, Marker
from kb_server.search.models import MARK, UNMARK

LEAD = Marker({"lead": "lead", "leads": "lead", "cafe": "cafe"})
ELLIPSIS = "\u2026"
words = st.sampled_from(
    [
        "lead",
        "Leads",
        "Caf\u00e9",
        "leader",
        "and",
        "na\u00efve",
        "\U0001f600",
        "e\u0301",
        "\u6f22\u5b57",
        "x" * 30,
        "it's",
    ]
)
texts = st.one_of(st.lists(words, max_size=120), st.lists(words, min_size=40, max_size=120)).map(" ".join)


@given(texts)
def test_an_excerpt_is_whole_words_of_the_text_with_balanced_marks(text: str) -> None:
    text = normalise(text)
    excerpt = LEAD.excerpt(text, marks=True)
    plain = excerpt.replace(MARK, "").replace(UNMARK, "")
    assert plain == LEAD.excerpt(text, marks=False)
    inside = plain.removeprefix(f"{ELLIPSIS} ").removesuffix(f" {ELLIPSIS}")
    assert f" {inside} " in f" {text} "
    assert plain.startswith(ELLIPSIS) == (not text.startswith(inside))
    assert [sign for sign in excerpt if sign in MARK + UNMARK] == [MARK, UNMARK] * excerpt.count(MARK)
    for hit in excerpt.split(MARK)[1:]:
        assert hit.partition(UNMARK)[0].lower() in ("lead", "leads", "caf\u00e9")


@given(texts)
def test_an_excerpt_shows_a_hit_if_there_is_one(text: str) -> None:
    text = normalise(text)
    there = {"lead", "leads", "cafe"} & set(analyser_for("en").words(text))
    assert (MARK in LEAD.excerpt(text, marks=True)) == bool(there)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=2_000), st.text(max_size=4))
def test_any_text_can_be_excerpted(text: str, prefix: str) -> None:
    marker = Marker({"a": "a", "b": "b"}, tuple(analyser_for("en").words(prefix)))
    excerpt = marker.excerpt(normalise(text), marks=True)
    excerpt.encode()
    assert excerpt.count(MARK) == excerpt.count(UNMARK)


def test_the_piece_with_most_of_what_was_looked_for_is_shown() -> None:
    filler = "and so on " * 60
    text = f"A lead here. {filler} A call here. {filler} A call with a lead, {filler}"
    excerpt = Marker({"lead": "lead", "call": "call"}).excerpt(text, marks=True)
    assert f"{MARK}call{UNMARK} with a {MARK}lead{UNMARK}" in excerpt
    assert excerpt.startswith(ELLIPSIS)
    assert excerpt.endswith(ELLIPSIS)


@pytest.mark.parametrize(
    "text", ["", "Short text.", "lead " * 4_000, "x" * 100_000, "\u6f22" * 5_000, "lead" + "x" * 5_000]
)
def test_an_excerpt_is_of_a_length_to_read(text: str) -> None:
    assert len(LEAD.excerpt(text, marks=False)) <= 2 * LENGTH + 20


def test_a_text_without_a_hit_shows_its_beginning() -> None:
    assert LEAD.excerpt("First words. " * 50, marks=True).startswith("First words.")


def test_beginnings_mark_the_whole_word() -> None:
    assert Marker({}, ("qual",)).marked("Qualified, unqualified") == f"{MARK}Qualified{UNMARK}, unqualified"


def test_a_hit_is_marked_whatever_its_accents_and_case() -> None:
    assert LEAD.marked("Das CAF\u00c9.") == f"Das {MARK}CAF\u00c9{UNMARK}."
