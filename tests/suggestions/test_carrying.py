"""What is suggested once texts were carried over to those of today."""

from __future__ import annotations

from dataclasses import replace

import pytest
from by_hand import page

from kb_server.errors import Invalid
from kb_server.people.models import Actor
from kb_server.suggestions.carrying import service
from kb_server.suggestions.edits.models import KeptEdit, WrongEdit
from kb_server.suggestions.models import DONE, Suggestion

PAGES = {one.id: one for one in (page("one", "One."), page("two", "Two."), page("three", "Three."))}
REQUEST = "https://forge.example.com/1"


def edit(name: str, before: str, after: str = "Better.", *, position: int = 0, applied: str = REQUEST) -> KeptEdit:
    return KeptEdit(f"{name}.md", before, after, 1, name, page=name, position=position, applied=applied)


def new(name: str, after: str) -> KeptEdit:
    """What somebody wrote in place of the text of today."""
    return edit(name, f"{name.title()}.", after, applied="")


def test_what_stands_stays_and_what_is_behind_is_what_was_written_or_goes() -> None:
    edits = [edit("one", "Before."), edit("two", "Two.", position=1), edit("three", "Before.", position=2)]
    now = service.carried(edits, [new("three", "Best.")], PAGES)
    assert [(one.page, one.after, one.position) for one in now] == [("two", "Better.", 0), ("three", "Best.", 1)]
    assert {one.applied for one in now} == {""}, "it is proposed nowhere as it is now"


def test_a_page_that_is_not_there_yet_stands() -> None:
    there = KeptEdit("new.md", "", "New.", 0, "New", page="new")
    assert [one.page for one in service.carried([there, edit("one", "Before.")], [], PAGES)] == ["new"]


def test_nobody_is_offered_to_carry_over_what_is_hidden_or_closed() -> None:
    ada = Actor("ada", is_admin=True, reads=True)
    one = Suggestion(1, "Better", "", "", "", "ada", "", "sales", "")
    offered = [
        service.may_carry(ada, those, [edit("one", "Before.")], PAGES)
        for those in (one, replace(one, hidden=True), replace(one, state=DONE))
    ]
    assert offered == [True, False, False]


def test_something_is_left_of_it() -> None:
    with pytest.raises(Invalid, match="Nothing would be left"):
        service.carried([edit("one", "Before.")], [], PAGES)


def test_a_section_that_two_have_come_to_be_about_is_suggested_once() -> None:
    edits = [edit("one", "Before."), edit("one", "Before.", position=1)]
    assert [one.after for one in service.carried(edits, [new("one", "Best.")], PAGES)] == ["Best."]


def test_what_is_no_part_of_it_is_not_dropped_in_silence() -> None:
    with pytest.raises(WrongEdit):
        service.carried([edit("one", "Before.")], [new("one", "Best."), new("two", "Other.")], PAGES)
