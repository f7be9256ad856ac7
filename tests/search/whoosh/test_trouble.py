"""An index that is damaged, missing, foreign or of the future is made anew, and nobody gets a wrong answer."""

from __future__ import annotations

import errno
import json
import logging
import os
import random
import shutil
import time
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import Any

import pytest

from kb_server.db import Database, meta
from kb_server.documents import storage
from kb_server.documents.analysis import analyser_for
from kb_server.documents.models import Draft
from kb_server.errors import Conflict
from kb_server.search.engines import Task
from kb_server.search.engines.whoosh import opening, schema
from kb_server.search.engines.whoosh.engine import WhooshEngine
from kb_server.search.engines.whoosh.segments import Writer
from kb_server.search.engines.whoosh.view import View
from kb_server.search.expression import Prefix, Wanted, Word
from kb_server.search.models import Filters

Put = Callable[..., None]
Open = Callable[..., WhooshEngine]
Find = Callable[..., list[str]]
Leads = Callable[[], list[str]]

ENGLISH = analyser_for("en")
TASK = Task(Wanted(Word("lead")), Filters(), 5, float("inf"))


@pytest.fixture(autouse=True)
def texts(put: Put) -> None:
    put("One: a lead", "Two: another lead", "Three: a call")


def folder(root: Path) -> Path:
    """The folder of the index in use."""
    return root / str(json.loads((root / "current.json").read_text())["folder"])


def files(root: Path) -> list[Path]:
    return sorted(path for path in folder(root).iterdir() if path.is_file() and path.stat().st_size)


@pytest.fixture
def leads(opened: Open, find: Find) -> Leads:
    """What a process that starts now finds for "lead"."""
    return lambda: find(opened(), "lead")


@pytest.fixture
def said(caplog: pytest.LogCaptureFixture) -> Iterator[Callable[[], str]]:
    with caplog.at_level(logging.WARNING, "kb.index"):
        yield lambda: " ".join(record.getMessage() for record in caplog.records)


def test_a_new_index_is_made_and_said_to_be(leads: Leads, said: Callable[[], str]) -> None:
    assert leads() == ["One", "Two"]
    assert "made anew: there is none" in said()


def test_an_index_that_is_well_is_opened_as_it_is(leads: Leads, root: Path) -> None:
    leads()
    before = folder(root)
    assert leads() == ["One", "Two"]
    assert folder(root) == before


@pytest.mark.parametrize("kind", ["segment", "contents", "seal"])
@pytest.mark.parametrize("place", [0.0, 0.3, 0.6, 0.95])
def test_a_damaged_file_is_noticed_wherever_it_is_damaged(
    leads: Leads, root: Path, said: Callable[[], str], kind: str, place: float
) -> None:
    leads()
    ends = {"segment": ".seg", "contents": ".toc", "seal": ".seal"}
    path = next(path for path in files(root) if path.name.endswith(ends[kind]))
    content = bytearray(path.read_bytes())
    start = int(place * len(content))
    content[start : start + 512] = random.Random(4).randbytes(min(512, len(content) - start))
    path.write_bytes(content)
    before = folder(root)
    assert leads() == ["One", "Two"]
    assert folder(root) != before
    assert "made anew: it" in said()


