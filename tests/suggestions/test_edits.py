"""Suggestions that carry the text as it should be: what is kept with them, and what becomes of that."""

from __future__ import annotations

from suggesting import House

from kb_server.suggestions.edits import storage
from kb_server.suggestions.edits.models import KeptEdit

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
        (past,) = storage.past_of(connection, 1)
        assert (past.version, past.at, past.edits) == (1, "2026-11-23T09:00:00Z", (FIRST, SECOND))
        assert set(storage.edits_of_these(connection, [1, 2, 3])) == {1, 2}
        assert storage.edits_of(connection, 2)[0].applied == "https://forge.example/1"
    assert SECOND.file == "---\nid: b\n---\n\nWords.\n"
    assert SECOND.is_new_page
    with house.database.transaction() as connection:
        storage.remove(connection, 1)
        assert storage.past_of(connection, 1) == storage.edits_of(connection, 1) == []
