"""Public sets of questions that were asked before: read from wherever they were fetched to, never kept here.

- *Qatar Living* (SemEval-2016, task 3, subtask B; Nakov and others): questions of a forum, each with about ten others
  that people judged: the same, related, or not. As the tables `TRAIN-BASE.csv`, `VAL-BASE.csv`, `TEST-BASE.csv` of the
  repository chaobotic-vasu/Community-Question-Answering. Training is its part for tuning, the rest for the figure.
  Where the others have the very text that is asked, that one is left out: to find it is no feat.
- *COVID-Q* (Wei and others, 2020): questions in groups that mean the same; `final_master_dataset.csv` of the
  repository JerryWeiAI/COVID-Q.
- *Medical Question Pairs* (McCreery and others, 2020): each of 1,524 questions put in other words by a physician, and
  one beside it that only looks alike; `mqp.csv` of the repository curai/medical-question-pair-dataset.
"""

from __future__ import annotations

import csv
import random
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from typing import NamedTuple

SEED = 1


class Text(NamedTuple):
    """A question: its title or only line, and what stands below."""

    title: str
    body: str = ""


@dataclass(frozen=True)
class Question:
    """Something that is asked, which of the texts ask the same, and which are the very text that is asked."""

    text: Text
    same: frozenset[int]
    itself: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Part:
    """A part of a set: what is asked, and all texts that can be found."""

    name: str
    texts: Sequence[Text]
    questions: Sequence[Question]


def read(folder: Path) -> Iterator[Part]:
    """Every part of the sets that lie in a folder or below it."""
    for name, reader in READERS.items():
        for file in sorted(folder.rglob(name)):
            yield from reader(file)


# ── Qatar Living ──────────────────────────────────────────────────────────

TITLES, ASKED, OTHER, JUDGED = "feature", "question", "rel_question", "labels"


def _forum(train: Path) -> Iterator[Part]:
    files = [train, train.with_name("VAL-BASE.csv"), train.with_name("TEST-BASE.csv")]
    judged = [(file == train, rows) for file in files for rows in _by_question(file)]
    known: dict[Text, int] = {}
    for same, what in ((("PerfectMatch", "Relevant"), "same or related"), (("PerfectMatch",), "the same")):
        parts: dict[bool, list[Question]] = {True: [], False: []}
        for is_train, rows in judged:
            title, others = _split(rows)
            keys = [known.setdefault(other, len(known)) for other in others]
            asked = Text(title, rows[0][ASKED])
            itself = frozenset(key for key, other in zip(keys, others, strict=True) if _same(other, asked))
            right = frozenset(key for key, row in zip(keys, rows, strict=True) if row[JUDGED] in same)
            if right - itself:
                parts[is_train].append(Question(asked, right - itself, itself))
        for is_train, name in ((True, "tuning"), (False, "figure")):
            yield Part(f"Qatar Living, {what}; for {name}", list(known), parts[is_train])


def _by_question(file: Path) -> Iterable[list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in _rows(file):
        found[row[ASKED]].append({name: value.strip('"') for name, value in row.items()})
    return found.values()


def _split(rows: Sequence[dict[str, str]]) -> tuple[str, list[Text]]:
    """The title of what was asked, and the others: both titles stand in one column, and the first in every row."""
    titles = [row[TITLES].split() for row in rows]
    shared = takewhile(lambda words: len(set(words)) == 1, zip(*titles, strict=False)) if len(rows) > 1 else ()
    title = [words[0] for words in shared]
    others = [Text(" ".join(words[len(title) :]), row[OTHER]) for words, row in zip(titles, rows, strict=True)]
    return " ".join(title), others


def _same(one: Text, other: Text) -> bool:
    bare = [re.sub(r"[\W_]+", "", text.body).casefold() for text in (one, other)]
    return bare[0] == bare[1]


# ── Groups that mean the same ─────────────────────────────────────────────


def _groups(file: Path) -> Iterator[Part]:
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for row in _rows(file):
        found[row["Category"] + row["Question ID"]][row["Question"]] = None
    yield from _halves("COVID-Q", [list(group) for group in found.values()])


def _pairs(file: Path) -> Iterator[Part]:
    found: dict[str, list[str]] = defaultdict(list)
    alone = []
    with file.open(encoding="utf-8", newline="") as lines:
        for _, first, second, label in csv.reader(lines):
            if label == "1":
                found[first] += [second] if found[first] else [first, second]
            else:
                alone.append([second])
    yield from _halves("Medical Question Pairs", [*found.values(), *alone])


def _halves(name: str, groups: list[list[str]]) -> Iterator[Part]:
    """One of each group is asked, all others can be found; half of the groups are asked for either part."""
    drawn = random.Random(SEED)
    drawn.shuffle(groups)
    texts: list[Text] = []
    questions = []
    for group in groups:
        drawn.shuffle(group)
        first, *others = group
        if others:
            questions.append(Question(Text(first), frozenset(range(len(texts), len(texts) + len(others)))))
        texts += map(Text, others or group)
    middle = len(questions) // 2
    yield Part(f"{name}; for tuning", texts, questions[:middle])
    yield Part(f"{name}; for figure", texts, questions[middle:])


def _rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", errors="replace", newline="") as lines:
        return list(csv.DictReader(lines))


READERS: dict[str, Callable[[Path], Iterator[Part]]] = {
    "TRAIN-BASE.csv": _forum,
    "final_master_dataset.csv": _groups,
    "mqp.csv": _pairs,
}
