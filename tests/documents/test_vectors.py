"""What PostgreSQL's index holds of a text."""

from __future__ import annotations

import pytest

from kb_server.documents.vectors import FARTHEST, LONGEST, MOST_PLACES, lexeme, vector


def lexemes(title: str, text: str, words: str = "") -> set[str]:
    return set(vector(title, text, words).text.split(" "))


def test_stems_have_their_places_and_those_of_the_title_a_mark() -> None:
    assert {"'lead':1A,4", "'call':5"} <= lexemes("lead", "x lead call")


def test_no_phrase_goes_on_from_the_title_into_the_text() -> None:
    # The title's last word is at 2, the text's first at 4.
    assert {"'b':2A", "'c':4"} <= lexemes("a b", "c")


def test_a_text_is_about_what_its_title_or_much_of_it_says() -> None:
    found = lexemes("lead", "call call call note note")
    assert {"'^lead'", "'^call'"} <= found
    assert "'^note'" not in found


def test_words_and_stems_of_the_title_are_beginnings() -> None:
    assert {"'=calls'", "'=lead'"} <= lexemes("lead", "call", "calls")


@pytest.mark.parametrize(
    ("title", "text", "words"),
    [
        ("", " ".join(f"w{number}" for number in range(FARTHEST)), ""),
        ("", "again " * (MOST_PLACES + 1), ""),
        ("", "x" * (LONGEST + 1), ""),
        ("\u6f22" * LONGEST, "", ""),
        ("", "", "x" * (LONGEST + 1)),
        ("", " ".join(f"{number:x>900}" for number in range(1_100)), ""),
    ],
    ids=["places", "one word's places", "a word", "a word of the title", "a beginning", "bytes"],
)
def test_a_text_beyond_what_a_vector_holds_is_long_and_its_vector_is_not(title: str, text: str, words: str) -> None:
    made = vector(title, text, words)
    assert made.long
    assert len(made.text.encode()) < 500_000
    assert "'=" not in made.text


@pytest.mark.parametrize(
    ("text", "words"), [("again " * MOST_PLACES, "again"), ("x" * LONGEST, "x" * LONGEST), ("", "")]
)
def test_a_text_just_within_is_not(text: str, words: str) -> None:
    assert not vector("", text, words).long


@pytest.mark.parametrize("typed", ["'", "\\", "a'b", "a\\'b", "'); DROP", "& | !", ":*", "a b"])
def test_nothing_in_a_lexeme_is_an_operator(typed: str) -> None:
    quoted = lexeme(typed)
    inside = quoted[1:-1].replace("\\\\", "").replace("''", "")
    assert quoted.startswith("'")
    assert quoted.endswith("'")
    assert "'" not in inside
    assert "\\" not in inside


def test_a_lexeme_too_long_for_any_vector_asks_for_nothing() -> None:
    assert lexeme("x" * (LONGEST + 1)) == "' '"
