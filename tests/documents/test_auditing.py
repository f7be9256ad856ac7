"""The index of search, audited and made anew: a wrong one is noticed whatever is wrong with it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kb_server.db import Database
from kb_server.db.damage import Damaged
from kb_server.documents import auditing, postings, reading, renewing, storage
from kb_server.documents.analysis import analyser_for
from kb_server.documents.models import Draft

ENGLISH = analyser_for("en")
Spoil = Callable[..., None]


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """SQLite alone; for the other see `test_auditing_on_postgresql`."""
    return f"sqlite:///{tmp_path / 'data' / 'kb.sqlite3'}"


@pytest.fixture
def store(database: Database) -> Database:
    """A store with a hundred texts, one of them hidden."""
    drafts = [Draft(f"d{n}", "page", f"p{n}", f"Lantern {n}", f"p{n}/", "We qualify leads. " * 9) for n in range(99)]
    hidden = Draft("secret", "page", "secret", "Secret", "secret/", "The unspeakable.", hidden=True)
    with database.transaction() as connection:
        storage.put(connection, [*drafts, hidden], ENGLISH)
    return database


@pytest.fixture
def spoil(store: Database) -> Spoil:
    """Change something behind the back of whoever keeps the index."""

    def run(statement: str) -> None:
        with store.transaction() as connection:
            connection.exec_driver_sql(statement)

    return run


def rebuild(store: Database) -> int:
    with store.transaction() as connection:
        return renewing.rebuild(connection)


def found(store: Database, stem: str) -> int:
    with store.read() as connection:
        query = "SELECT count(*) FROM documents_fts WHERE documents_fts MATCH ?"
        count: int = connection.exec_driver_sql(query, (f'"{stem}"',)).scalar_one()
        return count


def test_of_a_sound_index_nothing_is_said(store: Database) -> None:
    assert auditing.audit(store) == auditing.Audit(99, 0, ())


def test_an_empty_store_is_sound(database: Database) -> None:
    assert auditing.audit(database) == auditing.Audit(0, 0, ())


TAKEN_OUT = """INSERT INTO documents_fts(documents_fts, rowid, title_stems, stems, words)
SELECT 'delete', id, title_stems, stems, words FROM documents WHERE id = 7"""
PUT_IN = "INSERT INTO documents_fts(rowid, title_stems, stems, words) VALUES (5000, 'ghost', 'ghost', 'ghost')"
WRONG = [
    ("a text is missing", TAKEN_OUT),
    ("a text too many", PUT_IN),
    ("a stem changed in the table", "UPDATE documents SET stems = stems || ' more' WHERE id = 9"),
    ("a hidden text has words", "UPDATE documents SET words = 'unspeakable' WHERE ref = 'secret'"),
    ("bytes changed in the index", "UPDATE documents_fts_data SET block = zeroblob(length(block)) WHERE id > 10"),
    ("the index is empty", "INSERT INTO documents_fts(documents_fts) VALUES ('delete-all')"),
]


@pytest.mark.parametrize("statement", [step for _, step in WRONG], ids=[name for name, _ in WRONG])
def test_whatever_is_wrong_with_an_index_is_found_and_mended(store: Database, spoil: Spoil, statement: str) -> None:
    spoil(statement)
    assert auditing.audit(store).findings
    rebuild(store)
    assert auditing.audit(store) == auditing.Audit(99, 0, ())
    assert found(store, "qualifi") == 99
    assert found(store, "unspeak") == found(store, "ghost") == 0


def test_rows_are_counted_apart_from_sqlites_own_comparison(
    store: Database, spoil: Spoil, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(auditing, "COMPARE", "SELECT 1")
    spoil(TAKEN_OUT)
    assert auditing.audit(store).findings == ("1 text is not in the index.",)
    spoil(PUT_IN)
    spoil(
        "INSERT INTO documents_fts(rowid, title_stems, stems, words)"
        " SELECT id, 'x', 'x', 'x' FROM documents WHERE id = 7"
    )
    assert auditing.audit(store).findings == ("The index holds 1 text that is not there.",)


def test_a_hidden_text_in_the_index_is_counted(store: Database, spoil: Spoil, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(auditing, "COMPARE", "SELECT 1")
    spoil("UPDATE documents SET words = 'unspeakable' WHERE ref = 'secret'")
    assert auditing.audit(store).findings == ("The index holds 1 hidden text.",)


def test_a_sample_is_searched_for(store: Database, spoil: Spoil, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(auditing, "COMPARE", "SELECT 1")
    spoil("UPDATE documents SET words = 'extraordinarily ' || words WHERE hidden = 0")
    assert auditing.audit(store).findings == ("60 of 60 texts looked for were not found.",)


def test_texts_taken_apart_by_an_older_analyser_are_taken_apart_anew(
    store: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ENGLISH, "id", "3:en")
    monkeypatch.setattr(ENGLISH, "stems_of", lambda words: [{"leads": "plumbum"}.get(word, word) for word in words])
    with store.read() as connection:
        before = storage.latest_seq(connection)
    assert auditing.audit(store).findings == ("100 texts were taken apart by another version of the program.",)
    assert rebuild(store) == 100
    assert auditing.audit(store) == auditing.Audit(99, 0, ())
    assert found(store, "plumbum") == 99
    with store.read() as connection:  # whoever follows by number learns of each
        assert len(list(reading.changes_after(connection, before))) == 100


def test_making_a_sound_index_anew_changes_no_text(store: Database) -> None:
    with store.read() as connection:
        before = storage.latest_seq(connection)
    assert rebuild(store) == 0
    with store.read() as connection:
        assert storage.latest_seq(connection) == before


ALTERED = {
    "words": "UPDATE documents SET text = 'We disqualify leads.' WHERE id = 3",
    "what is no text any more": "UPDATE documents SET title = CAST(x'4cff' AS TEXT) WHERE id = 3",
    "to be shown though hidden": "UPDATE documents SET hidden = 0 WHERE ref = 'secret'",
}


@pytest.mark.parametrize("statement", ALTERED.values(), ids=ALTERED)
def test_no_index_is_made_of_a_text_that_is_not_what_was_written(store: Database, spoil: Spoil, statement: str) -> None:
    spoil(statement)
    assert auditing.audit(store).altered == 1
    with pytest.raises(Damaged, match="is not what was written"):
        rebuild(store)


def test_a_stem_that_is_no_text_any_more_is_mended(store: Database, spoil: Spoil) -> None:
    spoil("UPDATE documents SET stems = CAST(x'4cff' AS TEXT) WHERE id = 3")
    assert auditing.audit(store).findings
    assert rebuild(store) == 1
    assert auditing.audit(store).findings == ()


def test_a_rebuild_that_fails_leaves_the_index_as_it_was(store: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    def cut(_connection: object) -> None:
        raise RuntimeError("power cut")

    monkeypatch.setattr(ENGLISH, "id", "3:en")
    monkeypatch.setattr(postings, "rebuild", cut)
    with pytest.raises(RuntimeError):
        rebuild(store)
    monkeypatch.undo()
    assert auditing.audit(store) == auditing.Audit(99, 0, ())
