"""Two versions of a page laid side by side: equal lines, in one order."""

from __future__ import annotations

import random

import pytest

from kb_server.pages.manifest import Page, Section
from kb_server.pages.passages.aligning import Line, aligned, lines_of


@pytest.mark.parametrize(
    ("before", "after", "pairs"),
    [
        ("abc", "abc", {0: 0, 1: 1, 2: 2}),
        ("abc", "xabcy", {0: 1, 1: 2, 2: 3}),
        ("abc", "axc", {0: 0, 2: 2}),
        ("abc", "axyc", {0: 0, 2: 3}),
        ("abc", "ac", {0: 0, 2: 1}),
        ("abc", "xyz", {}),
        ("", "abc", {}),
        ("abc", "", {}),
        ("aa", "aaa", {0: 0, 1: 1}),
        ("xabcdy", "mbcdan", {2: 1, 3: 2, 4: 3}),  # what stands in another place is no pair: most keep their order
        ("xabcdefy", "mefabcdn", {1: 3, 2: 4, 3: 5, 4: 6}),
        ("x-a-y", "m-a-n", {1: 1, 2: 2, 3: 3}),  # what stands twice is paired beside what stands once
        ("x-a--y", "m--a-n", {1: 2, 2: 3, 3: 4}),
        ("x-+-+y", "m-+-+n", {1: 1, 2: 2, 3: 3, 4: 4}),  # of lines that all stand twice the longest run
    ],
)
def test_equal_lines_are_paired(before: str, after: str, pairs: dict[int, int]) -> None:
    assert aligned(before, after) == pairs


def test_pairs_are_equal_lines_in_one_order_and_those_at_both_ends_are_all_there() -> None:
    source = random.Random(4)
    for _ in range(300):
        before, after = ([source.choice("abcdefg") for _ in range(source.randrange(12))] for _ in range(2))
        pairs = sorted(aligned([0, *before, 9], [0, *after, 9]).items())
        old, new = [0, *before, 9], [0, *after, 9]
        assert all(old[one] == new[other] for one, other in pairs)
        assert [other for _, other in pairs] == sorted({other for _, other in pairs})
        assert {(0, 0), (len(old) - 1, len(new) - 1)} <= set(pairs)


def test_lines_that_were_put_in_or_taken_out_part_no_others() -> None:
    source = random.Random(4)
    for _ in range(100):
        common = list(range(20))
        before, after = [*common], [*common]
        for lines, fresh in ((before, 100), (after, 200)):
            for number in range(5):
                lines.insert(source.randrange(len(lines) + 1), fresh + number)
        pairs = aligned(before, after)
        assert {before[one] for one in pairs} == set(common)


def test_very_many_lines_of_which_none_stands_once_are_left_alone() -> None:
    assert len(aligned("xy" * 50, "yx" * 50)) == 99
    assert aligned("xy" * 150, "yx" * 150) == {}


def test_a_page_is_its_headings_and_its_lines_each_with_where_it_begins() -> None:
    sections = (Section("", "Calls", 1, "One.\n\nTwo.", "", None, ""), Section("who", "Who", 2, "", "", None, ""))
    found = lines_of(Page("calls", "page", "calls/", "Calls", "calls.md", sections=sections))
    assert found == [Line(0, -1, "Calls"), Line(0, 0, "One."), Line(0, 6, "Two."), Line(1, -1, "Who")]
    assert Line(0, -1, "Calls").key != Line(0, 0, "Calls").key
    assert Line(0, 0, "Two  words").key == Line(3, 7, "Twowords").key
