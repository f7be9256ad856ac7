"""What became of a page's headings from one version to the next: by their text, their words and their place."""

from __future__ import annotations

import pytest
from pasts import prose

from kb_server.wiki import outline
from kb_server.wiki.past.sections import became_of, common_to, numbered


def page(*sections: tuple[str, str]) -> str:
    """A page of headings and what stands below each; a heading may begin with the marks of its level."""
    parts = [f"{'' if title.startswith('#') else '## '}{title}\n\n{text}\n" for title, text in sections]
    return "# Page\n\n" + "\n".join(parts)


def became(old: str, new: str) -> dict[str, str | None]:
    return became_of(outline.read(old), outline.read(new))


A, B, C = prose(1), prose(2), prose(3)


def test_what_keeps_its_heading_is_the_same_whatever_its_text_is() -> None:
    assert became(page(("Score", A)), page(("Score", B))) == {}
    assert became(page(("Score", A)), page(("Score", A), ("More", B))) == {}


def test_a_heading_that_is_gone_is_the_new_one_with_its_text_or_none() -> None:
    assert became(page(("Score", A)), page(("Points", A))) == {"score": "points"}
    assert became(page(("Score", A)), page(("Points", B))) == {"score": None}
    assert became(page(("Score", A), ("Who", B)), page(("Who", B))) == {"score": None}


@pytest.mark.parametrize(("left", "same"), [(4, True), (1, False)])
def test_half_of_the_text_is_enough_in_its_place(left: int, *, same: bool) -> None:
    now = "\n".join([*A.splitlines()[:left], *prose(9, 6 - left).splitlines()])
    assert became(page(("Score", A)), page(("Points", now))) == {"score": "points" if same else None}


def test_the_same_words_with_another_number_are_the_same_heading() -> None:
    assert became(page(("1. Score", A)), page(("2. Score", B))) == {"1-score": "2-score"}
    assert became(page(("Week 3", A)), page(("Week 4", B))) == {"week-3": None}


def test_each_goes_to_the_one_that_is_most_like_it() -> None:
    old, new = page(("One", A), ("Two", B)), page(("First", B), ("Second", A))
    assert became(old, new) == {"one": "second", "two": "first"}


def test_two_never_become_one() -> None:
    found = became(page(("One", A), ("Two", A)), page(("Both", A)))
    assert sorted(found.values(), key=str) == [None, "both"]


def test_a_heading_without_text_is_the_one_in_its_place_that_shares_a_word() -> None:
    sections = ("Before", A), ("After", B)
    old = page(sections[0], ("Who calls", ""), sections[1])
    assert became(old, page(sections[0], ("Who calls when", ""), sections[1])) == {"who-calls": "who-calls-when"}
    assert became(old, page(sections[0], ("Faxes", ""), sections[1])) == {"who-calls": None}
    assert became(old, page(*sections, ("Who writes", ""))) == {"who-calls": None}


def test_equal_headings_are_told_apart_by_their_texts() -> None:
    old = page(("Example", A), ("Example", B), ("Example", C))
    assert became(old, page(("Example", B), ("Example", C))) == {
        "example": None,
        "example_1": "example",
        "example_2": "example_1",
    }
    fresh = page(("Example", prose(9)), ("Example", A), ("Example", B), ("Example", C))
    assert became(old, fresh) == {"example": "example_1", "example_1": "example_2", "example_2": "example_3"}
    assert became(old, old) == {}


def test_equal_headings_whose_texts_are_all_new_stay_in_their_order() -> None:
    old = page(("Example", A), ("Example", B))
    assert became(old, page(("Example", prose(8)), ("Example", prose(9)))) == {}


def test_text_that_several_sections_have_tells_none_of_them() -> None:
    shared = "This line stands in each of the sections of this page, whatever it is about."
    text = outline.read(page(("One", f"{shared}\n{A}"), ("Two", f"{shared}\n{B}")))
    assert common_to(text)
    assert not common_to(outline.read(page(("One", A), ("Two", B))))
    old = page(("One", f"{shared}\n{shared} Yes."), ("Two", f"{shared}\n{B}"))
    assert became(old, page(("Three", f"{shared}\n{C}"), ("Two", f"{shared}\n{B}")))["one"] is None


def test_a_number_at_the_end_only_tells_equal_headings_apart() -> None:
    assert numbered("example_2")
    assert not numbered("example-2")
    assert not numbered("example")


def test_among_very_many_headings_each_finds_its_own() -> None:
    old = page(*((f"Old {name}", prose(at)) for at, name in enumerate(_names(60))))
    new = page(*((f"Fresh {name[::-1]}", prose(at)) for at, name in enumerate(_names(60))))
    assert became(old, new) == {f"old-{name}": f"fresh-{name[::-1]}" for name in _names(60)}


def _names(count: int) -> list[str]:
    return [chr(97 + at // 26) + chr(97 + at % 26) + "x" for at in range(count)]
