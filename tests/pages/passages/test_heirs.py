"""Which page one has become that nothing says: the one that has its text, and no other nearly as well."""

from __future__ import annotations

from dataclasses import replace

from kb_server.pages.manifest import Page, Section
from kb_server.pages.passages.heirs import Heirs


def line(name: str) -> str:
    return f"This is what {name} says."


def page(page_id: str, *names: str, title: str = "") -> Page:
    text = "\n".join(map(line, names))
    section = Section("", title or page_id, 1, text, text, None, "")
    return Page(page_id, "page", f"{page_id}/", title or page_id, f"{page_id}.md", sections=(section,))


def heir(before: list[Page], after: list[Page]) -> str | None:
    found = Heirs({one.id: one for one in before}, {one.id: one for one in after}).heir(before[0].id)
    return found.id if found else None


OLD = page("calls", "ann", "ben", "cid", "dan", "eve")


def test_it_is_the_page_that_has_most_of_its_lines() -> None:
    assert heir([OLD], [page("x", "ann", "ben", "cid"), page("y", "eve")]) == "x"
    assert heir([OLD], [page("x", "ann", "ben")]) == "x"
    assert heir([OLD], [page("x", "ann", "fay", "gus")]) is None
    assert heir([OLD], []) is None


def test_short_lines_say_nothing() -> None:
    short = replace(OLD, sections=(replace(OLD.sections[0], text="Yes.\nNo.\nPerhaps."),))
    assert heir([short], [replace(short, id="x")]) is None
    mixed = replace(OLD, sections=(replace(OLD.sections[0], text=f"Yes.\nNo.\nPerhaps.\n{line('ann')}"),))
    assert heir([mixed], [page("x", "ann")]) == "x"


def test_of_two_that_are_as_good_it_is_none() -> None:
    assert heir([OLD], [page("x1", "ann", "ben", "cid", "dan"), page("x2", "ben", "cid", "dan", "eve")]) is None
    assert heir([OLD], [page("x1", "ann", "ben", "cid", "dan", "eve"), page("x2", "ann", "ben")]) == "x1"


def test_a_new_page_goes_before_one_that_was_there() -> None:
    there = page("x1", "ann", "ben", "cid", "dan")
    assert heir([OLD, there], [there, page("x2", "ann", "ben", "cid", "dan")]) == "x2"


def test_of_two_new_ones_that_with_its_title_or_the_like_of_its_name() -> None:
    lines = ("ann", "ben", "cid", "dan")
    titled = [page("x1", *lines, title="calls"), page("x2", *lines)]
    assert heir([OLD], titled) == "x1"
    assert heir([OLD], [page("sales-calls", *lines), page("zzz", *lines)]) == "sales-calls"
