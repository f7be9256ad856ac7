"""The index of search in PostgreSQL, audited and made anew: there, too, a wrong one is noticed."""

from __future__ import annotations

import pytest
from stores import on_alone

from kb_server.db import Database
from kb_server.documents import auditing, renewing, storage
from kb_server.documents.analysis import analyser_for
from kb_server.documents.models import Draft

pytestmark = on_alone("postgresql")
ENGLISH = analyser_for("en")
SOUND = auditing.Audit(31, 0, ())
LACKING = ("1 text is not in the index, or not as it is.",)
SURPLUS = ("The index holds 1 text that is not there, or is hidden.",)


@pytest.fixture
def store(database: Database) -> Database:
    """A store with thirty texts, one that no vector can hold, and one hidden."""
    drafts = [Draft(f"d{n}", "page", f"p{n}", f"Lantern {n}", f"p{n}/", "We qualify leads. " * 9) for n in range(30)]
    long = Draft("long", "page", "long", "Long", "long/", "We qualify leads. " * 6_000)
    hidden = Draft("secret", "page", "secret", "Secret", "secret/", "The unspeakable.", hidden=True)
    with database.transaction() as connection:
        storage.put(connection, [*drafts, long, hidden], ENGLISH)
    return database


def run(store: Database, statement: str) -> None:
    with store.transaction() as connection:
        connection.exec_driver_sql(statement)


def test_of_a_sound_index_nothing_is_said(store: Database) -> None:
    assert auditing.audit(store) == SOUND


LONG = "(SELECT id FROM documents WHERE ref = 'long')"
SECRET = "(SELECT id FROM documents WHERE ref = 'secret')"
WRONG = {
    "a text is missing": ("DELETE FROM documents_fts WHERE id = 7", LACKING),
    "a vector lost its places": ("UPDATE documents_fts SET search = strip(search) WHERE id = 7", LACKING),
    "a text counts as of another kind": ("UPDATE documents_fts SET kind = 'role' WHERE id = 7", LACKING),
    "a stem changed in the table": ("UPDATE documents SET stems = stems || ' more' WHERE id = 7", LACKING),
    "a long text is missing": (f"DELETE FROM documents_long WHERE id = {LONG}", LACKING),
    "a long text lost a word": (f"UPDATE documents_long SET words = ' we ' WHERE id = {LONG}", LACKING),
    "a text too many": ("INSERT INTO documents_fts VALUES (5000, 'page', '', 'p', 'p/', 'ghost')", SURPLUS),
    "a hidden text": (f"INSERT INTO documents_fts VALUES ({SECRET}, 'page', '', 'p', 'p/', 'unspeak')", SURPLUS),
    "a long text too many": ("INSERT INTO documents_long VALUES (7, ' ghost ', ' ghost ', 'ghost')", SURPLUS),
}


@pytest.mark.parametrize(("statement", "findings"), WRONG.values(), ids=WRONG)
def test_whatever_is_wrong_with_an_index_is_found_and_mended(
    store: Database, statement: str, findings: tuple[str, ...]
) -> None:
    run(store, statement)
    assert auditing.audit(store).findings == findings
    with store.transaction() as connection:
        renewing.rebuild(connection)
    assert auditing.audit(store) == SOUND
