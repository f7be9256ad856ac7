"""The order of what an engine found. Engines weigh word by word; here it counts how words stand together."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from kb_server.documents.models import RankingRow
from kb_server.search.spelling import Vocabulary

DEPTH = 100  # of the engine's order, from the top, is put into ours


def ranked(
    rows: Sequence[RankingRow], scores: dict[int, float], stems: Sequence[str], weights: Sequence[float]
) -> list[tuple[int, float]]:
    """Ids with scores, best first. `weights` says how much each of the stems looked for tells."""
    found = Counter(row.page_id for row in rows)
    worth = {row.id: scores[row.id] * (1 + _bonus(row, stems, weights, found[row.page_id])) for row in rows}
    return sorted(worth.items(), key=lambda entry: (-entry[1], entry[0]))


def weights_of(words: Sequence[str], vocabulary: Vocabulary) -> list[float]:
    """How much each word tells: the rarer, the more."""
    return [math.log(1 + (vocabulary.documents + 1) / (vocabulary.frequency(word) + 1)) for word in words]


def _bonus(row: RankingRow, stems: Sequence[str], weights: Sequence[float], on_page: int) -> float:
    title, text = f" {row.title_stems} ", f" {row.stems} "
    bonus = 1.5 * _share(title, stems, weights) * _share_back(row.title_stems, stems)
    if len(stems) > 1:
        whole = f" {' '.join(stems)} "
        bonus += 0.8 * (whole in title) + 0.5 * (whole in text)
        bonus += 0.6 * _pairs(text, stems)
    bonus += 0.1 * ("#" not in row.url)
    return bonus + 0.05 * math.log1p(on_page - 1)


def _share(title: str, stems: Sequence[str], weights: Sequence[float]) -> float:
    """How much of what was looked for stands in the title."""
    there = sum(weight for stem, weight in zip(stems, weights, strict=True) if f" {stem} " in title)
    return there / sum(weights) if weights else 0.0


def _share_back(title: str, stems: Sequence[str]) -> float:
    """How much of the title was looked for."""
    words = title.split()
    return sum(word in stems for word in words) / len(words) if words else 0.0


def _pairs(text: str, stems: Sequence[str]) -> float:
    """How many of the neighbours in the query are neighbours in the text."""
    pairs = list(pairwise(stems))
    return sum(f" {left} {right} " in text for left, right in pairs) / len(pairs)