def test_a_file_cut_short_or_missing_is_noticed(leads: Leads, root: Path) -> None:
    leads()
    for number in range(len(files(root))):
        for harm in (Path.unlink, lambda path: os.truncate(path, path.stat().st_size // 2)):
            harm(files(root)[number])
            assert leads() == ["One", "Two"]


@pytest.mark.parametrize(
    "pointer", ["", "nonsense", "[]", '{"folder": "..", "stamp": {}}', '{"folder": "gone"}', "\ud800"]
)
def test_a_pointer_that_points_nowhere_is_noticed(leads: Leads, root: Path, pointer: str) -> None:
    leads()
    (root / "current.json").write_bytes(pointer.encode(errors="surrogatepass"))
    assert leads() == ["One", "Two"]


def test_an_index_of_another_database_is_not_even_opened(
    leads: Leads, database: Database, root: Path, said: Callable[[], str]
) -> None:
    leads()
    with database.transaction() as connection:
        meta.renew_instance(connection)
    assert leads() == ["One", "Two"]
    assert "belongs to another database" in said()
    # Nor with a pointer that says otherwise: the files are sealed with the database's id.
    pointer = json.loads((root / "current.json").read_text())
    with database.transaction() as connection:
        meta.renew_instance(connection)
    with database.read() as connection:
        pointer["stamp"]["instance"] = meta.instance(connection)
    (root / "current.json").write_text(json.dumps(pointer))
    assert leads() == ["One", "Two"]
    assert "not what was written" in said()


def test_an_index_of_the_future_is_made_anew(
    leads: Leads, put: Put, database: Database, said: Callable[[], str]
) -> None:
    put("Four: a lead")
    leads()
    with database.transaction() as connection:
        connection.exec_driver_sql("UPDATE counters SET value = value - 1 WHERE name = 'documents'")
        connection.exec_driver_sql("DELETE FROM documents WHERE title = 'Four'")
    assert leads() == ["One", "Two"]
    assert "ahead of the database" in said()


@pytest.mark.parametrize(
    ("part", "reason"), [("VERSION", "another version of kb"), ("versionstring", "another version of Whoosh")]
)
def test_an_index_of_another_version_is_made_anew(
    leads: Leads, monkeypatch: pytest.MonkeyPatch, said: Callable[[], str], part: str, reason: str
) -> None:
    leads()
    if part == "VERSION":
        monkeypatch.setattr(schema, "VERSION", schema.VERSION + 1)
    else:
        monkeypatch.setattr(opening, "versionstring", lambda: "3.0")
    assert leads() == ["One", "Two"]
    assert reason in said()


def test_with_another_language_the_index_is_made_anew(
    opened: Open, put: Put, database: Database, said: Callable[[], str]
) -> None:
    index = opened()
    put("Eins: die Aufgaben", language="de")
    with database.read() as connection:
        index.apply(connection)
        task = Task(Wanted(Word(analyser_for("de").stem("aufgaben"))), Filters(), 5, float("inf"))
        assert index.match(connection, task).total == 1
    assert "taken apart in another way" in said()


@pytest.mark.parametrize(
    ("change", "finding"),
    [
        ("UPDATE documents SET hidden = 1 WHERE title = 'One'", "holds 1 text that is not there"),
        ("UPDATE documents SET version = 'other' WHERE title = 'One'", "holds 1 text as it was before"),
        ("UPDATE documents SET id = 77 WHERE title = 'One'", "1 text is not in the index"),
    ],
)
def test_an_index_that_disagrees_with_the_texts_is_made_anew(
    opened: Open, database: Database, said: Callable[[], str], change: str, finding: str
) -> None:
    index = opened()
    with database.transaction() as connection:
        connection.exec_driver_sql(change)
    with database.read() as connection:
        assert finding in " ".join(index.audit(connection))
    index = opened()
    assert finding in said()
    with database.read() as connection:
        assert index.audit(connection) == []


def test_where_there_is_no_index_an_audit_says_so(opened: Open, database: Database) -> None:
    with database.read() as connection:
        assert opened(follow=False).audit(connection) == ["The index cannot be used: there is none."]


def test_the_database_answers_until_there_is_an_index(opened: Open, database: Database) -> None:
    index = opened(follow=False)
    with database.read() as connection:
        index.match(connection, TASK)
    assert index._meanwhile.asked == 1  # type: ignore[attr-defined]


def test_the_database_answers_where_the_index_is_far_behind(
    opened: Open, put: Put, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kb_server.search.engines.whoosh.engine.MOST_BEHIND", 2)
    index = opened()
    put(*(f"More {number}: a lead" for number in range(3)))
    with database.read() as connection:
        index.match(connection, TASK)
        assert index._meanwhile.asked == 1  # type: ignore[attr-defined]
        index.apply(connection)
        assert index.match(connection, TASK).total == 5
    assert index._meanwhile.asked == 1  # type: ignore[attr-defined]


def test_damage_that_shows_only_while_searching_is_answered_by_the_database(
    opened: Open, find: Find, put: Put, database: Database, root: Path
) -> None:
    put(*(f"Title {number}: call{number} note{number}" for number in range(300)))  # more than any buffer holds
    index = opened()
    for path in files(root):
        os.truncate(path, 10)
    with database.read() as connection:
        assert index.match(connection, TASK).complete
        assert index._meanwhile.asked == 1  # type: ignore[attr-defined]
        index.apply(connection)
    index._meanwhile.asked = 0  # type: ignore[attr-defined]
    assert find(index, "lead") == ["One", "Two"]


def test_a_hidden_text_is_gone_at_once_though_the_index_does_not_know_yet(
    opened: Open, find: Find, database: Database
) -> None:
    index = opened()
    hidden = Draft("section:one#", "page", "one", "One", "one/", "a lead", (), {"lead": True}, hidden=True)
    with database.transaction() as connection:
        storage.put(connection, [hidden], ENGLISH)
        storage.remove(connection, ["section:three#"], ENGLISH)
    assert find(index, "lead") == ["Two"]
    with database.read() as connection:
        task = Task(Wanted(None), Filters(), 5, float("inf"), facets=True)
        matches = index.match(connection, task)
        assert (matches.total, matches.facets.kind) == (1, {"page": 1})


def test_the_folder_is_private_and_one_that_was_not_is_not_trusted(leads: Leads, root: Path) -> None:
    leads()
    assert root.stat().st_mode & 0o777 == 0o700
    before = folder(root)
    root.chmod(0o777)
    assert leads() == ["One", "Two"]
    assert root.stat().st_mode & 0o777 == 0o700
    assert folder(root) != before


def test_a_write_that_fails_is_cancelled_and_the_index_made_anew(
    opened: Open, find: Find, put: Put, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = opened()
    put("Four: a lead")
    commit, failures = Writer.commit_without, iter([True])

    def fail_once(writer: Writer, dropped: Collection[str]) -> None:
        if next(failures, False):
            raise ValueError
        commit(writer, dropped)

    monkeypatch.setattr(Writer, "commit_without", fail_once)
    with database.read() as connection:
        index.apply(connection)
    assert find(index, "lead") == ["Four", "One", "Two"]


@pytest.mark.parametrize("where", ["pointer", "seal", "segment"])
@pytest.mark.parametrize("number", [errno.EACCES, errno.EMFILE])
def test_what_must_not_be_read_just_now_is_not_taken_for_damage(  # noqa: PLR0913, PLR0917
    opened: Open, database: Database, root: Path, monkeypatch: pytest.MonkeyPatch, where: str, number: int
) -> None:
    opened()
    before, real = folder(root), Path.open
    names = {"pointer": "current.json", "seal": ".seal", "segment": ".seg"}

    def refused(path: Path, *given: Any, **named: Any) -> Any:  # noqa: ANN401
        if path.name.endswith(names[where]):
            raise OSError(number, os.strerror(number), str(path))
        return real(path, *given, **named)

    index = opened(follow=False)
    with monkeypatch.context() as patched, database.read() as connection:
        patched.setattr(Path, "open", refused)
        with pytest.raises(OSError, match=os.strerror(number)):
            index.apply(connection)
        said = f"it cannot be read ({os.strerror(number)})"
        assert index.unusable(connection) == index.look(connection) == said
        assert index.audit(connection) == [f"The index cannot be used: {said}."]
    with database.read() as connection:
        index.apply(connection)
        assert index.unusable(connection) == ""
    assert folder(root) == before


def test_for_want_of_memory_nothing_is_made_anew(
    opened: Open, put: Put, database: Database, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index, before = opened(), folder(root)
    put("Four: a lead")

    def want(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(Writer, "commit_without", want)
    with database.read() as connection, pytest.raises(MemoryError):
        index.apply(connection)
    assert folder(root) == before


def test_a_search_that_must_not_read_is_answered_by_the_database_and_the_index_kept(
    opened: Open, find: Find, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = opened()

    def refused(*_: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    with monkeypatch.context() as patched, database.read() as connection:
        patched.setattr(View, "match", refused)
        index.match(connection, TASK)
    assert index._meanwhile.asked == 1  # type: ignore[attr-defined]
    index._meanwhile.asked = 0  # type: ignore[attr-defined]
    assert find(index, "lead") == ["One", "Two"]


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS])
def test_with_a_full_disk_the_index_stays_as_it_was_until_there_is_room(  # noqa: PLR0913, PLR0917
    opened: Open,
    find: Find,
    put: Put,
    database: Database,
    root: Path,
    monkeypatch: pytest.MonkeyPatch,
    number: int,
) -> None:
    index, before = opened(), folder(root)
    put("Four: a lead")

    tries = []

    def full(*_: object) -> None:
        tries.append(None)
        raise OSError(number, "no room")

    with monkeypatch.context() as patched, database.read() as connection:
        patched.setattr(Writer, "commit_without", full)
        with pytest.raises(OSError, match="no room"):
            index.apply(connection)
        assert len(tries) == 1  # to make it anew would want more room still
        with pytest.raises(OSError, match="no room"):
            index.rebuild(connection)
    assert find(index, "lead") == ["One", "Two"]
    assert [path.name for path in root.iterdir() if path.is_dir()] == [before.name]
    with database.read() as connection:
        index.apply(connection)
    assert find(index, "lead") == ["Four", "One", "Two"]
    assert folder(root) == before


def test_two_never_write_at_once(opened: Open, database: Database) -> None:
    index = opened()
    with index._home.held(), database.read() as connection, pytest.raises(Conflict, match="Another process"):
        index.rebuild(connection)


def test_what_a_killed_process_has_left_is_cleared_away(opened: Open, put: Put, database: Database, root: Path) -> None:
    index = opened()
    left = [folder(root) / "kb_left.seg", folder(root) / "_kb_9.toc.17"]
    for path in left:
        path.write_text("half")
    shutil.copytree(folder(root), root / "deadbeef")
    put("Four: a lead")
    with database.read() as connection:
        index.apply(connection)
        assert not any(path.exists() for path in left)
        index.rebuild(connection)
    assert [path for path in root.iterdir() if path.is_dir()] == [folder(root)]


def test_an_index_made_anew_by_another_process_is_taken_up(
    opened: Open, find: Find, put: Put, database: Database
) -> None:
    first, second = opened(), opened()
    with database.read() as connection:
        second.rebuild(connection)
    put("Four: a lead")
    with database.read() as connection:
        first.apply(connection)
    assert find(first, "lead") == ["Four", "One", "Two"]


def test_processes_that_take_turns_take_up_what_the_other_has_written(
    opened: Open, find: Find, put: Put, database: Database
) -> None:
    engines = [opened(), opened()]
    for number in range(6):
        put(f"More {number}: a lead")
        for engine in engines[:: number % 2 * 2 - 1]:
            with database.read() as connection:
                engine.apply(connection)
                assert engine.audit(connection) == []
            assert len(find(engine, "lead")) == number + 3
    assert engines[0]._view
    assert engines[0]._view.generation == 1 + 1 + 6  # one for the texts, one for the watermark, one for each change


def test_who_only_reads_says_why_the_index_is_of_no_use(opened: Open, find: Find, put: Put, database: Database) -> None:
    with database.read() as connection:
        assert opened(follow=False).look(connection) == "there is none"
    opened()
    reader = opened(follow=False)
    with database.read() as connection:
        assert reader.look(connection) == ""
    assert find(reader, "lead") == ["One", "Two"]
    put("Four: a lead")
    with database.read() as connection:
        assert reader.look(connection) == "it lacks the last change"


def test_no_beginning_is_too_long(opened: Open, put: Put, database: Database) -> None:
    long = "w" * 40
    put(f"Long: {long}abc {long}abd", f"Other: {long}x", f"In title {long}z: nothing")
    index = opened()
    with database.read() as connection:
        for text, total in ((long, 3), (f"{long}a", 1), (f"{long}abc", 1), (f"{long}abcd", 0), ("w" * 999, 0)):
            assert (
                index.match(connection, Task(Wanted(Prefix(text)), Filters(), 5, time.monotonic() + 9)).total == total
            )
