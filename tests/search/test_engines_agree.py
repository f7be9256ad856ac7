"""On real texts and questions every engine finds the same: the sample wiki, asked by its own headings and words."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from search.nobody import Nobody

from kb_server.db import Database
from kb_server.documents import storage
from kb_server.documents.analysis import analyser_for
from kb_server.documents.models import Draft
from kb_server.search.engines import Matches, Task
from kb_server.search.engines.database import database_engine
from kb_server.search.engines.whoosh.engine import WhooshEngine
from kb_server.search.expression import AllOf, AnyOf, Expression, Phrase, Prefix, Wanted, Word
from kb_server.search.models import Filters

ENGLISH = analyser_for("en")
DOCS = Path(__file__).parents[2] / "docs"
KINDS, TEAMS = ("page", "practice", "definition"), ("sales", "marketing", "success")
HEADING = re.compile(r"^#+ +(.+)$", re.MULTILINE)


def sections() -> Iterator[Draft]:
    for page, path in enumerate(sorted(DOCS.rglob("*.md"))):
        name = path.relative_to(DOCS).with_suffix("").as_posix()
        title, *rest = [name, *HEADING.split(path.read_text(encoding="utf-8"))]
        for number, (heading, text) in enumerate(zip([title, *rest[1::2]], rest[0::2], strict=True)):
            teams = tuple(team for place, team in enumerate(TEAMS) if (page + number) % (place + 2))
            yield Draft(
                f"{name}#{number}", KINDS[page % 3], name.replace("/", "-"), heading, f"{name}/#{number}", text, teams
            )


def questions(drafts: Sequence[Draft]) -> Iterator[Wanted]:
    for number, draft in enumerate(drafts):
        stems = tuple(ENGLISH.stems(draft.title))
        words = ENGLISH.words(draft.text)
        if stems:
            yield Wanted(Phrase(stems))
            yield Wanted(AllOf(tuple(map(Word, stems))))
            yield Wanted(AnyOf(tuple(map(Word, stems))), (Word(stems[0]),))
        if len(words) > number % 90 + 3:
            some = words[number % 90 : number % 90 + 3]
            phrase: Expression = Phrase(tuple(map(ENGLISH.stem, some)))
            yield Wanted(phrase)
            yield Wanted(AllOf((Word(ENGLISH.stem(some[0])), Prefix(some[1][: 1 + number % 5]))))
            yield Wanted(AnyOf((phrase, Prefix(some[2][:3]))), (Word("sale"),))


def narrowed(number: int) -> Filters:
    choices = ((), KINDS[:1], KINDS[1:]), ((), TEAMS[:1], TEAMS[1:]), ((), ("practices",), ("definitions", "index"))
    kinds, teams, places = (choice[number // 3**place % 3] for place, choice in enumerate(choices))
    return Filters(kinds, teams, places)


@pytest.mark.slow
def test_engines_agree_on_matches_totals_and_counts(database: Database, tmp_path: Path) -> None:
    drafts = list(sections())
    with database.transaction() as connection:
        storage.put(connection, drafts, ENGLISH)
    ours, index = database_engine(database.dialect), WhooshEngine(tmp_path / "search", Nobody())
    with database.read() as connection:
        index.apply(connection)
        asked = 0
        for number, wanted in enumerate(questions(drafts)):
            task = Task(wanted, narrowed(number), 1_000, time.monotonic() + 60, facets=True)
            first, second = (seen(engine.match(connection, task)) for engine in (ours, index))
            assert first == second, (wanted, task.filters)
            asked += bool(first[1])
    assert asked > 500


def seen(matches: Matches) -> tuple[object, ...]:
    return {key for key, _ in matches.ids}, matches.total, matches.facets, matches.complete
