"""Where the text of a section went that its page has lost: to what has most of it, if it is clear which."""

from __future__ import annotations

import pytest
from pasts import prose

from kb_server.wiki import outline
from kb_server.wiki.outline import Section
from kb_server.wiki.past.likeness import groups
from kb_server.wiki.past.moves import Gain, Lost, Place, found, gained

TEXT = prose(1, 10)  # eighty words
LINES = TEXT.splitlines()


def section(title: str, *lines: str) -> Section:
    return Section(title.lower().replace(" ", "-"), title, 2, "\n".join(lines))


def lost(title: str = "Score", *lines: str, path: str = "old.md") -> Lost:
    return Lost(path, section(title, *(lines or LINES)))


def gain(path: str, title: str, *lines: str, old: str = "") -> Gain:
    return Gain(path, section(title, *lines), old)


def place(*gains: Gain, one: Lost | None = None) -> Place | None:
    one = one or lost()
    return found([one], gains).get((one.path, one.section.anchor))


def test_it_is_where_its_text_is_new() -> None:
    assert place(gain("x.md", "Points", TEXT), gain("y.md", "Other", prose(2, 10))) == ("x.md", "points")
    assert place(gain("x.md", "Points", prose(3, 5), TEXT, old=prose(3, 5))) == ("x.md", "points")
    assert place(gain("x.md", "Points", TEXT, "More.", old=TEXT)) is None
    assert place() is None


@pytest.mark.parametrize(("lines", "there"), [(7, True), (5, False)])
def test_six_words_of_ten_are_it(lines: int, *, there: bool) -> None:
    some = gain("x.md", "Points", *LINES[:lines], *prose(2, 10 - lines).splitlines())
    assert place(some) == (("x.md", "points") if there else None)


def test_of_a_text_that_was_divided_it_is_the_larger_part_if_that_is_large_enough() -> None:
    assert place(gain("x.md", "A", *LINES[:4]), gain("y.md", "B", *LINES[4:])) == ("y.md", "b")
    parts = [gain(f"{at}.md", f"Part {at}", *LINES[2 * at : 2 * at + 2]) for at in range(5)]
    assert place(*parts) is None
    assert place(gain("x.md", "A", *LINES[:2]), gain("y.md", "B", *LINES[2:6])) is None


def test_where_another_has_nearly_as_much_of_it_nobody_knows() -> None:
    most = gain("x.md", "A", *LINES[:8])
    nearly = gain("y.md", "B", *LINES[:7], LINES[7].rsplit(" ", 2)[0])
    assert place(most, nearly) is None
    assert place(most, gain("y.md", "B", *LINES[:6])) == ("x.md", "a")


def test_the_very_text_goes_before_text_that_is_more() -> None:
    longer = gain("y.md", "Points", TEXT, prose(4, 3))
    assert place(gain("x.md", "Other", TEXT), longer) == ("x.md", "other")
    assert place(gain("x.md", "Other", prose(5, 1), TEXT, old=prose(5, 1)), longer) is None


def test_a_section_gained_what_it_had_not() -> None:
    old = outline.read(f"# P\n\n## Same\n\n{TEXT}\n\n## Changed\n\nOne.\n\n## Was\n\nTwo.\n")
    changed = "## Changed\n\nThree.\n\n## Is\n\nFour.\n\n## Fresh\n\nFive.\n"
    new = outline.read(f"# P\n\n## Same\n\n{TEXT}\n\n{changed}")
    found_ = gained("p.md", old, new, {"is": "was"})
    assert [(one.section.anchor, one.old) for one in found_] == [("changed", "One."), ("is", "Two."), ("fresh", "")]


def test_of_two_equal_parts_it_is_the_first() -> None:
    assert place(gain("x.md", "A", *LINES[:5]), gain("y.md", "B", *LINES[5:])) == ("x.md", "a")


def test_of_two_with_the_same_text_it_is_that_of_its_page_or_of_its_name_or_neither() -> None:
    one, other = gain("x.md", "A", TEXT), gain("y.md", "B", TEXT)
    assert place(one, other) is None
    assert place(one, gain("old.md", "B", TEXT)) == ("old.md", "b")
    assert place(one, gain("y.md", "2. Score", TEXT)) == ("y.md", "2.-score")
    assert place(gain("old.md", "A", TEXT), gain("old.md", "B", TEXT)) is None


def test_what_other_sections_of_the_page_say_too_tells_nothing() -> None:
    whole = Lost("old.md", section("Score", TEXT), groups(TEXT))
    assert place(gain("x.md", "Points", *LINES[:8]), one=whole) is None
    some = Lost("old.md", section("Score", TEXT), groups("\n".join(LINES[:5])))
    assert place(gain("x.md", "Points", *LINES[:5]), one=some) is None
    assert place(gain("x.md", "Points", *LINES[5:]), one=some) == ("x.md", "points")


def test_few_words_follow_the_others_of_their_page_to_a_new_section_of_their_name() -> None:
    short, long = lost("Who", "Ask Ann."), lost()
    gains = [gain("x.md", "Points", TEXT), gain("x.md", "Who", "Ask Ben."), gain("y.md", "Who", "Ask Ann.")]
    assert found([short, long], gains)["old.md", "who"] == ("x.md", "who")
    assert ("old.md", "who") not in found([short], gains)
    there = [gains[0], gain("x.md", "Who", "Ask Ben.", old="Ask Eve.")]
    assert ("old.md", "who") not in found([short, long], there)
    elsewhere = [gain("old.md", "Points", TEXT), gain("old.md", "Who", "Ask Ben.")]
    assert ("old.md", "who") not in found([short, long], elsewhere)


def test_among_very_many_sections_it_is_found_by_its_sentences() -> None:
    gains = [gain(f"{at}.md", "Part", prose(at, 8)) for at in range(50)]
    one = lost("Part", *prose(30, 8).splitlines()[:7], "Another end of this text stands here now.")
    assert place(*gains, one=one) == ("30.md", "part")
