"""How fast search answers, on every engine: ``python benchmarks/search.py [FOLDER]``; see also --help.

FOLDER is any folder of Markdown; without it the texts are made up (`corpus`). Times are of the whole answer in this
process, excerpts and counts included, each as p50 / p95 / p99 in milliseconds, with the answers per second of one
thread. Every question is asked once before it is timed, as a server answers it, with its words in memory; "asked for
the first time" tells what that took. What is said of servers is told in `serving`.
"""

from __future__ import annotations

import argparse
import gc
import os
import time
from collections.abc import Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path
from statistics import fmean
from typing import NamedTuple

import corpus
import serving
import store
from questions import Asker

from kb_server.documents.models import Draft
from kb_server.search.models import Request

NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL", "whoosh": "whoosh beside SQLite"}
WORKERS = (1, 2, 4)
Figures = dict[str, str]
"""What was measured, by the name of its row."""


class Sample(NamedTuple):
    """Texts, what is asked about them by kind of question, and right queries each with a misspelt one."""

    drafts: Sequence[Draft]
    asked: dict[str, list[Request]]
    pairs: Sequence[tuple[Request, Request]]


def main() -> None:
    """Print one table of Markdown."""
    options = _options()
    tables = {}
    for sections in options.sections:
        sample = _drawn(options.folder, sections, options.each)
        gc.collect()
        gc.freeze()  # a server does not hold all these texts in memory, nor look through them for garbage
        tables[len(sample.drafts)] = [_measured(engine, sample, http=options.http) for engine in options.engines]
    print(_table([NAMES[engine] for engine in options.engines], tables))


def _drawn(folder: Path | None, sections: int, each: int) -> Sample:
    drafts = corpus.from_folder(folder, sections) if folder else corpus.seeded(sections)
    asker = Asker(drafts)
    return Sample(drafts, asker.of_each_kind(each), asker.misspelt(2 * each))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--sections", type=int, nargs="+", default=[500, 5_000, 50_000], help="at most")
    parser.add_argument("--engines", nargs="+", choices=store.ENGINES, default=store.ENGINES)
    parser.add_argument("--each", type=int, default=100, help="questions of every kind")
    parser.add_argument("--no-http", dest="http", action="store_false", help="leave out what needs servers")
    return parser.parse_args()


def _measured(engine: str, sample: Sample, *, http: bool) -> Figures:
    figures = {}
    with store.opened(engine) as filled:
        began = time.perf_counter()
        filled.put(sample.drafts)
        figures["written and indexed, s"] = f"{time.perf_counter() - began:.1f}"
        figures["on the disk, texts and index, MB"] = f"{filled.size():.0f}"
        filled.search(Request("x"))  # learns the words
        figures |= _in_process(filled, sample.asked) | _quality(filled, sample)
        if http:
            figures |= _over_http(filled, sample)
    figures["load of the machine after it"] = f"{os.getloadavg()[0]:.1f}"
    return figures


def _in_process(filled: store.Store, asked: dict[str, list[Request]]) -> Figures:
    first, again = {}, {}
    for kind, requests in asked.items():
        first[kind] = [filled.search(request).took_ms for request in requests]
        again[kind] = [filled.search(request).took_ms for request in requests]
    *usual, _ = again.values()  # questions have a bar of their own
    figures = {kind: _times(times) for kind, times in again.items()}
    figures["all of these but questions"] = _times(list(chain.from_iterable(usual)))
    figures["all of these, asked for the first time"] = _times(list(chain.from_iterable(first.values())))
    return figures


def _quality(filled: store.Store, sample: Sample) -> Figures:
    *_, questions = sample.asked.values()
    empty = sum(not filled.search(request).hits for request in questions)
    found = [[{hit.url for hit in filled.search(request).hits} for request in pair] for pair in sample.pairs]
    kept = fmean(len(right & misspelt) / len(right) for right, misspelt in found if right)
    return {
        "questions without an answer": f"{empty} of {len(questions)}",
        "one letter wrong in two words: of the right top ten kept": f"{kept:.0%}",
    }


def _times(times: Sequence[float]) -> str:
    return f"{_ranked(times)} · {1_000 * len(times) / sum(times):,.0f}/s"


def _ranked(times: Sequence[float]) -> str:
    ranked = sorted(times)
    return " / ".join(f"{ranked[int((len(ranked) - 1) * share)]:.1f}" for share in (0.5, 0.95, 0.99))


def _over_http(filled: store.Store, sample: Sample) -> Figures:
    figures = {}
    drafts, asked = sample.drafts, list(chain.from_iterable(zip(*sample.asked.values(), strict=True)))
    serving.publish_nothing(filled)
    with serving.served(filled) as servers:
        changed = replace(drafts[0], text=f"{drafts[0].text} {serving.WORD}")
        figures["a changed text found over HTTP, ms"] = f"{serving.until_found(filled, servers, changed) * 1_000:.0f}"
    several = filled.database.dialect == "postgresql"
    for number in WORKERS:
        with serving.served(filled, threads=number) as servers:
            figures[f"over HTTP, threads: {number}"] = _throughput(servers, asked)
            resident = f"{serving.memory(servers):.0f}"
    figures[f"memory of a server of {number} threads after that (RSS), MB"] = resident
    for number in WORKERS[1:]:
        name = f"over HTTP, processes of 4 threads: {number}"
        figures[name] = "-"
        if several:
            with serving.served(filled, processes=number) as servers:
                figures[name] = _throughput(servers, asked)
    return figures


def _throughput(servers: serving.Served, asked: Sequence[Request]) -> str:
    per_second, times = serving.throughput(servers, asked)
    return f"{_ranked(times)} · {per_second:,.0f}/s"


def _table(engines: Sequence[str], tables: dict[int, list[Figures]]) -> str:
    rows = [f"| sections | | {' | '.join(engines)} |", "| --- | --- |" + " --- |" * len(engines)]
    for sections, columns in tables.items():
        rows += [
            f"| {sections:,} | {name} | {' | '.join(figures[name] for figures in columns)} |" for name in columns[0]
        ]
    return "\n".join(rows)


if __name__ == "__main__":
    main()
