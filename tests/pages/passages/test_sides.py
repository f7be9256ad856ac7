"""A page in two versions, line by line and word by word."""

from __future__ import annotations

import pytest

from kb_server.pages.manifest import Page, Section
from kb_server.pages.passages.sides import Laid, Sides
from kb_server.pages.quotes import Quote


def laid(*sections: str) -> Laid:
    """A page of sections, their lines parted by a slash; the headings are S0, S1 and so on, so are the anchors."""
    parts = (Section(f"s{at}", f"S{at}", 2, text.replace("/", "\n"), "", None, "") for at, text in enumerate(sections))
    return Laid(Page("p", "page", "p/", "P", "p.md", sections=tuple(parts)))


def quote(exact: str, position: int) -> Quote:
    return Quote(exact, "", "", position)


def test_a_section_has_its_heading_and_its_lines() -> None:
    assert laid("one/two", "", "three").of_section == {"s0": range(3), "s1": range(3, 4), "s2": range(4, 6)}


@pytest.mark.parametrize(
    ("exact", "position", "lines"),
    [
        ("one", 0, range(1, 2)),
        ("one\ntwo", 0, range(1, 3)),
        ("e\nt", 2, range(1, 3)),
        ("two", 4, range(2, 3)),
        ("two\n", 4, range(2, 3)),
        ("\nthree", 7, range(3, 4)),
        ("\n", 3, range(0)),
    ],
)
def test_a_passage_covers_the_lines_it_touches(exact: str, position: int, lines: range) -> None:
    assert laid("one/two/three").covered("s0", quote(exact, position)) == lines


def test_a_passage_covers_nothing_of_another_section() -> None:
    assert laid("one", "two").covered("s1", quote("two", 0)) == range(3, 4)
    assert laid("one", "two").covered("nowhere", quote("two", 0)) == range(0)


@pytest.mark.parametrize(
    ("after", "line", "gap"),
    [
        ("a/x/c", 2, (range(2, 3), range(2, 3))),
        ("a/x/y/c", 2, (range(2, 3), range(2, 4))),
        ("a/c", 2, (range(2, 3), range(2, 2))),
        ("x/y/c", 2, (range(1, 3), range(1, 3))),
        ("a/x", 2, (range(2, 4), range(2, 3))),
        ("a/x", 3, (range(2, 4), range(2, 3))),
    ],
)
def test_the_gap_reaches_to_the_next_lines_that_are_still_there(
    after: str, line: int, gap: tuple[range, range]
) -> None:
    assert Sides(laid("a/b/c"), laid(after)).gap(range(line, line + 1)) == gap


def test_where_nothing_is_left_the_gap_is_all_there_is() -> None:
    before, after = laid("a/b"), laid("x")
    after.lines[0] = after.lines[0].__class__(0, -1, "Another heading")
    after.keys[0] = after.lines[0].key
    assert Sides(before, after).gap(range(1, 2)) == (range(3), range(2))


@pytest.mark.parametrize(
    ("before", "after", "lines", "partners"),
    [
        ("a/b/c", "x/a/b/c", (1, 2), [2, 3]),
        ("a/b/c", "a/c", (1, 2), None),
        ("a/b/c", "a/x/b/c", (1, 2), None),  # they are no longer in a row
        ("a/b/c", "a/x/b/c", (2, 2), [3]),
        ("-/b", "-/c/-", (1, 1), [1]),  # below the heading, which is still above it
        ("p/-/q", "x/-/y/-", (2, 2), None),  # it stands everywhere, and nothing beside it tells which it is
        ("p/-/q", "x/-/y", (2, 2), [2]),  # it stands there once
        ("p/-/q/-", "x/-/q", (2, 2), [2]),  # what stands below it does
    ],
)
def test_lines_are_where_their_partners_are(
    before: str, after: str, lines: tuple[int, int], partners: list[int] | None
) -> None:
    assert Sides(laid(before), laid(after)).partners(range(lines[0], lines[1] + 1)) == partners


def test_what_has_no_partner_is_new() -> None:
    sides = Sides(laid("a/b"), laid("a/new/b"))
    assert [sides.is_new("s0", place) for place in (0, 2, 6)] == [False, True, False]
    assert not sides.is_new("nowhere", 0)


def test_words_know_where_they_stand() -> None:
    page = laid("One, two./Three", "Four five six")
    some = page.stretch(range(1, 5))
    assert some.words == ["one", "two", "three", "four", "five", "six"]
    assert some.at(0, 5, 8) == (1, 2)
    assert some.at(0, 0, 15) == (0, 3)
    assert some.at(0, 5, 15) == (1, 3)
    assert some.at(1, 0, 4) == (3, 4)
    assert some.at(0, 3, 5) == (0, 0)
    assert some.span(1, 3) == (0, 5, 15)
    assert some.span(3, 4) == (1, 0, 4)
    assert some.span(2, 6) == (1, 0, 13)  # the section that has most of them
    assert page.stretch(range(2, 3)).words == ["three"]
