"""A text's version tells whether it has changed, whether it is still what was written, and who took it apart."""

from __future__ import annotations

from typing import Any

import pytest

from kb_server.db import Database
from kb_server.documents import storage
from kb_server.documents.analysis import analyser_for
from kb_server.documents.models import Draft
from kb_server.documents.whole import batches

ENGLISH = analyser_for("en")
DRAFT = Draft("section:mql#a", "definition", "mql", "Lead", "mql/#a", "We qualify.", ("sales", "crm"), {"n": [1]})


def rows(database: Database) -> list[storage.Row]:
    with database.read() as connection:
        return [row for some in batches(connection) for row in some]


def put(database: Database, *drafts: Draft) -> None:
    with database.transaction() as connection:
        storage.put(connection, drafts, ENGLISH)


def test_the_way_versions_are_worked_out_changes_only_with_the_schemes_number(database: Database) -> None:
    put(database, DRAFT)
    (row,) = rows(database)
    # Were it to change silently, every text of every store would count as damaged, and no server would start.
    assert storage.SCHEME == "1"
    assert row["version"].startswith("1:")
    assert row["version"].endswith(":en:570676507bc7490fc322244810646365")


def test_whatever_is_written_counts_as_it_was_written(database: Database) -> None:
    odd = Draft("o", "page", "o", "e\u0301\x00\ud800", "o/", "a\u202e\u0008b \u212b", (), {"x": "\ud800é"}, hidden=True)
    put(database, DRAFT, odd)
    with database.transaction() as connection:
        storage.remove(connection, ["o"], ENGLISH)
    assert all(storage.is_as_written(row) for row in rows(database))


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("title", "Lesd"),
        ("text", "We qualify!"),
        ("text", "We qualify.\ufffd"),
        ("url", "mql/#b"),
        ("teams", " sales "),
        ("facts", "{}"),
        ("hidden", 1),
        ("kind", None),
        ("version", "1:2:en:00000000000000000000000000000000"),
        ("version", "\ufffd:2:en"),
        ("version", None),
    ],
)
def test_an_altered_part_is_noticed(database: Database, part: str, value: Any) -> None:  # noqa: ANN401
    put(database, DRAFT)
    (row,) = rows(database)
    assert storage.is_as_written(row)
    assert not storage.is_as_written(row | {part: value})


def test_a_text_from_before_there_were_schemes_is_not_called_damaged(database: Database) -> None:
    put(database, DRAFT)
    (row,) = rows(database)
    assert storage.is_as_written(row | {"version": "0123456789abcdef0123456789abcdef"})
