"""Where else a passage may stand now: on another page, or further up or down on its own.

Only text that is new where it stands can be a passage's successor: what stood there before is another's, however alike
the two are. And what is new must say enough that is rare: a template's sentence is new on each page made from it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from difflib import SequenceMatcher
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from kb_server.pages import quotes
from kb_server.pages.passages.heirs import lines
from kb_server.pages.passages.models import Carried, Lost, placed
from kb_server.pages.passages.rarity import Told, words_of
from kb_server.pages.passages.succession import successor
from kb_server.pages.quotes import letters

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from kb_server.pages.manifest import Page, Section
    from kb_server.pages.passages.rarity import Rarity

# `make bench-anchors ARGS=--tune` measures these.
BITS = 30.0
"""How much the words found again, with those around them that are found again, must say."""
AROUND = 20  # words on either side
NEAR, FAR = (0.7, 0.5, BITS), (0.85, 0.6, 2 * BITS)
"""Of a rewritten passage, on its own page and on another: the share of its words that must be found again, the share of
those there that must be its, and how much they must say."""
CANDIDATES = 3
MARGIN = 0.8
"""How near the second best place may come to the best one."""
_SEP = "\n"


class Found(NamedTuple):
    """A place where the passage's words stand, and how much it says that they do."""

    bits: float
    page: Page
    section: Section
    start: int
    end: int


