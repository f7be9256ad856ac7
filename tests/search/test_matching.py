"""Every engine matches what a reading of the texts, word by word, says it must; nothing else, and nothing less."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from search.nobody import Nobody

from kb_server.db import Database, migrate
from kb_server.documents import storage
from kb_server.documents.analysis import analyser_for
from kb_server.documents.models import Draft
from kb_server.search.engines import Engine, Matches, Task
from kb_server.search.engines.database import database_engine
from kb_server.search.engines.whoosh.engine import WhooshEngine
from kb_server.search.expression import AllOf, AnyOf, Expression, Phrase, Prefix, Wanted, Word
from kb_server.search.models import Filters

ENGLISH = analyser_for("en")
WORDS = (
    "lead",
    "leads",
    "leading",
    "sales",
    "sale",
    "caf\u00e9",
    "cafe",
    "na\u00efve",
    "a",
    "not",
    "near",
    "and",
    "x1",
    "\u6f22\u5b57",
)
KINDS, TEAMS, PAGES = ("page", "definition"), ("sales", "salesforce", "marketing"), ("p", "p2", "q")

some_words = st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join)
drafts = st.builds(
    lambda number, kind, page, title, text, teams, hidden: Draft(
        f"d{number}", kind, page, title, f"in/{page}/#{number}", text, tuple(teams), hidden=hidden
    ),
    st.integers(0, 5),
    st.sampled_from(KINDS),
    st.sampled_from(PAGES),
    some_words,
    some_words,
    st.lists(st.sampled_from(TEAMS), unique=True, max_size=2),
    st.booleans(),
)
changes = st.lists(st.one_of(drafts, st.integers(0, 5)), min_size=1, max_size=12)
stems = st.sampled_from(WORDS).map(ENGLISH.stem)
simple = st.one_of(
    stems.map(Word),
    st.lists(stems, min_size=1, max_size=3).map(tuple).map(Phrase),
    st.sampled_from(("l", "le", "lea", "leads", "s", "caf", "x", "\u6f22", "zz")).map(Prefix),
)
expressions: st.SearchStrategy[Expression] = st.recursive(
    simple,
    lambda inner: (
        st.lists(inner, min_size=1, max_size=3)
        .map(tuple)
        .flatmap(lambda parts: st.sampled_from((AllOf(parts), AnyOf(parts))))
    ),
    max_leaves=5,
)
wanted = st.builds(Wanted, st.one_of(st.none(), expressions), st.lists(expressions, max_size=2).map(tuple))
filters = st.builds(
    Filters,
    st.lists(st.sampled_from(KINDS), max_size=2).map(tuple),
    st.lists(st.sampled_from(TEAMS), max_size=2).map(tuple),
    st.lists(st.sampled_from((*PAGES, "in", "in/p", "i")), max_size=2).map(tuple),
)


@dataclass
class Read:
    """A text as somebody reads it who looks at every word."""

    draft: Draft

    def matches(self, asked: Wanted, narrowed: Filters) -> bool:
        draft = self.draft
        if draft.hidden or (narrowed.kinds and draft.kind not in narrowed.kinds):
            return False
        if narrowed.teams and not set(narrowed.teams) & set(draft.teams):
            return False
        if narrowed.places and not any(self._lies_in(place) for place in narrowed.places):
            return False
        return (asked.match is None or self.has(asked.match)) and not any(map(self.has, asked.without))

    def has(self, expression: Expression) -> bool:
        rows = [ENGLISH.stems(self.draft.title), ENGLISH.stems(self.draft.text)]
        match expression:
            case Word(stem):
                return any(stem in row for row in rows)
            case Phrase(stems):
                return any(list(stems) == row[at : at + len(stems)] for row in rows for at in range(len(row)))
            case Prefix(text):
                words = ENGLISH.words(f"{self.draft.title} {self.draft.text}")
                return any(word.startswith(text) for word in [*words, *rows[0]])
            case AllOf(parts):
                return all(map(self.has, parts))
            case AnyOf(parts):
                return any(map(self.has, parts))

    def _lies_in(self, place: str) -> bool:
        return self.draft.page_id == place or self.draft.url.startswith(f"{place}/")


@pytest.fixture(
    scope="module",
    params=[
        "sqlite",
        pytest.param("postgresql", marks=pytest.mark.slow),
        # Every text of more than two words is treated as one that no vector can hold, and two matches as a crowd.
        pytest.param("postgresql, at its limits", marks=pytest.mark.slow),
    ],
)
def store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    folder: Path = tmp_path_factory.mktemp("matching")
    with ExitStack() as after:
        url = f"sqlite:///{folder / 'kb.sqlite3'}"
        if request.param != "sqlite":
            url = after.enter_context(request.getfixturevalue("stores").one())
        if "limits" in request.param:
            patched = after.enter_context(pytest.MonkeyPatch.context())
            patched.setattr("kb_server.search.engines.postgresql.CROWD", 1)
            patched.setattr("kb_server.documents.vectors._too_long", lambda _title, text, _words: len(text) > 2)
        database = Database(url)
        after.callback(database.close)
        migrate(database, folder)
        yield database


@pytest.fixture(scope="module", params=["database", "whoosh"])
def engine(store: Database, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Engine:
    if request.param == "database":
        return database_engine(store.dialect)
    return WhooshEngine(tmp_path_factory.mktemp("index") / "search", Nobody())


def change(store: Database, engine: Engine, steps: list[Draft | int]) -> list[Read]:
    """Write, change and remove texts, one transaction each, from nothing; gives what is there in the end."""
    there: dict[str, Draft] = {}
    with store.transaction() as connection:
        storage.remove(connection, [f"d{number}" for number in range(6)], ENGLISH)
    for step in steps:
        with store.transaction() as connection:
            if isinstance(step, Draft):
                there[step.ref] = step
                storage.put(connection, [step], ENGLISH)
            elif there.pop(f"d{step}", None):
                storage.remove(connection, [f"d{step}"], ENGLISH)
    with store.read() as connection:
        engine.apply(connection)
    return [Read(draft) for draft in there.values()]


def match(store: Database, engine: Engine, asked: Wanted, narrowed: Filters) -> tuple[Matches, list[str]]:
    with store.read() as connection:
        task = Task(asked, narrowed, 50, time.monotonic() + 60, facets=True)
        matches = engine.match(connection, task)
        shown = storage.documents_by_id(connection, [key for key, _ in matches.ids])
    return matches, sorted(shown[key].ref for key, _ in matches.ids)


@pytest.mark.slow
@given(steps=changes, asked=wanted, narrowed=filters)
@settings(
    max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None
)
def test_matches_are_those_of_a_careful_reader(
    store: Database, engine: Engine, steps: list[Draft | int], asked: Wanted, narrowed: Filters
) -> None:
    there = change(store, engine, steps)
    matches, found = match(store, engine, asked, narrowed)
    right = [read.draft for read in there if read.matches(asked, narrowed)]
    assert found == sorted(draft.ref for draft in right)
    assert matches.total == len(right)
    assert matches.complete


@pytest.mark.slow
@given(steps=changes, asked=wanted, narrowed=filters)
@settings(
    max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None
)
def test_counts_say_what_another_choice_would_find(
    store: Database, engine: Engine, steps: list[Draft | int], asked: Wanted, narrowed: Filters
) -> None:
    there = change(store, engine, steps)
    facets = match(store, engine, asked, narrowed)[0].facets
    for kind in KINDS:
        other = Filters((kind,), narrowed.teams, narrowed.places)
        assert facets.kind.get(kind, 0) == sum(read.matches(asked, other) for read in there)
    for team in TEAMS:
        other = Filters(narrowed.kinds, (team,), narrowed.places)
        assert facets.team.get(team, 0) == sum(read.matches(asked, other) for read in there)


@pytest.mark.slow
@given(steps=changes, asked=wanted)
@settings(
    max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None
)
def test_an_index_made_anew_matches_the_same(
    store: Database, engine: Engine, steps: list[Draft | int], asked: Wanted
) -> None:
    change(store, engine, steps)
    before = match(store, engine, asked, Filters())[1]
    with store.transaction() as connection:
        engine.rebuild(connection)
    assert match(store, engine, asked, Filters())[1] == before
