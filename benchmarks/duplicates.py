"""How often what was asked before is shown while it is asked again: ``make bench-duplicates DATA=…``; see also --help.

DATA is a folder with public sets of questions (`duplicate_sets`). Each question is asked as somebody would have typed
it, its title first; it counts if one that people call the same is among the first five. Beside ours stands plain BM25
of the same engine: SQLite's FTS5 over the same stems, any of the words. The intervals are of 95 %: that of a share by
Wilson, that of the difference from drawing the questions anew 2,000 times, the same for both.

Our figures were chosen by the parts for tuning alone. It ends with exit code 1 if the lead is below five points on the
part for the figure of the first set.
"""

from __future__ import annotations

import argparse
import math
import random
import sqlite3
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import fmean

import duplicate_sets
import store
from duplicate_sets import Part, Question, Text

from kb_server.documents.models import Draft
from kb_server.search.knowledge import knowledge_of
from kb_server.search.similar import KIND, MOST, Shelf

RESAMPLES, SURE = 2_000, 1.96
BAR = 5.0
Ask = Callable[[Text], Sequence[int]]


def main() -> None:
    options = _options()
    print("| set | texts | questions | BM25, % | ours, % | lead, points | ours, ms: p50 / p95 |\n" + "| --- " * 7 + "|")
    leads = [(part.name, _row(part, titles=titles)) for part in duplicate_sets.read(options.data) for titles in (0, 1)]
    if not leads:
        sys.exit(f"There is none of {', '.join(duplicate_sets.READERS)} below {options.data}.")
    judged = next(lead for name, lead in leads if name.endswith("figure"))
    sys.exit(f"MISSED: a lead of {judged:.1f} points" if judged < BAR else 0)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="the folder")
    return parser.parse_args()


def _row(part: Part, *, titles: int) -> float:
    """Print what was found of a part; gives our lead. With `titles`, of what is asked only the title is typed."""
    asked = [replace(one, text=Text(one.text.title)) if titles else one for one in part.questions]
    asked = [one for one in asked if one.text.title]
    if titles and not any(one.text.body for one in part.questions):
        return math.inf  # it would be the same once more
    theirs, _ = _hits(_bm25(part.texts), asked)
    with store.opened("sqlite") as ours:
        found, times = _hits(_ours(ours, part.texts), asked)
    low, high = _between(found, theirs)
    lead = 100 * (fmean(found) - fmean(theirs))
    name = f"{part.name}{', title alone' if titles else ''}"
    speed = f"{times[len(times) // 2]:.1f} / {times[int(len(times) * 0.95)]:.1f}"
    lead_said = f"{lead:+.1f} ({low:+.1f} to {high:+.1f})"
    shares = f"{_share(theirs)} | {_share(found)}"
    print(f"| {name} | {len(part.texts):,} | {len(asked):,} | {shares} | {lead_said} | {speed} |", flush=True)
    return lead


def _hits(ask: Ask, asked: Sequence[Question]) -> tuple[list[bool], list[float]]:
    found, times = [], []
    for one in asked:
        started = time.perf_counter()
        answer = ask(one.text)
        times.append(1000 * (time.perf_counter() - started))
        found.append(not one.same.isdisjoint([key for key in answer if key not in one.itself][:MOST]))
    return found, sorted(times)


def _ours(ours: store.Store, texts: Sequence[Text]) -> Ask:
    ours.put(
        [Draft(f"suggestion:{key}", KIND, "", text.title, f"s/{key}/", text.body) for key, text in enumerate(texts)]
    )
    shelf = Shelf()
    with ours.database.read() as connection:
        shelf.follow(connection)
        refs = {
            row[0]: int(row[1].partition(":")[2]) for row in connection.exec_driver_sql("SELECT id, ref FROM documents")
        }
    terms = knowledge_of(ours.database).terms
    return lambda text: [refs[key] for key, _ in shelf.most_alike(f"{text.title} \n{text.body} ", terms)]


def _bm25(texts: Sequence[Text]) -> Ask:
    plain = sqlite3.connect(":memory:")
    plain.execute("CREATE VIRTUAL TABLE texts USING fts5(title, body, tokenize='unicode61')")
    stems = store.ENGLISH.stems
    rows = ((key, " ".join(stems(text.title)), " ".join(stems(text.body))) for key, text in enumerate(texts))
    plain.executemany("INSERT INTO texts (rowid, title, body) VALUES (?, ?, ?)", rows)

    def ask(text: Text) -> list[int]:
        words = " OR ".join(f'"{stem}"' for stem in dict.fromkeys(stems(f"{text.title} {text.body}")))
        query = "SELECT rowid FROM texts WHERE texts MATCH ? ORDER BY bm25(texts) LIMIT ?"
        return [row[0] for row in plain.execute(query, (words, 2 * MOST))] if words else []

    return ask


def _share(found: Sequence[bool]) -> str:
    many, share = len(found), fmean(found)
    middle = (share + SURE**2 / (2 * many)) / (1 + SURE**2 / many)
    around = SURE / (1 + SURE**2 / many) * math.sqrt(share * (1 - share) / many + SURE**2 / (4 * many**2))
    return f"{100 * share:.1f} ({100 * (middle - around):.1f} to {100 * (middle + around):.1f})"


def _between(found: Sequence[bool], theirs: Sequence[bool]) -> tuple[float, float]:
    leads = [our - their for our, their in zip(found, theirs, strict=True)]
    drawn = random.Random(duplicate_sets.SEED)
    means = sorted(100 * fmean(drawn.choices(leads, k=len(leads))) for _ in range(RESAMPLES))
    return means[int(RESAMPLES * 0.025)], means[int(RESAMPLES * 0.975)]


if __name__ == "__main__":
    main()
