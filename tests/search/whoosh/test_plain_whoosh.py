"""The index is one that Whoosh itself can read. What is read in larger steps here is what Whoosh would have found."""

from __future__ import annotations

import itertools
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from whoosh import query
from whoosh.index import FileIndex

from kb_server.db import Database
from kb_server.documents.analysis import analyser_for
from kb_server.search.engines import Task
from kb_server.search.engines.whoosh import folding, lists, segments, shards
from kb_server.search.engines.whoosh.engine import WhooshEngine
from kb_server.search.engines.whoosh.folding import Size
from kb_server.search.engines.whoosh.keeping import Kept
from kb_server.search.engines.whoosh.schema import SCHEMA
from kb_server.search.engines.whoosh.storage import NAME
from kb_server.search.expression import AllOf, AnyOf, Expression, Phrase, Prefix, Wanted, Word
from kb_server.search.models import Filters

Put = Callable[..., None]
Open = Callable[..., WhooshEngine]

ENGLISH = analyser_for("en")
WORDS = ["lead", "call", "sale", "note", "need", "market", "price", "demo"]
SOURCE = random.Random(8)


def some_texts(count: int) -> list[str]:
    return [
        f"{' '.join(SOURCE.choices(WORDS, k=2))} {number}: {' '.join(SOURCE.choices(WORDS, k=SOURCE.randint(1, 30)))}"
        for number in range(count)
    ]


def stems(count: int) -> tuple[str, ...]:
    return tuple(map(ENGLISH.stem, SOURCE.choices(WORDS, k=count)))


def expressions() -> Iterator[Expression]:
    for word in WORDS:
        yield Word(ENGLISH.stem(word))
    for length in (2, 2, 2, 3, 3, 4):
        yield Phrase(stems(length))
    for size in (1, 2, 3, 5):
        yield Prefix(SOURCE.choice(WORDS)[:size])
    for kind in (AllOf, AnyOf) * 4:
        yield kind((Word(stems(1)[0]), Phrase(stems(2)), Prefix(SOURCE.choice(WORDS)[:2])))


def as_whoosh_says(expression: Expression) -> query.Query:
    match expression:
        case Word(stem):
            return query.Or([query.Term(field, stem) for field in ("title_stems", "stems")])
        case Phrase(parts):
            return query.Or([query.Phrase(field, list(parts)) for field in ("title_stems", "stems")])
        case Prefix(text):
            return query.Term("beginnings", text)
        case AllOf(parts):
            return query.And([as_whoosh_says(part) for part in parts])
        case AnyOf(parts):
            return query.Or([as_whoosh_says(part) for part in parts])


