"""Where the anchor of a heading leads when the heading was renamed, moved, joined, split, or taken away."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pasts import Past, prose

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def past(tmp_path: Path) -> Past:
    return Past(tmp_path / "wiki")


def page(*sections: tuple[str, str]) -> str:
    return "# Page\n\n" + "".join(f"## {title}\n\n{body}\n\n" for title, body in sections)


def test_a_renamed_heading_with_the_same_text_is_followed(past: Past) -> None:
    past.commit(page=page(("Before", prose(1)), ("Score", prose(2)), ("After", prose(3))))
    past.commit(page=page(("Before", prose(1)), ("What a lead is worth", prose(2)), ("After", prose(3))))
    assert past.section("page/", "score") == "page#what-a-lead-is-worth"


def test_a_heading_renamed_twice_and_edited_between_is_followed(past: Past) -> None:
    past.commit(
        page=page(
            ("Score", prose(2)),
        )
    )
    past.commit(
        page=page(
            ("Points", prose(2)),
        )
    )
    past.commit(
        page=page(
            ("Points", prose(2, 3) + prose(4, 4)),
        )
    )
    past.commit(
        page=page(
            ("Worth", prose(2, 3) + prose(4, 4)),
        )
    )
    assert past.section("page/", "score") == "page#worth"


def test_a_renamed_heading_without_text_of_its_own_is_followed_by_its_place(past: Past) -> None:
    old = f"# Page\n\n## Roles\n\n### Sales\n\n{prose(1)}\n\n### Marketing\n\n{prose(2)}\n"
    past.commit(page=old)
    past.commit(page=old.replace("## Roles", "## Who does what"))
    assert past.section("page/", "roles") == "page#who-does-what"


def test_headings_numbered_anew_are_followed_by_their_words(past: Past) -> None:
    past.commit(page=page(("1. Ask", "Ask."), ("2. Listen", "Listen."), ("3. Answer", "Answer.")))
    past.commit(
        page=page(("1. Greet", "Hello."), ("2. Ask", "Ask."), ("3. Listen", "Listen."), ("4. Answer", "Answer."))
    )
    assert past.section("page/", "3-answer") == "page#4-answer"
    assert past.section("page/", "1-ask") == "page#2-ask"


def test_an_anchor_whose_number_only_tells_equal_headings_apart_changes_its_owner(past: Past) -> None:
    past.commit(page=page(("Example", prose(1)), ("Example", prose(2)), ("Example", prose(3))))
    past.commit(page=page(("Example", prose(2)), ("Example", prose(3))))
    assert past.section("page/", "example_2") == "page#example_1"


def test_an_anchor_that_had_two_owners_that_are_elsewhere_now_is_not_guessed(past: Past) -> None:
    past.commit(page=page(("Example", prose(1)), ("Example", prose(2)), ("Example", prose(3))))
    past.commit(page=page(("Example", prose(2)), ("Example", prose(3))))
    past.commit(page=page(("One", prose(2)), ("Other", prose(3))))
    assert past.section("page/", "example_1") is None


def test_a_section_moved_to_another_page_is_followed_there(past: Past) -> None:
    past.commit(page=page(("Score", prose(1)), ("Source", prose(2))), other=page(("Else", prose(3))))
    past.commit(
        page=page(
            ("Source", prose(2)),
        ),
        other=page(("Else", prose(3)), ("Scoring", prose(1))),
    )
    assert past.section("page/", "score") == "other#scoring"


def test_a_section_moved_months_after_it_was_copied_is_followed(past: Past) -> None:
    past.commit(page=page(("Score", prose(1)), ("Source", prose(2))))
    past.commit(
        other=page(
            ("Scoring", prose(1)),
        )
    )
    past.commit(
        other=page(
            ("Points", prose(1)),
        )
    )
    past.commit(
        page=page(
            ("Source", prose(2)),
        )
    )
    assert past.section("page/", "score") == "other#points"


def test_a_section_joined_to_the_one_above_leads_there(past: Past) -> None:
    past.commit(page=page(("Score", prose(1)), ("Source", prose(2))))
    past.commit(
        page=page(
            ("Score", f"{prose(1)}\n\n{prose(2)}"),
        )
    )
    assert past.section("page/", "source") == "page#score"


def test_a_split_section_leads_to_its_larger_part(past: Past) -> None:
    first, second = prose(1, 8), prose(2, 4)
    past.commit(page=page(("All", f"{first}\n\n{second}"), ("After", prose(3))))
    past.commit(page=page(("Some", first), ("Others", second), ("After", prose(3))))
    assert past.section("page/", "all") == "page#some"


def test_a_section_that_is_gone_is_said_to_be_gone(past: Past) -> None:
    past.commit(page=page(("Score", prose(1)), ("Source", prose(2))))
    past.commit(
        page=page(
            ("Score", prose(1)),
        )
    )
    assert past.section("page/", "source") is None


def test_a_new_section_in_the_place_of_a_gone_one_is_not_taken_for_it(past: Past) -> None:
    past.commit(page=page(("Score", prose(1)), ("Source", prose(2)), ("After", prose(3))))
    past.commit(page=page(("Score", prose(1)), ("Something new", prose(9)), ("After", prose(3))))
    assert past.section("page/", "source") is None


def test_a_section_put_into_a_comment_is_gone(past: Past) -> None:
    past.commit(page=page(("Score", prose(1)), ("Source", prose(2))))
    past.commit(
        page=page(
            ("Score", f"{prose(1)}\n\n<!--\n## Source\n\n{prose(2)}\n-->"),
        )
    )
    assert past.section("page/", "source") is None


def test_a_comment_that_only_begins_in_code_hides_nothing(past: Past) -> None:
    past.commit(page=page(("Score", "Write `<!--` there."), ("Source", prose(2))))
    past.commit(page=page(("Score", "Write `<!--` there."), ("Where from", prose(2))))
    assert past.section("page/", "source") == "page#where-from"


def test_a_section_brought_back_is_where_it_was(past: Past) -> None:
    text = page(("Score", prose(1)), ("Source", prose(2)))
    past.commit(page=text)
    past.commit(
        page=page(
            ("Score", prose(1)),
        )
    )
    past.commit(page=text)
    assert past.section("page/", "source") == "source"


def test_a_section_is_followed_when_its_page_moves_and_it_is_renamed_later(past: Past) -> None:
    past.commit(page=page(("Score", prose(1)), ("Source", prose(2))))
    past.git("mv", "docs/page.md", "docs/moved.md")
    past.commit()
    past.commit(moved=page(("Points", prose(1)), ("Source", prose(2))))
    assert past.section("page/", "score") == "moved#points"


def test_the_anchor_of_a_pages_title_leads_to_its_top(past: Past) -> None:
    past.commit(page=f"# Leads\n\n{prose(1)}\n")
    past.commit(page=f"# What we call a lead\n\n{prose(1)}\n")
    assert past.section("page/", "leads") == "page#"


def test_a_heading_written_only_on_a_side_branch_is_known(past: Past) -> None:
    past.commit(
        page=page(
            ("Score", prose(1)),
        )
    )
    past.git("checkout", "-q", "-b", "side")
    past.commit(
        page=page(
            ("Draft", prose(1)),
        )
    )
    past.commit(
        page=page(
            ("Points", prose(1)),
        )
    )
    past.git("checkout", "-q", "main")
    past.commit(index="# Home\n")
    past.git("merge", "-q", "--no-ff", "-m", "Merge", "side")
    assert past.section("page/", "draft") == "page#points"


def test_near_twins_are_told_apart(past: Past) -> None:
    def level(name: str, years: int) -> str:
        return f"{prose(1)} A {name} designer has {years} years behind them and leads {years * 2} projects."

    past.commit(page=page(("Junior", level("junior", 1)), ("Senior", level("senior", 5)), ("Lead", level("lead", 9))))
    past.commit(page=page(("Level one", level("junior", 1)), ("Level three", level("lead", 9))))
    assert past.section("page/", "junior") == "page#level-one"
    assert past.section("page/", "lead") == "page#level-three"
    assert past.section("page/", "senior") is None


def test_a_section_that_became_another_bit_by_bit_is_not_called_the_same(past: Past) -> None:
    past.commit(page=page(("Vision", prose(1)), ("After", prose(3))))
    past.commit(page=page(("Mission", prose(1)), ("After", prose(3))))
    past.commit(page=page(("Mission", prose(2)), ("After", prose(3))))
    assert past.section("page/", "vision") == "page#"


def test_short_twins_are_not_taken_for_each_other(past: Past) -> None:
    def laptop(size: int) -> str:
        return f"The laptop for this team is the large one with {size} GB of memory, ordered from the usual supplier."

    past.commit(page=page(("Support team laptops", laptop(32)), ("Design team laptops", laptop(64)), ("Sales", "Any.")))
    past.commit(page=page(("Data team laptops", laptop(36)), ("Design team laptops", laptop(64)), ("Sales", "Any.")))
    assert past.section("page/", "support-team-laptops") is None


@pytest.mark.parametrize(("text", "found"), [(prose(4), None), ("Twelve points.", "page#points")])
def test_a_heading_used_again_for_a_text_that_went_leads_to_the_first_only_if_there_was_hardly_any(
    past: Past, text: str, found: str | None
) -> None:
    past.commit(page=page(("Score", prose(1))))
    past.commit(page=page(("Points", prose(1))))
    past.commit(page=page(("Points", prose(1)), ("Score", text)))
    past.commit(page=page(("Points", prose(1))))
    assert past.section("page/", "score") == found
    others = past.address("page/").others.get("score", ())
    assert [one.section for one in others] == ([] if found else ["points"])
