"""An old anchor is led only to where something of its section is, and it is said where that is too little."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pasts import Past, prose, said

if TYPE_CHECKING:
    from pathlib import Path

PARTS = "### Sales\n\n" + prose(21) + "\n\n### Marketing\n\n" + prose(22)


@pytest.fixture
def past(tmp_path: Path) -> Past:
    return Past(tmp_path / "wiki")


def page(*sections: tuple[str, str]) -> str:
    return "# Page\n\n" + "".join(f"## {title}\n\n{body}\n\n" for title, body in sections)


def kept(sentences: int, of: int = 1) -> str:
    """So many of the six sentences of a text, the rest rewritten."""
    return "\n".join([*prose(of).splitlines()[:sentences], *prose(90 + of, 6 - sentences).splitlines()])


def doubted(past: Past, url: str) -> dict[str, list[str | None]]:
    return {anchor: [said(one) for one in others] for anchor, others in past.address(url).others.items()}


@pytest.mark.parametrize(
    ("copies", "found"),
    [
        ({"purpose": ("Encouraged", kept(3))}, "purpose#encouraged"),
        ({"purpose": ("Encouraged", kept(2))}, None),
        ({"purpose": ("What we want", kept(3))}, None),
        ({"purpose": ("What we want", kept(4))}, "purpose#what-we-want"),
        ({"purpose": ("Encouraged", kept(3)), "scope": ("Scope", kept(4))}, "purpose#encouraged"),
        ({"purpose": ("Encouraged", kept(3)), "scope": ("Encouraged", kept(4))}, "scope#encouraged"),
        ({"purpose": ("Encouraged", kept(3)), "scope": ("Encouraged", kept(3))}, None),
    ],
)
def test_a_part_that_was_copied_edited_and_removed_later_is_known_by_its_text_and_heading(
    past: Past, copies: dict[str, tuple[str, str]], found: str | None
) -> None:
    past.commit(guide=page(("Encouraged", prose(1)), ("Other", prose(2))))
    past.commit(**{name: page(section) for name, section in copies.items()})
    past.commit(guide=page(("Other", prose(2))))
    assert past.section("guide/", "encouraged") == found


def test_one_sentence_below_the_same_heading_is_enough_where_there_was_no_more(past: Past) -> None:
    past.commit(guide=page(("Translations", prose(1, 1)), ("Other", prose(2))))
    past.commit(more=page(("Translations", prose(1, 1) + "\n" + prose(3))))
    past.commit(guide=page(("Other", prose(2))))
    assert past.section("guide/", "translations") == "more#translations"


def test_one_sentence_below_another_heading_is_not(past: Past) -> None:
    past.commit(guide=page(("Translations", prose(1, 1)), ("Other", prose(2))))
    past.commit(more=page(("Languages", prose(1, 1) + "\n" + prose(3))))
    past.commit(guide=page(("Other", prose(2))))
    assert past.section("guide/", "translations") is None


def test_a_heading_that_went_by_its_place_alone_is_said_to_be_a_guess(past: Past) -> None:
    past.commit(page=page(("Roles", PARTS)))
    past.commit(page=page(("Who does what", PARTS)))
    assert past.section("page/", "roles") == "page#who-does-what"
    assert doubted(past, "page/") == {"roles": []}


def test_nobody_doubts_what_has_its_text_or_the_words_of_its_heading(past: Past) -> None:
    past.commit(page=page(("Score", prose(1)), ("Anniversaries", PARTS)))
    past.commit(page=page(("What a lead is worth", kept(1)), ("Work anniversaries", PARTS)))
    past.commit(page=page(("What a lead is worth", kept(3)), ("Work anniversaries", PARTS)))
    past.commit(guide=page(("Score", prose(5))))
    past.commit(guide=page(("What it is worth", prose(5))))
    assert past.section("guide/", "score") == "guide#what-it-is-worth"
    assert past.section("page/", "anniversaries") == "page#work-anniversaries"
    assert doubted(past, "guide/") == doubted(past, "page/") == {}


def test_a_guess_stays_one_when_the_page_had_moved_before(past: Past) -> None:
    text = page(("Roles", PARTS), ("Other", prose(3)))
    past.commit(old=text)
    past.commit(old=None, page=text)
    past.commit(page=text.replace("## Roles", "## Who does what"))
    assert past.section("old/", "roles") == "page#who-does-what"
    assert doubted(past, "old/") == {"roles": []}


@pytest.mark.parametrize(("heading", "anchor"), [("Analytics team laptops", "analytics-team-laptops"), ("Screens", "")])
def test_of_twins_the_one_that_stayed_and_says_other_things_is_no_sure_heir(
    past: Past, heading: str, anchor: str
) -> None:
    """A copy of the text was made long ago, the original went, and then the copy was rewritten."""
    past.commit(page=page(("Support team laptops", prose(1)), ("Rules", prose(2))))
    past.commit(page=page(("Support team laptops", prose(1)), (heading, prose(1)), ("Rules", prose(2))))
    past.commit(page=page((heading, prose(1)), ("Rules", prose(2))))
    past.commit(page=page((heading, prose(7)), ("Rules", prose(2))))
    assert past.section("page/", "support-team-laptops") == (f"page#{anchor}" if anchor else None)
    assert doubted(past, "page/") == ({"support-team-laptops": []} if anchor else {})


def test_a_text_that_stands_in_many_places_leads_to_none_of_them(past: Past) -> None:
    past.commit(guide=page(("Terms", prose(1)), ("Other", prose(2))))
    past.commit(a=page(("In a", prose(1))))
    past.commit(b=page(("In b", prose(1))))
    two = past.commit(guide=page(("Other", prose(2))))
    assert past.section("guide/", "terms") == "b#in-b"
    past.git("reset", "-q", "--hard", f"{two}~1")
    past.commit(c=page(("In c", prose(1))))
    past.commit(guide=page(("Other", prose(2))))
    assert past.section("guide/", "terms") is None


def test_a_number_that_several_had_and_the_last_took_along_leads_to_none_of_them(past: Past) -> None:
    past.commit(page=page(("Example", prose(1)), ("Example", prose(2))))
    past.commit(page=page(("Example", prose(2))))
    assert past.section("page/", "example_1") == "page#example"
    past.commit(page=page(("Example", prose(2)), ("Example", "Twelve points.")))
    past.commit(page=page(("Example", prose(2))))
    assert past.section("page/", "example_1") is None