def test_whoosh_itself_finds_the_same(
    opened: Open, put: Put, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Lists of every length: in several blocks, in one, and beside their terms.
    monkeypatch.setattr(segments, "BLOCK", 32)
    put(*some_texts(150))
    index = opened()
    put(*some_texts(20))
    with database.read() as connection:
        index.apply(connection)
        view = index._view
        assert view
        ids = [key for shard, _ in view.parts for key in shard.ids]
        with FileIndex(view.storage, SCHEMA, NAME).searcher() as searcher:
            for expression in expressions():
                task = Task(Wanted(expression), Filters(), 500, time.monotonic() + 60)
                found = {key for key, _ in index.match(connection, task).ids}
                assert found == {ids[number] for number in searcher.docs_for_query(as_whoosh_says(expression))}


def test_frequent_words_and_titles_come_first_and_long_texts_last(opened: Open, put: Put, database: Database) -> None:
    put(
        "Text: one lead and other words",
        "Lead: and other words here too",
        "Often: one lead and one more lead",
        f"Long: one lead {'and other words ' * 20}",
    )
    index = opened()
    with database.read() as connection:
        task = Task(Wanted(Word("lead")), Filters(), 9, time.monotonic() + 60)
        assert [key for key, _ in index.match(connection, task).ids] == [3, 2, 1, 4]
        best = index.match(connection, Task(Wanted(Word("lead")), Filters(), 2, time.monotonic() + 60))
    assert ([key for key, _ in best.ids], best.total) == ([3, 2], 4)


@pytest.mark.parametrize("looks", [*range(8), 70])
def test_when_time_runs_out_what_was_found_is_given_and_said_to_be_part(
    opened: Open, put: Put, database: Database, monkeypatch: pytest.MonkeyPatch, looks: int
) -> None:
    index = opened()
    for _ in range(5):
        put(*some_texts(30))
        with database.read() as connection:
            index.apply(connection)
    seen = itertools.count()
    wanted = Wanted(AnyOf((Prefix("l"), Word("call"), Phrase(("need", "note")))))
    with database.read() as connection, monkeypatch.context() as patched:
        patched.setattr(
            "kb_server.search.engines.whoosh.clock.time.monotonic", lambda: 0.0 if next(seen) < looks else 100.0
        )
        matches = index.match(connection, Task(wanted, Filters(), 50, 10.0, facets=True))
    assert not matches.complete
    assert matches.total == len(matches.ids) <= 50
    assert looks < 70 or matches.ids


@pytest.mark.slow
def test_many_small_commits_do_not_make_many_segments(opened: Open, put: Put, database: Database) -> None:
    index = opened()
    texts = some_texts(40)
    for text in texts:
        put(text)
        with database.read() as connection:
            index.apply(connection)
    assert index._view
    assert len(index._view.parts) <= folding.MOST_SMALL + 1
    with database.read() as connection:
        assert index.match(connection, Task(Wanted(None), Filters(), 0, time.monotonic() + 60)).total == 1
        assert index._view.count == len({text.partition(":")[0] for text in texts})
        assert index.audit(connection) == []


def test_in_quiet_times_small_segments_become_one(
    opened: Open, put: Put, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folding, "SMALL", 0)  # none is folded at once
    index = opened()
    for text in some_texts(6):
        put(text)
        with database.read() as connection:
            index.apply(connection)
    assert index._view
    before = len(index._view.parts)
    with database.read() as connection:
        index.tidy(connection, lambda: False)
        assert len(index._view.parts) == 1 < before
        assert index.audit(connection) == []
        index.tidy(connection, lambda: pytest.fail("nothing is left to be done"))


@pytest.mark.parametrize(
    ("sizes", "folded"),
    [
        ([5_000, 5_000, 40], []),
        ([5_000, 5_000, 2_000, 900, 40], []),
        ([5_000, 2_000, 900, 300, 40], [2_000, 900, 300, 40]),
        ([4_000, 4_500, 900, 300, 40, 2], [900, 300, 40, 2]),
        ([], []),
    ],
)
def test_segments_are_folded_into_such_as_can_be_written_in_seconds(sizes: list[int], folded: list[int]) -> None:
    some = [Size(str(size), size, size) for size in sizes]
    assert sorted(folding.when_quiet(some), key=int) == sorted(map(str, folded), key=int)


def test_a_segment_mostly_of_what_is_gone_is_written_anew() -> None:
    assert folding.when_quiet([Size("a", 5_000, 5_000), Size("b", 5_000, 3_000)]) == ["b"]
    assert folding.when_quiet([Size("a", 5_000, 5_000), Size("b", 5_000, 4_000)]) == []


def test_what_was_looked_for_least_lately_is_forgotten_first() -> None:
    kept: Kept[str] = Kept(10)
    kept.put("a", "A", 4)
    kept.put("b", "B", 4)
    assert kept.get("a") == "A"
    kept.put("c", "C", 4)
    assert (kept.get("a"), kept.get("b"), kept.get("c")) == ("A", None, "C")
    kept.put("a", "other", 1)
    kept.put("d", "D", 5)
    assert (kept.get("a"), kept.get("c"), kept.get("d")) == ("other", "C", "D")


def test_what_was_found_once_is_not_read_again(
    opened: Open, put: Put, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(*some_texts(20))
    index = opened()
    task = Task(Wanted(AnyOf((Word("lead"), Prefix("ca"), Phrase(("need", "note"))))), Filters(), 50, 1e9)
    with database.read() as connection:
        first = index.match(connection, task)
        monkeypatch.setattr(lists.Lists, "postings", lambda *_: pytest.fail("it was read again"))
        assert index.match(connection, task) == first


@pytest.mark.slow
def test_whoosh_comes_in_without_warnings(tmp_path: Path) -> None:
    code = "import kb_server.search.engines.whoosh.engine"
    environment = os.environ | {"PYTHONPYCACHEPREFIX": str(tmp_path)}  # Python warns while it compiles
    subprocess.run([sys.executable, "-W", "error", "-c", code], env=environment, check=True)


def test_the_shards_names_for_fields_are_those_of_the_index() -> None:
    assert set(shards.BOOSTS) <= set(SCHEMA.names())
