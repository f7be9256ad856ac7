"""What differs is told in words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb_server.pages import differences
from kb_server.pages.comparing import Piece
from kb_server.pages.differences import Line

OLD = "A contact who fits.\nIn the last 30 days the contact asked for a demo, or came to us.\nWe may write to them."
NEW = OLD.replace("30", "14").replace("demo,", "demo or a call back,")


def test_only_changed_lines_are_told_with_the_words_that_changed() -> None:
    (line,) = differences.lines(OLD, NEW)
    assert line.number == 2
    assert line.has_number
    assert [piece.text for piece in line.pieces if piece.kind == "out"] == ["30"]
    assert "".join(piece.text for piece in line.pieces if piece.kind == "in").split() == [
        "14",
        "or",
        "a",
        "call",
        "back",
    ]


def test_a_line_that_goes_or_comes_is_told_whole() -> None:
    assert differences.lines("a b c\nd e f", "a b c") == (Line(0, (Piece("out", "d e f"),)),)
    assert differences.lines("a b c", "a b c\nd e f") == (Line(2, (Piece("in", "d e f"),)),)


def test_lines_that_have_nothing_in_common_are_no_rewriting_of_each_other() -> None:
    found = differences.lines("one two three", "four five six")
    assert [[piece.kind for piece in line.pieces] for line in found] == [["in"], ["out"]]


@pytest.mark.parametrize(
    ("before", "after", "count"), [("a b c", "a x c", 1), ("a b", "a", 1), ("a", "a", 0), ("", "a b", 2)]
)
def test_words_are_counted(before: str, after: str, count: int) -> None:
    assert differences.count(differences.pieces(before, after)) == count


@given(st.text(), st.text())
def test_both_texts_can_be_read_from_the_pieces(before: str, after: str) -> None:
    found = differences.pieces(before, after)
    assert "".join(piece.text for piece in found if piece.kind != "in") == before
    assert "".join(piece.text for piece in found if piece.kind != "out") == after


@given(
    st.lists(st.sampled_from(["a b c", "a b d", "x y z", "q"])), st.lists(st.sampled_from(["a b c", "a b d", "x y z"]))
)
def test_every_line_that_is_not_in_both_is_told(before: list[str], after: list[str]) -> None:
    found = differences.lines("\n".join(before), "\n".join(after))
    assert bool(found) == (before != after)
    numbers = [line.number for line in found if line.number]
    assert numbers == sorted(set(numbers))


def test_texts_that_repeat_themselves_for_thousands_of_words_are_compared_at_once() -> None:
    before, after = "| x | y |\n" * 800, "| x | z |\n" * 800
    found = differences.pieces(before, after)
    assert "".join(piece.text for piece in found if piece.kind != "in") == before
    assert "".join(piece.text for piece in found if piece.kind != "out") == after
