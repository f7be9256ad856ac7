"""The order of what an engine found.

Engines weigh word by word, each in its own way. Here the best of what one found are weighed again, the same for all: by
BM25 over title, text and page title as one (Robertson, Zaragoza, Taylor: "Simple BM25 extension to multiple weighted
fields", 2004), and by how the words stand together. The figures were chosen by finding known sections of two wikis;
around them the results hardly change.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise

from kb_server.documents.models import RankingRow

DEPTH = 60  # of the engine's order, from the top, is put into ours

SATURATION, LENGTH, TITLE_LENGTH = 1.2, 0.75, 0.5
IN_TITLE, IN_PAGE_TITLE = 3.0, 0.6  # what a hit counts there, in the text it is 1
USUAL_TITLE = 5  # words
PAIR, WHOLE, SAME_TITLE, LEAD = 0.3, 0.1, 0.8, 0.02


class Ranking:
    """What was looked for, ready to be weighed against many documents."""

    def __init__(self, stems: Sequence[str], weights: Mapping[str, float], usual: float) -> None:
        """`weights` says how much each stem tells; `usual` is the usual number of words of a text."""
        self._weights = weights
        self._padded = {f" {stem} ": weight for stem, weight in self._weights.items()}
        self._pairs = [(f" {a} {b} ", PAIR * min(weights[a], weights[b])) for a, b in pairwise(stems)]
        self._whole = f" {' '.join(stems)} " if len(stems) > 1 else ""
        self._sum = sum(weights.values())
        self._usual = usual

    def ranked(self, rows: Sequence[RankingRow], title_of: Callable[[str], Sequence[str]]) -> dict[int, float]:
        """Ids with scores, best first. `title_of` gives the stems of a page's title."""
        worth = ((row.id, self._worth(row, f" {' '.join(title_of(row.page_id))} ")) for row in rows)
        return dict(sorted(worth, key=lambda entry: (-entry[1], entry[0])))

    def _worth(self, row: RankingRow, page_title: str) -> float:
        title, text = f" {row.title_stems} ", f" {row.stems} "
        long = 1 - LENGTH + LENGTH * text.count(" ") / self._usual
        long_title = 1 - TITLE_LENGTH + TITLE_LENGTH * title.count(" ") / USUAL_TITLE
        worth = 0.0
        for stem, weight in self._padded.items():
            often = IN_TITLE * title.count(stem) / long_title + text.count(stem) / long
            often += IN_PAGE_TITLE * (stem in page_title)
            worth += weight * often * (1 + SATURATION) / (often + SATURATION)
        worth += sum(weight for pair, weight in self._pairs if pair in text)
        worth += WHOLE * self._sum * (bool(self._whole) and self._whole in text)
        worth += SAME_TITLE * self._alike(row.title_stems.split())
        return worth * (1 + LEAD * ("#" not in row.url))

    def _alike(self, title: list[str]) -> float:
        """How much of what was looked for is in the title, times how much of the title was looked for."""
        sought = sum(weight for stem, weight in self._weights.items() if stem in title)
        return sought * sum(stem in self._weights for stem in title) / (len(title) or 1)
