"""What became of a page whose file was renamed, moved, copied, merged, or taken away."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pasts import Past, prose

from kb_server.pages.history import Target

if TYPE_CHECKING:
    from pathlib import Path

LEADS = f"# Leads\n\n{prose(1)}\n\n## Score\n\n{prose(2)}\n\n## Source\n\n{prose(3)}\n"


@pytest.fixture
def past(tmp_path: Path) -> Past:
    past = Past(tmp_path / "wiki")
    past.commit(index="# Home\n", old=LEADS)
    return past


def test_a_renamed_page_is_found_at_its_old_address(past: Past) -> None:
    past.git("mv", "docs/old.md", "docs/new.md")
    past.commit()
    assert past.page("old/") == "new"
    assert past.section("old/", "score") == "score"


def test_a_page_renamed_and_edited_at_once_is_found(past: Past) -> None:
    past.commit(old=None, new=LEADS.replace(prose(3), prose(4)))
    assert past.page("old/") == "new"


def test_a_page_of_few_words_that_kept_its_name_is_found_in_another_folder(past: Past) -> None:
    past.commit(calls="# Calls\n\nRing before noon.\n")
    past.commit(calls=None, sales__calls="# Calls\n\nRing before ten.\n")
    assert past.page("calls/") == "sales/calls"


def test_a_new_page_of_a_template_is_not_taken_for_one_that_goes(past: Past) -> None:
    def plan(name: str) -> str:
        return f"# {name}\n\n## Risks\n\n{prose(72, 9)}\n\n## Tests\n\n{prose(73, 9)}\n"

    past.commit(**{f"plan{number}": plan(f"Plan {number}") for number in range(5)})
    past.commit("Drop one, begin one", plan1=None, later=plan("Later"))
    assert past.page("plan1/") == ""


def test_a_page_renamed_again_and_again_is_found_at_each_address(past: Past) -> None:
    past.commit(old=None, second=LEADS)
    past.commit(second=None, third=LEADS)
    past.commit(third=None, fourth__index=LEADS)
    assert {past.page(url) for url in ("old/", "second/", "third/")} == {"fourth/index"}


def test_a_page_that_was_taken_away_and_brought_back_is_at_its_address(past: Past) -> None:
    past.commit(old=None)
    past.commit(old=LEADS)
    assert past.page("old/") == "old"


def test_a_removed_page_says_when_and_why(past: Past) -> None:
    commit = past.commit("Drop leads: nobody reads them (#12)", old=None)
    address = past.address("old/")
    assert address.now is None
    assert address.removed
    said = address.removed
    assert (said.title, said.on, said.why, said.commit) == (
        "Leads",
        "2026-01-02",
        "Drop leads: nobody reads them (#12)",
        commit,
    )


def test_a_page_renamed_and_then_removed_says_when_it_was_removed(past: Past) -> None:
    past.commit("Rename", old=None, new=LEADS)
    past.commit("Edit", new=LEADS.replace("# Leads", "# Prospects"))
    past.commit("No use", new=None)
    removed = past.address("old/").removed
    assert removed
    assert (removed.why, removed.title) == ("No use", "Prospects")


def test_a_page_copied_first_and_deleted_months_later_is_found(past: Past) -> None:
    past.commit(copy=LEADS)
    past.commit(copy=LEADS.replace(prose(1), prose(5)), other="# Other\n")
    past.commit(old=None)
    assert past.page("old/") == "copy"
    assert past.section("old/", "source") == "source"


def test_a_page_deleted_first_and_written_again_elsewhere_is_found(past: Past) -> None:
    past.commit(old=None)
    past.commit(again=LEADS)
    assert past.page("old/") == "again"


def test_a_page_renamed_only_on_a_side_branch_and_rewritten_there_is_found(past: Past) -> None:
    past.git("checkout", "-q", "-b", "side")
    past.commit(old=None, new=LEADS)
    past.commit(new=f"# Prospects\n\n{prose(21)}\n\n## Other\n\n{prose(22)}\n")
    past.git("checkout", "-q", "main")
    past.commit(index="# Home\n\nWelcome.\n")
    past.git("merge", "-q", "--no-ff", "-m", "Merge", "side")
    assert past.page("old/") == "new"


def test_years_in_the_second_parent_of_a_merge_are_known(past: Past, tmp_path: Path) -> None:
    other = Past(tmp_path / "other")
    other.commit(first=f"# Calls\n\n{prose(31)}\n\n## Script\n\n{prose(32)}\n")
    other.git("mv", "docs/first.md", "docs/calls.md")
    other.commit()
    past.git("fetch", "-q", str(other.folder), "main")
    past.git("merge", "-q", "--allow-unrelated-histories", "-m", "Bring in the calls", "FETCH_HEAD")
    assert past.page("first/") == "calls"


def test_a_page_that_only_a_merge_moved_is_found(past: Past, tmp_path: Path) -> None:
    text = f"# Calls\n\n{prose(31)}\n\n## Script\n\n{prose(32)}\n"
    other = Past(tmp_path / "other")
    other.commit(calls=text)
    past.git("fetch", "-q", str(other.folder), "main")
    past.git("merge", "-q", "--no-commit", "--allow-unrelated-histories", "FETCH_HEAD")
    past.write(calls=None, sales__calls=text)
    past.commit("Bring in the calls")
    assert past.page("calls/") == "sales/calls"
    assert past.section("calls/", "script") == "script"


def test_a_page_blanked_before_it_was_deleted_is_found_by_what_it_said(past: Past) -> None:
    past.commit(old="", new=f"# Prospects\n\n{LEADS}")
    past.commit(old=None)
    assert past.page("old/") == "new"


def test_a_page_that_only_said_where_it_had_moved_is_followed(past: Past) -> None:
    past.commit(new=f"# Prospects\n\n{prose(8)}\n")
    past.commit(old="# Leads\n\nThis has moved to [Prospects](new.md).\n")
    past.commit(old=None)
    assert past.page("old/") == "new"


def test_a_page_replaced_by_a_symbolic_link_is_where_the_link_leads(past: Past) -> None:
    past.commit(new=LEADS)
    (past.docs / "old.md").unlink()
    (past.docs / "old.md").symlink_to("new.md")
    past.commit()
    past.commit(old=None)
    assert past.page("old/") == "new"
    assert past.section("old/", "score") == "score"


def test_an_address_that_was_always_a_symbolic_link_keeps_its_anchors(past: Past) -> None:
    (past.docs / "short.md").symlink_to("old.md")
    past.commit()
    past.commit(short=None)
    past.commit(old=LEADS.replace("## Score", "## Points"))
    assert past.page("short/") == "old"
    assert past.section("short/", "score") == "old#points"


def test_a_split_page_names_its_parts_and_leads_each_section_to_its_own(past: Past) -> None:
    past.commit(
        old=None,
        score=f"# Score\n\n{prose(2)}\n\n{prose(41, 9)}\n",
        source=f"# Source\n\n{prose(3)}\n\n{prose(42, 9)}\n",
    )
    address = past.address("old/")
    assert address.now is None
    assert address.removed
    assert {target.page for target in address.removed.instead} == {"score", "source"}
    assert past.section("old/", "score") == "score#"
    assert past.section("old/", "source") == "source#"


def test_a_page_divided_among_many_is_not_called_any_one_of_them(past: Past) -> None:
    parts = {f"part{number}": prose(80 + number, 7) for number in range(5)}
    past.commit(bot="# Bot\n\n" + "".join(f"## {name}\n\n{text}\n\n" for name, text in parts.items()))
    past.commit(bot=None, **{name: f"# The {name}\n\n{text}\n" for name, text in parts.items()})
    assert past.page("bot/") == ""
    assert past.section("bot/", "part3") == "part3#"


@pytest.mark.parametrize("count", [2, 3, 4])
def test_a_page_divided_into_equal_parts_is_removed_and_names_them_all(past: Past, count: int) -> None:
    parts = {f"part{number}": prose(80 + number, 20) for number in range(count)}
    past.commit(guide="# Guide\n\n" + "".join(f"## {name}\n\n{text}\n\n" for name, text in parts.items()))
    past.commit(guide=None, **{name: f"# The {name}\n\n{text}\n" for name, text in parts.items()})
    address = past.address("guide/")
    assert address.removed
    assert {target.page for target in address.removed.instead} == set(parts)


def test_the_larger_part_of_a_divided_page_or_the_one_that_has_its_name_is_the_page(past: Past) -> None:
    for name, larger, smaller in (("a", 24, 16), ("b", 16, 20)):
        text, rest = prose(81, larger), prose(82, smaller)
        past.commit(guide=f"# Guide\n\n{text}\n\n## More\n\n{rest}\n")
        titled = "Guide" if larger < smaller else "Another"
        past.commit(guide=None, **{name: f"# {titled}\n\n{text}\n", f"{name}2": f"# More\n\n{rest}\n"})
        assert past.page("guide/") == name


def test_a_page_that_was_cut_short_is_the_same_page(past: Past) -> None:
    past.commit(guide=f"# Guide\n\n{prose(81, 12)}\n\n## More\n\n{prose(82, 28)}\n")
    past.commit(guide=None, short=f"# Shorter\n\n{prose(81, 12)}\n")
    assert past.page("guide/") == "short"


def test_a_page_merged_into_a_section_of_another_leads_there(past: Past) -> None:
    note = f"# Note\n\n{prose(51)}\n"
    past.commit(note=note, new=f"# Book\n\n{prose(52, 12)}\n")
    past.commit(note=None, new=f"# Book\n\n{prose(52, 12)}\n\n## A note\n\n{prose(51)}\n")
    assert past.address("note/").now == Target("new", "a-note")


def test_a_moved_docs_folder_keeps_all_addresses(tmp_path: Path) -> None:
    past = Past(tmp_path / "wiki")
    past.docs = past.folder / "content"
    texts = {f"page{number}": f"# Page {number}\n\n{prose(number)}\n" for number in range(5)}
    past.commit(**texts, gone=f"# Gone\n\n{prose(77)}\n")
    past.commit("No use", gone=None)
    past.commit(page1=None, renamed=texts["page1"])
    past.docs.rmdir() if not any(past.docs.iterdir()) else None
    (past.folder / "docs").rmdir()
    past.git("mv", "content", "docs")
    past.docs = past.folder / "docs"
    past.commit()
    assert past.page("page1/") == "renamed"
    assert past.page("page2/") == "page2"
    gone = past.address("gone/").removed
    assert gone
    assert gone.why == "No use"


def test_the_id_in_the_front_matter_says_more_than_the_text(past: Past) -> None:
    past.commit(known=f"---\nid: leads\n---\n# Leads\n\n{prose(61)}\n")
    past.commit(known=None)
    past.commit(new=f"---\nid: leads\n---\n# What we call them\n\n{prose(62)}\n", like=f"# Leads\n\n{prose(61)}\n")
    assert past.page("known/") == "leads"


def test_of_two_new_pages_the_one_with_the_id_is_the_old_one(past: Past) -> None:
    past.commit(known=f"---\nid: leads\n---\n# Leads\n\n{prose(61)}\n")
    past.commit(known=None, new=f"---\nid: leads\n---\n# New\n\n{prose(62)}\n", like=f"# Leads\n\n{prose(61)}\n")
    past.commit(new=f"# Without an id now\n\n{prose(62)}\n")
    assert past.page("known/") == "new"


def test_the_id_of_a_page_that_went_into_another_is_known_by_its_address(past: Past) -> None:
    past.commit(note=f"---\nid: a-note\n---\n# Note\n\n{prose(51)}\n", new=f"# Book\n\n{prose(52, 12)}\n")
    past.commit(note=None, new=f"# Book\n\n{prose(52, 12)}\n\n## A note\n\n{prose(51)}\n")
    assert past.history().ids == {"a-note": "note/"}


def test_an_id_that_was_changed_leads_to_the_page_that_had_it(past: Past) -> None:
    note, other = f"# Note\n\n{prose(51)}\n", f"# Other\n\n{prose(5)}\n"
    past.commit(note=f"---\nid: a-note\n---\n{note}")
    past.commit(other=f"---\nid: a-note\n---\n{other}")  # copied with the page
    past.commit(note=f"---\nid: my-note\n---\n{note}", other=f"---\nid: other\n---\n{other}")
    past.commit(note=note)
    assert past.history().ids == {"a-note": "note/", "my-note": "note/"}
    past.commit("Away", note=None)
    assert past.history().ids == {"a-note": "note/", "my-note": "note/"}


def test_a_page_says_itself_which_addresses_it_had(past: Past) -> None:
    past.commit("Away", old=None)
    said_so = "[old.md, /go/leads/, https://wiki.example.com/a/b/, wir über/]"
    past.commit(new=f"---\nmoved_from: {said_so}\n---\n# New\n\n{prose(9)}\n")
    assert {past.page(url) for url in ("old/", "go/leads/", "a/b/", "wir%20%C3%BCber/")} == {"new"}


@pytest.mark.parametrize("said", ["before/long", "/before/long?from=mail", "https://wiki.example.com/before/long#top"])
def test_an_old_address_may_be_written_without_its_slash(past: Past, said: str) -> None:
    past.commit(index=f"---\nid: home\nmoved_from: ['{said}']\n---\n# Home\n")
    assert past.page("before/long/") == "home"


def test_what_a_page_says_of_itself_takes_nothing_from_what_git_knows(past: Past) -> None:
    third = f"# Third\n\n{prose(70)}\n"
    past.commit(old=LEADS, third=third)
    past.commit(old=LEADS.replace(f"## Score\n\n{prose(2)}\n", ""), third=f"{third}\n## Score\n\n{prose(2)}\n")
    past.commit("Away", old=None)
    past.commit(new=f"---\nmoved_from: old.md\n---\n# New\n\n{prose(9)}\n")
    assert past.page("old/") == "new"
    assert past.section("old/", "score") == "third#score"


def test_a_page_that_became_part_of_another_leads_to_that_part_even_if_the_page_names_it(past: Past) -> None:
    book, note = f"# Book\n\n{prose(52, 12)}\n", prose(51)
    past.commit(note=f"# Note\n\n{note}\n", book=book)
    past.commit(note=None, book=f"---\nmoved_from: note.md\n---\n{book}\n## A note\n\n{note}\n")
    assert past.address("note/").now == Target("book", "a-note")


def test_a_page_that_stands_is_where_it_stands_whatever_another_says(past: Past) -> None:
    past.commit(new=f"---\nmoved_from: old.md\n---\n# New\n\n{prose(9)}\n")
    assert past.page("old/") == "old"


def test_of_two_files_that_had_an_address_the_later_one_is_meant(past: Past) -> None:
    one, other = (f"# {name}\n\n{prose(seed, 9)}\n" for name, seed in (("One", 61), ("Other", 62)))
    past.commit(x=one)
    past.commit(x=None, kept=one)
    past.commit(x__index=other)
    past.commit(x__index=None, later=other)
    assert past.page("x/") == "later"


def test_a_removed_page_may_say_what_it_was_merged_into(past: Past) -> None:
    past.commit(new=f"---\nid: prospects\n---\n# Prospects\n\n{prose(8)}\n\n## Points\n\n{prose(9)}\n")
    past.commit(old=f"---\nmerged_into: prospects\n---\n{LEADS}")
    past.commit(old=None)
    assert past.page("old/") == "prospects"


def test_a_page_may_be_merged_into_a_path_and_a_section_of_it(past: Past) -> None:
    past.commit(new=f"# Prospects\n\n{prose(8)}\n\n## Points\n\n{prose(9)}\n")
    past.commit(old=f"---\nmerged_into: new.md#points\n---\n{LEADS}")
    past.commit(old=None)
    assert past.address("old/").now == Target("new", "points")


def test_two_pages_of_one_template_are_not_taken_for_each_other(past: Past) -> None:
    template = "# {}\n\n" + prose(71, 12) + "\n\n## Risks\n\n" + prose(72, 9) + "\n\n## Name\n\n{}\n"
    past.commit(**{f"plan{number}": template.format(number, "") for number in range(4)})
    past.commit("Drop it", plan1=None)
    address = past.address("plan1/")
    assert address.now is None
    assert address.sections == {}


def test_an_edit_not_committed_counts_as_made(past: Past) -> None:
    past.write(old=None, new=LEADS)
    assert past.page("old/") == "new"


def test_a_page_left_out_of_the_build_gives_no_wrong_reason(past: Past) -> None:
    present = [page for page in past.pages() if page.url != "old/"]
    past.pages = lambda: present  # type: ignore[method-assign]
    removed = past.address("old/").removed
    assert removed
    assert (removed.on, removed.why) == ("", "")


def test_a_wiki_without_git_knows_todays_addresses_only(past: Past, tmp_path: Path) -> None:
    past.folder.joinpath(".git").rename(tmp_path / "away")
    history = past.history()
    assert not history.complete
    assert set(history.addresses) == {"", "old/"}
