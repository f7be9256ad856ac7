"""How much two texts have in common, and which of thousands is the one meant."""

from __future__ import annotations

import pytest

from kb_server.wiki.past.likeness import Index, alike, digest, groups, same_title, sentences, share, words


def test_where_links_lead_is_not_part_of_a_text() -> None:
    assert words("See [the list](../a/b.md 'Title') now") == ["see", "the", "list", "now"]
    assert digest("See  [the\nlist](a.md)") == digest("See [the list](b.md)") != digest("See a list")


def test_groups_are_three_words_that_follow_each_other() -> None:
    assert groups("a b c d") == groups("A, b; c: d!") != groups("b a c d")
    assert len(groups("a b c d")) == 2
    assert len(groups("a b")) == 1
    assert groups("a b") != groups("b a")
    assert groups(" ... ") == frozenset()


def test_likeness_counts_both_sides_and_a_share_one() -> None:
    one, other = frozenset({1, 2, 3, 4}), frozenset({3, 4})
    assert alike(one, other) == alike(other, one) == pytest.approx(4 / 6)
    assert (share(one, other), share(other, one)) == (0.5, 1.0)
    assert alike(frozenset(), frozenset()) == share(frozenset(), one) == 0.0


def test_a_sentence_that_has_few_words_is_in_too_many_texts() -> None:
    assert len(sentences("One two three four five. One two three four.")) == 1
    assert sentences("One two three four five.\nSix seven eight nine ten") == sentences(
        "Six: seven! eight nine ten? One two three four five."
    ) | sentences("Six seven eight nine ten")
    assert len(sentences("| a b c d e | f g h i j |")) == 2


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1. Score", "Score"),
        ("2.3 Score", "4) Score"),
        ("Step 3: Score", "score!"),
        ("iv. The score", "The Score"),
    ],
)
def test_a_heading_that_is_numbered_anew_is_the_same(one: str, other: str) -> None:
    assert same_title(one) == same_title(other)


def test_a_heading_that_is_all_number_keeps_it() -> None:
    assert same_title("2024") == "2024" != same_title("2023")


def test_the_text_with_most_of_the_sentences_is_nearest_and_a_common_sentence_says_nothing() -> None:
    index = Index({"a": [1, 2, 3, 9], "b": [3, 4, 9], "c": [5, 9], "d": [9]})
    assert [(near.key, near.votes) for near in index.near([1, 2, 3, 9])] == [("a", 3), ("b", 1)]
    assert [near.key for near in index.near([1, 2, 3], most=1)] == ["a"]
    assert index.near([7]) == index.near([9]) == []
    assert [near.key for near in Index({"a": [1], "b": [1]}, most=1).near([1])] == []
