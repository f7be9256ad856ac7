"""Suggestions that carry the text as it should be: what is kept with them, and what becomes of that."""

from __future__ import annotations

import contextlib
import time
from dataclasses import replace

import pytest
from suggesting import House

from kb_server.pages import comparing
from kb_server.suggestions.edits import storage, view
from kb_server.suggestions.edits.models import KeptEdit
from kb_server.wiki.editing import rules
from kb_server.wiki.editing.refusing import Refused

FIRST = KeptEdit("docs/a.md", "## A\n\nOld.", "## A\n\nNew.", 3, "A", page="a", section="a", build="b1")
SECOND = KeptEdit("docs/b.md", "", "Words.", 0, "B", page="b", front="---\nid: b\n---\n\n", position=1)


def test_what_stands_there_now_is_the_latest_and_what_was_suggested_before_is_kept(house: House) -> None:
    with house.database.transaction() as connection:
        storage.add(connection, 1, 1, "2026-11-23T09:00:00Z", [FIRST, SECOND])
        storage.add(connection, 1, 3, "2026-11-23T10:00:00Z", [SECOND])
        storage.add(connection, 2, 1, "2026-11-23T09:00:00Z", [FIRST])
        storage.mark_applied(connection, 2, [0], "https://forge.example/1")
    with house.database.read() as connection:
        assert [one.path for one in storage.edits_of(connection, 1)] == ["docs/b.md"]
        (past,) = storage.past_of(connection, 1, 9)
        assert (past.version, past.at, past.edits) == (1, "2026-11-23T09:00:00Z", (FIRST, SECOND))
        assert set(storage.edits_of_these(connection, [1, 2, 3])) == {1, 2}
        assert storage.edits_of(connection, 2)[0].applied == "https://forge.example/1"
    assert SECOND.file == "---\nid: b\n---\n\nWords.\n"
    assert SECOND.is_new_page
    with house.database.transaction() as connection:
        storage.remove(connection, 1)
        assert storage.past_of(connection, 1, 9) == storage.edits_of(connection, 1) == []


def test_nobody_makes_a_list_or_a_page_slow_by_long_texts_or_by_changing_them_again_and_again(house: House) -> None:
    long = replace(FIRST, before="Old.\n" * 9_000, after="New.\n" * 9_000)
    many = [replace(long, position=position, section=str(position)) for position in range(10)]
    with house.database.transaction() as connection:
        for version in range(1, 12):
            storage.add(connection, 1, version, f"2026-11-23T09:00:{version:02}Z", many[:1] if version < 11 else many)
        assert [past.version for past in storage.past_of(connection, 1, 3)] == [10, 9, 8]
        assert len(view.before(connection, 1, {})) == view.MOST_BEFORE
        assert len(storage.all_of(connection, 1)) == 11, "nothing is forgotten"
        shown = view.shown_of_these(connection, [1], {})[1]
        assert [one.is_cut for one in shown] == [False] * 4 + [True] * 6
        assert not any(one.is_cut for one in view.shown(connection, 1, {}))


def test_what_changes_is_shown_word_by_word_with_a_line_around_it() -> None:
    before = "One.\nTwo.\nSales calls back soon, and says why.\nFour.\nFive.\nSix."
    found = comparing.rows(before, before.replace("soon", "within a day"))
    assert [row.left_out for row in found] == [1, 0, 0, 0, 2]
    assert [(piece.kind, piece.text) for piece in found[2].pieces] == [
        ("same", "Sales calls back "),
        ("out", "soon"),
        ("in", "within a day"),
        ("same", ", and says why."),
    ]
    assert [row.left_out for row in comparing.rows("a\nb", "a\nb\nc")] == [1, 0, 0]


HARD = {
    "the same word": ("a " * 20_000, "a b " * 10_000),
    "every other word": ("a {} " * 5_000).format(*range(5_000)),
    "lines": "".join(f"a\n{line}\n" for line in range(8_000)),
    "headings": "# a\n" * 14_000,
    "brackets": "[" * 59_000,
    "definitions": "[a]: b\n" * 8_000,
    "fences": "```\n" * 14_000,
}


@pytest.mark.slow
@pytest.mark.parametrize("name", HARD)
def test_no_text_takes_long_to_check_to_compare_or_to_show(name: str) -> None:
    text = HARD[name]
    before, after = text if isinstance(text, tuple) else (text, text[::-1])
    began = time.process_time()
    comparing.rows(before, after)
    with contextlib.suppress(Refused):
        rules.check("Old.", after)
    view.preview(before, "docs/a.md", {})
    assert time.process_time() - began < 3, "it would be minutes"
