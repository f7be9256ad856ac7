"""What words say by standing somewhere: nothing in a template, very much on one page alone."""

from __future__ import annotations

from math import log2

import pytest

from kb_server.pages.passages.rarity import Rarity, lines_in, places_of, words_of


def test_words_their_lines_and_places_go_together() -> None:
    text = "One, Two\n\nthree."
    assert words_of(text) == ["one", "two", "three"]
    assert lines_in(text) == [0, 0, 2]
    assert [text[start:end] for start, end in places_of(text)] == ["One", "Two", "three"]


def test_a_word_weighs_more_the_fewer_pages_have_it() -> None:
    rarity = Rarity(["a b", "a a", "a c"], [])
    assert rarity.weight("a") == log2(1 + 4 / 3)
    assert rarity.weight("b") == log2(1 + 4) == rarity.weight("unknown")


def test_two_words_side_by_side_are_rare_in_two_pages_or_in_one_of_a_hundred() -> None:
    few = Rarity(["a b", "a b", "c d", "c d", "c d"], [["a", "b"], ["c", "d"]])
    assert few.is_rare(("a", "b"))
    assert not few.is_rare(("c", "d"))
    many = Rarity(["c d"] * 3 + ["e f"] * 4 + ["x"] * 300, [["c", "d"], ["e", "f"]])
    assert many.is_rare(("c", "d"))
    assert not many.is_rare(("e", "f"))


def test_a_page_that_says_them_twice_counts_once_and_pairs_nobody_asked_for_not_at_all() -> None:
    rarity = Rarity(["a b a b a b", "b c b c"], [["a", "b"]])
    assert rarity.is_rare(("a", "b"))
    assert rarity.bits([("a", "b")]) == log2(101)
    assert rarity.asked == {("a", "b")}


def test_common_pairs_say_nothing_and_each_is_counted_once() -> None:
    rarity = Rarity(["a b", "a b", "c d", "c d", "c d", "e f"], [["a", "b"], ["c", "d"], ["e", "f"]])
    assert rarity.bits([("a", "b"), ("a", "b")]) == log2(101 / 2)
    assert rarity.bits([("a", "b"), ("c", "d"), ("e", "f")]) == pytest.approx(log2(101 / 2) + log2(101))
    assert rarity.bits([]) == 0


def test_in_a_large_wiki_a_rare_pair_says_more() -> None:
    assert Rarity(["a b"] + ["x"] * 199, [["a", "b"]]).bits([("a", "b")]) == log2(201)
