"""The one table that search reads: what its owners write is there at once, whole, and only as long as they want."""

from __future__ import annotations

import time

import pytest
import sqlalchemy as sa

from kb_server.db import Database
from kb_server.documents import postings, reading, storage
from kb_server.documents.analysis import analyser_for
from kb_server.documents.models import Draft
from kb_server.search.engines import Task
from kb_server.search.engines.database import database_engine
from kb_server.search.expression import Wanted, Word
from kb_server.search.models import Filters

ENGLISH = analyser_for("en")


def draft(
    ref: str, text: str = "We qualify leads.", *, hidden: bool = False, title: str = "Leads", url: str = ""
) -> Draft:
    return Draft(ref, "page", ref, title, url or f"{ref}/", text, ("sales",), {"lead": True}, hidden=hidden)


def put(database: Database, *drafts: Draft) -> int:
    with database.transaction() as connection:
        return storage.put(connection, drafts, ENGLISH)


def matching(database: Database, stem: str) -> int:
    with database.read() as connection:
        task = Task(Wanted(Word(stem)), Filters(), 50, time.monotonic() + 60)
        return database_engine(database.dialect).match(connection, task).total


def check(database: Database) -> None:
    """The index agrees with the table; raises if it does not."""
    with database.transaction() as connection:
        if database.dialect == "sqlite":
            connection.exec_driver_sql("INSERT INTO documents_fts(documents_fts, rank) VALUES ('integrity-check', 1)")
            return
        before = connection.exec_driver_sql("SELECT * FROM documents_fts ORDER BY id").all()
        postings.rebuild(connection)
        assert connection.exec_driver_sql("SELECT * FROM documents_fts ORDER BY id").all() == before


def test_a_text_is_found_as_soon_as_it_is_written(database: Database) -> None:
    assert put(database, draft("a")) == 1
    assert matching(database, "qualifi") == 1


def test_what_has_not_changed_is_not_written_again(database: Database) -> None:
    put(database, draft("a"), draft("b"))
    assert put(database, draft("a"), draft("b", "We talk.")) == 1
    with database.read() as connection:
        assert storage.latest_seq(connection) == 3


def test_a_changed_text_is_found_by_its_new_words_only(database: Database) -> None:
    put(database, draft("a"))
    put(database, draft("a", "We talk to customers."))
    assert (matching(database, "qualifi"), matching(database, "custom")) == (0, 1)
    check(database)


def test_a_removed_text_is_found_no_more_and_leaves_its_number(database: Database) -> None:
    put(database, draft("a"), draft("b"))
    with database.transaction() as connection:
        assert storage.remove(connection, ["a"], ENGLISH) == 1
        assert storage.refs_starting_with(connection, "") == ["b"]
        assert storage.refs_starting_with(connection, "B") == []
    assert matching(database, "qualifi") == 1
    with database.read() as connection:
        assert [change.shown for change in reading.changes_after(connection, 2)] == [False]
    check(database)


def test_a_hidden_text_is_in_no_index_and_in_no_answer(database: Database) -> None:
    put(database, draft("a", hidden=True))
    assert matching(database, "qualifi") == 0
    with database.read() as connection:
        assert storage.documents_by_id(connection, [1]) == {}
        assert reading.ranking_rows(connection, [1]) == []
        assert reading.pages_of(connection, [1]) == {}
        assert storage.titles(connection, ["a"]) == {}
    put(database, draft("a"))
    assert matching(database, "qualifi") == 1
    put(database, draft("a", hidden=True))
    assert matching(database, "qualifi") == 0
    check(database)


def test_nothing_is_written_when_the_transaction_fails(database: Database) -> None:
    def write_and_fail() -> None:
        with database.transaction() as connection:
            storage.put(connection, [draft("a")], ENGLISH)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        write_and_fail()
    assert matching(database, "qualifi") == 0
    with database.read() as connection:
        assert storage.latest_seq(connection) == 0


def test_another_analyser_makes_new_stems_of_old_texts(database: Database) -> None:
    put(database, draft("a"))
    with database.transaction() as connection:
        assert storage.put(connection, [draft("a")], analyser_for("de")) == 1
        assert reading.analyser(connection).language == "de"
    assert matching(database, "qualifi") == 0


@pytest.mark.parametrize("bad", ["a\x00b", "a\ud800b", "\x02mark\x03", "\x1b[31mred"])
def test_no_text_can_break_what_carries_it(database: Database, bad: str) -> None:
    put(database, Draft("a", "page", bad, bad, bad, bad, (), {"page_title": bad}))
    with database.read() as connection:
        document = storage.documents_by_id(connection, [1])[1]
    for text in (document.title, document.text, document.url, document.page_id):
        text.encode()
        assert not set(text) & set("\x00\x02\x03\x1b")


def test_the_index_can_be_made_anew_from_the_table(database: Database) -> None:
    put(database, draft("a"), draft("b", hidden=True))
    with database.transaction() as connection:
        emptied = {"sqlite": "INSERT INTO documents_fts(documents_fts) VALUES ('delete-all')"}
        connection.exec_driver_sql(emptied.get(database.dialect, "DELETE FROM documents_fts"))
    assert matching(database, "qualifi") == 0
    with database.transaction() as connection:
        postings.rebuild(connection)
    assert matching(database, "qualifi") == 1
    check(database)


def test_a_place_is_a_page_or_a_folder_with_something_in_it(database: Database) -> None:
    put(database, draft("mql", url="definitions/mql/"), draft("secret", url="hidden/secret/", hidden=True))
    with database.read() as connection:
        asked = ("mql", "definitions", "Definitions", "def", "hidden", "%")
        places = [place for place in asked if reading.is_place(connection, place)]
    assert places == ["mql", "definitions"]


def test_the_number_of_statements_does_not_grow_with_the_number_of_texts(database: Database) -> None:
    def statements(*drafts: Draft) -> int:
        seen: list[str] = []
        with database.transaction() as connection:
            sa.event.listen(connection, "before_cursor_execute", lambda *args: seen.append(args[2]))
            storage.put(connection, drafts, ENGLISH)
        return len(seen)

    put(database, draft("first"))
    few = statements(*(draft(f"a{number}") for number in range(3)))
    assert statements(*(draft(f"b{number}") for number in range(300))) == few
