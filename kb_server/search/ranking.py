"""The order of what an engine found.

Engines weigh word by word, each in its own way. Here the best of what one found are weighed again, the same for all: by
BM25 over title, text and page title as one (Robertson, Zaragoza, Taylor: "Simple BM25 extension to multiple weighted
fields", 2004), and by how the words stand together. The figures were chosen by finding known sections of two wikis;
around them the results hardly change.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise

from kb_server.documents.models import RankingRow

DEPTH = 100  # of the engine's order, from the top, is put into ours
FILLING = 30  # of what has only some of the words, where something has them all

SATURATION, LENGTH, TITLE_LENGTH = 1.2, 0.75, 0.5
IN_TITLE, IN_PAGE_TITLE = 3.0, 1.0  # what a hit counts there, in the text it is 1
BEGUN = 0.5  # what a word that only begins so counts, against the word itself
USUAL_TITLE = 5  # words
PAIR, WHOLE, SAME_TITLE, LEAD = 0.3, 0.1, 0.8, 0.02


Names = Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Sought:
    """A stem that was looked for, and how much it tells. Words that start with ``beginning`` will do as well.

    ``before`` are stems that say nothing and were typed right before it, each with a space after it.
    """

    stem: str
    weight: float
    beginning: str = ""
    before: str = ""


class Ranking:
    """What was looked for, in one or several wordings, ready to be weighed against many documents."""

    def __init__(self, wordings: Sequence[Sequence[Sought]], usual: float) -> None:
        """The first wording is the one typed; `usual` is the usual number of words of a text."""
        self._wordings = [_Wording(sought, usual) for sought in wordings]

    def ranked(self, rows: Sequence[RankingRow], names_of: Callable[[str], Names]) -> dict[int, float]:
        """Ids with scores, best first. `names_of` gives the stems of a page's title and of each of its aliases."""
        names = {page: names_of(page) for page in {row.page_id for row in rows}}
        every = {page: f" {' '.join(chain.from_iterable(some))} " for page, some in names.items()}
        worth = [(row.id, self._worth(row, names[row.page_id], every[row.page_id])) for row in rows]
        return dict(sorted(worth, key=lambda entry: (-entry[1], entry[0])))

    def _worth(self, row: RankingRow, names: Names, every: str) -> float:
        typed, title, text = self._wordings[0], f" {row.title_stems} ", f" {row.stems} "
        # Another wording with more words must not be worth more for having them.
        best = max(wording.worth(title, text, names, every) * typed.sum / wording.sum for wording in self._wordings)
        return best * (1 + LEAD * ("#" not in row.url)) * row.boost


class _Wording:
    def __init__(self, sought: Sequence[Sought], usual: float) -> None:
        self._usual = usual
        self._sought = list({one.stem: one for one in sought}.values())
        self.sum = sum(one.weight for one in self._sought)
        # Stems stand between spaces: to count in a string is quicker than to take it apart.
        self._patterns = [(f" {one.stem} ", one.beginning and f" {one.beginning}", one.weight) for one in self._sought]
        self._pairs = [(f" {a.stem} {b.before}{b.stem} ", PAIR * min(a.weight, b.weight)) for a, b in pairwise(sought)]
        typed = "".join(f"{one.before}{one.stem} " for one in sought)
        self._whole = f" {typed.removeprefix(sought[0].before)}" if len(sought) > 1 else ""

    def worth(self, title: str, text: str, names: Names, every: str) -> float:
        """Title, text and `every` name of the page are stems with a space around each."""
        long = 1 - LENGTH + LENGTH * text.count(" ") / self._usual
        long_title = 1 - TITLE_LENGTH + TITLE_LENGTH * title.count(" ") / USUAL_TITLE
        worth = titled = 0.0
        for stem, beginning, weight in self._patterns:
            in_title: float = title.count(stem)
            in_text: float = text.count(stem)
            if beginning:
                in_title += BEGUN * title.count(beginning)
                in_text += BEGUN * text.count(beginning)
            titled += in_title
            often = IN_TITLE * in_title / long_title + in_text / long + IN_PAGE_TITLE * (stem in every)
            worth += weight * often * (1 + SATURATION) / (often + SATURATION)
        for pair, weight in self._pairs:
            worth += weight * (pair in text)
        worth += WHOLE * self.sum * (bool(self._whole) and self._whole in text)
        return worth + SAME_TITLE * self._alike(title.split(), names) if titled else worth

    def _alike(self, title: Sequence[str], names: Names) -> float:
        """How much the query is the title, or the title after a name of its page: "mql criteria"."""
        return max(map(self._overlap, [title, *([*name, *title] for name in names)]))

    def _overlap(self, title: Sequence[str]) -> float:
        """How much of what was looked for is in a title, times how much of the title was looked for."""
        words = dict.fromkeys(title)
        sought, used = 0.0, set()
        for one in self._sought:
            if there := [
                word for word in words if word == one.stem or (one.beginning and word.startswith(one.beginning))
            ]:
                sought += one.weight
                used.update(there)
        return sought * len(used) / (len(words) or 1)
