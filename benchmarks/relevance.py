"""How well search finds what somebody has seen before: ``python benchmarks/relevance.py FOLDER …``; see also --help.

Known items. A section is drawn whose heading, or whose first sentence, stands only once in the folder. The query is
that heading or sentence, changed by fixed rules (`questions.RULES`) with a fixed seed; the answer is that section and
no other. Printed are the mean reciprocal rank among the first ten (MRR) and the share of answers among the first five
(success@5), for our search on each engine, for each engine by itself, and for lunr, with intervals of 95 % from
resampling the sections 1,000 times. All are asked the same, so our lead has an interval of its own.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import fmean

import corpus
import questions
import rivals
import store
from questions import Item

from kb_server.documents.models import Draft
from kb_server.search.models import Request

RESAMPLES = 1_000
PATIENCE = 5_000  # milliseconds for each answer: what is judged here is the order
LONE = {"sqlite": "FTS5, porter, bm25", "postgresql": "tsvector, ts_rank", "whoosh": "Whoosh, BM25F"}

Ranks = list[list[float]]
"""For each item and rule, one over the place of the right answer among ten, or 0."""


def main() -> None:
    """Print the figures of each folder as a table of Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--items", type=int, default=200, help="headings, and as many sentences")
    parser.add_argument("--rules", action="store_true", help="also MRR of headings and sentences, rule by rule")
    parser.add_argument("--engines", nargs="*", default=store.ENGINES, choices=store.ENGINES)
    options = parser.parse_args()
    for folder in options.folders:
        drafts = corpus.from_folder(folder, 1_000_000)
        items = questions.known_items(drafts, options.items)
        print(
            f"\n{folder.name}: {len(drafts):,} sections, {len(items):,} of them sought in {len(questions.RULES)} ways\n"
        )
        ranked = _ranked(drafts, items, options.engines)
        print(_table(ranked))
        if options.rules:
            print(_by_rule(ranked, items))


def _ranked(drafts: Sequence[Draft], items: Sequence[Item], engines: Sequence[str]) -> dict[tuple[str, str], Ranks]:
    """The ranks of every contestant: by its name and, for ours, that of the engine by itself."""
    with rivals.lunr(drafts) as ask:
        ranked = {("lunr", ""): _ranks(ask, items)}
    for engine in engines:
        with store.opened(engine, PATIENCE) as ours:
            ours.put(drafts)
            ranked[f"ours, {engine}", LONE[engine]] = _ranks(lambda query: _asked(ours, query), items)
            with _by_itself(engine, drafts, ours) as ask:
                ranked[LONE[engine], ""] = _ranks(ask, items)
    return ranked


@contextmanager
def _by_itself(engine: str, drafts: Sequence[Draft], ours: store.Store) -> Iterator[rivals.Ask]:
    if engine == "postgresql":
        with rivals.tsvector(drafts, ours.settings.database_url) as ask:
            yield ask
    else:
        with (rivals.fts5 if engine == "sqlite" else rivals.bm25f)(drafts) as ask:
            yield ask


def _asked(ours: store.Store, query: str) -> list[str]:
    return [hit.url for hit in ours.search(Request(query, facets=False)).hits]


def _ranks(ask: rivals.Ask, items: Sequence[Item]) -> Ranks:
    return [[_rank(ask(query), item.url) for query in item.queries] for item in items]


def _rank(found: Sequence[str], url: str) -> float:
    return 1 / (found.index(url) + 1) if url in found else 0.0


def _table(ranked: dict[tuple[str, str], Ranks]) -> str:
    rows = ["| | MRR | success@5 | lead over the same engine | lead over lunr |", "| --- | --- | --- | --- | --- |"]
    for (name, rival), ranks in ranked.items():
        leads = ["", ""]
        if rival:
            leads = [_interval(_lead(ranks, ranked[other, ""]), sign="+") for other in (rival, "lunr")]
        fifth = [[float(rank >= 1 / 5) for rank in row] for row in ranks]
        rows.append(f"| {' | '.join((name, _interval(ranks), _interval(fifth), *leads))} |")
    return "\n".join(rows)


def _lead(ours: Ranks, theirs: Ranks) -> Ranks:
    return [[a - b for a, b in zip(*rows, strict=True)] for rows in zip(ours, theirs, strict=True)]


def _interval(values: Ranks, sign: str = "") -> str:
    """The mean, and between what it lies; the ways to seek one section are not independent."""
    means = [fmean(row) for row in values]
    source = random.Random(1)
    drawn = sorted(fmean(source.choices(means, k=len(means))) for _ in range(RESAMPLES))
    low, high = drawn[RESAMPLES // 40], drawn[-RESAMPLES // 40]
    return f"{fmean(means):{sign}.3f} ({low:{sign}.3f} to {high:{sign}.3f})"


def _by_rule(ranked: dict[tuple[str, str], Ranks], items: Sequence[Item]) -> str:
    sources = list(dict.fromkeys(item.source for item in items))
    columns = [(source, rule) for source in sources for rule in range(len(questions.RULES))]
    names = [f"{source}, {list(questions.RULES)[rule]}" for source, rule in columns]
    rows = [f"\n| MRR | {' | '.join(names)} |", "| --- |" + " --- |" * len(names)]
    for (name, _), ranks in ranked.items():
        cells = [
            fmean(row[rule] for row, item in zip(ranks, items, strict=True) if item.source == source)
            for source, rule in columns
        ]
        rows.append(f"| {name} | {' | '.join(f'{cell:.3f}' for cell in cells)} |")
    return "\n".join(rows)


if __name__ == "__main__":
    main()