class Elsewhere:
    """The text that is new in a build, to be searched for passages that are not where they were."""

    def __init__(self, before: Mapping[str, Page], after: Mapping[str, Page]) -> None:
        self._before, self._after = before, after
        self._known: dict[str, frozenset[str]] = {}
        self._left: dict[str, dict[str, list[str]]] = {}
        self._read: dict[int, Told] = {}
        self._pairs: dict[tuple[str, str], list[int]] | None = None

    # ── Word for word ─────────────────────────────────────────────────────

    def same(self, lost: Lost, rarity: Rarity, *, own: bool) -> Carried | None:
        """The passage where its very words are new; None where there are none, too common ones, or two such places.

        On its `own` page, or on any other.
        """
        found = sorted(self._places(lost, rarity, own=own), key=lambda one: one.bits, reverse=True)
        if not found or found[0].bits < BITS:
            return None
        if len(found) > 1 and found[1].bits > MARGIN * found[0].bits:
            return None
        best = found[0]
        return placed(lost.passage, best.page, best.section, best.start, best.end)

    def _places(self, lost: Lost, rarity: Rarity, *, own: bool) -> Iterator[Found]:
        quote = lost.passage.quote
        wanted = letters(quote.exact)
        owners = self._new[2]
        for number in sorted(set(self._owners_of(wanted))):
            page, section = owners[number]
            if _is_own(lost, page) != own:
                continue
            there = quotes.found(section.text, quote.exact, prefix=quote.prefix, suffix=quote.suffix)
            if there and self._is_new(lost, page, section, there.position):
                end = there.position + len(there.exact)
                bits = rarity.bits(pairwise(_again(lost, self._told(number), there.position, end)))
                yield Found(bits, page, section, there.position, end)

    def _owners_of(self, wanted: str) -> Iterator[int]:
        text, starts, _ = self._new
        at = text.find(wanted) if wanted else -1
        while at >= 0:
            yield bisect_right(starts, at) - 1
            at = text.find(wanted, at + 1)

    @cached_property
    def _new(self) -> tuple[str, list[int], list[tuple[Page, Section]]]:
        """The letters of all sections that are not as they were, where each begins, and whose it is."""
        parts, starts, owners, at = [], [], [], 0
        for page in self._after.values():
            before = {one.anchor: one.text for one in self._before[page.id].sections} if page.id in self._before else {}
            for section in page.sections:
                if section.text and before.get(section.anchor) != section.text:
                    parts.append(letters(section.text))
                    starts.append(at)
                    owners.append((page, section))
                    at += len(parts[-1]) + 1
        return _SEP.join(parts), starts, owners

    def _is_new(self, lost: Lost, page: Page, section: Section, position: int) -> bool:
        """Whether the line at this place was not there before. On its own page a passage may have changed places."""
        if lost.sides and _is_own(lost, page):
            return lost.sides.is_new(section.anchor, position)
        return _line_at(section.text, position) not in self._lines_before(page.id)

    def _lines_before(self, page_id: str) -> frozenset[str]:
        if page_id not in self._known:
            self._known[page_id] = frozenset(lines(self._before[page_id]) if page_id in self._before else ())
        return self._known[page_id]

    def _left_out(self, page: Page) -> dict[str, list[str]]:
        """The lines of a page that are not there any more, with their words."""
        if page.id not in self._left:
            left = sorted(self._lines_before(page.id) - set(lines(page)))
            self._left[page.id] = {line: words_of(line) for line in left}
        return self._left[page.id]

    def _told(self, number: int) -> Told:
        if number not in self._read:
            self._read[number] = Told.of(self._new[2][number][1].text)
        return self._read[number]

    # ── Rewritten ─────────────────────────────────────────────────────────

    def rewritten(self, lost: Lost, rarity: Rarity, *, own: bool) -> Carried | None:
        """The passage where most of its rare words are new and in a row; None where that is not clear."""
        words, start, end = around(lost)
        hits: Counter[int] = Counter()
        for pair in set(pairwise(words[start:end])):
            if rarity.is_rare(pair):
                some = self._having(rarity).get(pair, ())
                hits.update(number for number in some if _is_own(lost, self._new[2][number][0]) == own)
        found = []
        for number, _ in hits.most_common(CANDIDATES):
            found += [one for one in [self._candidate(lost, number, rarity, NEAR if own else FAR)] if one]
        found.sort(key=lambda one: one.bits, reverse=True)
        if not found or (len(found) > 1 and found[1].bits > MARGIN * found[0].bits):
            return None
        best = found[0]
        return placed(lost.passage, best.page, best.section, best.start, best.end)

    def _candidate(self, lost: Lost, number: int, rarity: Rarity, least: tuple[float, float, float]) -> Found | None:
        words, start, end = around(lost)
        page, section = self._new[2][number]
        there, places, on_lines = self._told(number)
        one = successor(words, (start, end), (there, on_lines), rarity.weight)
        kept, new, enough = least
        if one is None or one.kept < kept or one.new < new:
            return None
        bits = rarity.bits(one.rows)
        begins, ends = places[one.first][0], places[one.end - 1][1]
        if bits < enough or not self._is_new(lost, page, section, begins):
            return None
        if self._taken(lost, page, there[one.first : one.end], rarity, one.kept):
            return None
        return Found(bits, page, section, begins, ends)

    def _taken(self, lost: Lost, page: Page, words: list[str], rarity: Rarity, share: float) -> bool:
        """Whether these words are rather those of another text that stood on that page and is not there any more."""
        own, pairs = {lost.laid.lines[at].text for at in lost.lines}, frozenset(pairwise(words))
        left = (told for line, told in self._left_out(page).items() if line not in own)
        said = [word for told in left if not pairs.isdisjoint(pairwise(told)) for word in told]
        matcher = SequenceMatcher(None, words, said, autojunk=False)
        runs = [words[one.a : one.a + one.size] for one in matcher.get_matching_blocks() if one.size > 1]
        kept = [word for run in runs for word in run]
        return sum(map(rarity.weight, kept)) > 0.8 * share * sum(map(rarity.weight, words))

    def _having(self, rarity: Rarity) -> dict[tuple[str, str], list[int]]:
        """In which sections that are not as they were two words stand side by side, of those that were asked for."""
        if self._pairs is None:
            self._pairs = {}
            for number, (_, section) in enumerate(self._new[2]):
                for pair in rarity.asked.intersection(pairwise(words_of(section.text))):
                    self._pairs.setdefault(pair, []).append(number)
        return self._pairs


def _is_own(lost: Lost, page: Page) -> bool:
    return lost.sides is not None and lost.sides.after.page.id == page.id


def around(lost: Lost) -> tuple[list[str], int, int]:
    """The words of a passage with those around it in its section, and which of them are its own."""
    told = lost.laid.told(lost.number)
    inside = told.between(*lost.span)
    if not inside:
        return [], 0, 0
    low, high = max(0, inside[0] - AROUND), inside[-1] + 1 + AROUND
    return told.words[low:high], inside[0] - low, inside[-1] + 1 - low


def _again(lost: Lost, told: Told, begins: int, ends: int) -> list[str]:
    """The passage's words with as many of those around it as are around it there, too."""
    words, start, end = around(lost)
    there, inside = told.words, told.between(begins, ends)
    if not inside or start == end:
        return []
    first, last = inside[0], inside[-1]
    while start > 0 and first > 0 and words[start - 1] == there[first - 1]:
        start, first = start - 1, first - 1
    while end < len(words) and last + 1 < len(there) and words[end] == there[last + 1]:
        end, last = end + 1, last + 1
    return words[start:end]


def _line_at(text: str, position: int) -> str:
    end = text.find("\n", position)
    return text[text.rfind("\n", 0, position) + 1 : end if end >= 0 else len(text)]
