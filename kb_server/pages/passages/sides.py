"""A page in two versions, laid side by side, and the stretches of text that have no line in common."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from kb_server.pages.passages.aligning import Line, aligned, lines_of
from kb_server.pages.passages.rarity import Told, places_of, words_of
from kb_server.pages.quotes import Quote

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kb_server.pages.manifest import Page, Section


class Laid:
    """A version of a page in lines."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.lines = lines_of(page)
        self.keys = [line.key for line in self.lines]
        self._told: dict[int, Told] = {}
        self._stretches: dict[range, Stretch] = {}

    def told(self, number: int) -> Told:
        """The words of its section of this number; read once, for it may be as long as a book."""
        if number not in self._told:
            self._told[number] = Told.of(self.page.sections[number].text)
        return self._told[number]

    def stretch(self, lines: range) -> Stretch:
        """These lines word by word, headings left out."""
        if lines not in self._stretches:
            self._stretches[lines] = _stretch(self, lines)
        return self._stretches[lines]

    @cached_property
    def often(self) -> Counter[str]:
        """How often each line stands in it."""
        return Counter(self.keys)

    def section(self, at: int) -> Section:
        """The section a line belongs to."""
        return self.page.sections[self.lines[at].section]

    @cached_property
    def of_section(self) -> dict[str, range]:
        """The lines of each section, by its anchor, the heading among them."""
        heads = [at for at, line in enumerate(self.lines) if line.start < 0]
        ends = [*heads[1:], len(self.lines)]
        return {self.section(at).anchor: range(at, end) for at, end in zip(heads, ends, strict=True)}

    def covered(self, anchor: str, quote: Quote) -> range:
        """The lines that a passage touches."""
        lines, end = self.of_section.get(anchor, range(0)), quote.position + len(quote.exact)
        if not lines:
            return lines
        first = bisect_right(lines, quote.position, key=self._start) - 1
        stop = bisect_left(lines, end, key=self._start)
        one = self.lines[lines[first]]
        if one.start < 0 or one.start + len(one.text) <= quote.position:
            first += 1
        return lines[first:stop] if first < stop else range(0)

    def _start(self, at: int) -> int:
        return self.lines[at].start


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some lines of a version of a page, word by word: the words, and of each its line and where it stands there."""

    laid: Laid
    lines: range
    words: list[str]
    places: list[tuple[int, int, int]]

    def at(self, section: int, start: int, end: int) -> tuple[int, int]:
        """Which of the words stand between these places of a section's text."""
        inside = [
            number
            for number, (at, begins, ends) in enumerate(self.places)
            if self._line(at).section == section
            and self._line(at).start + begins < end
            and self._line(at).start + ends > start
        ]
        return (inside[0], inside[-1] + 1) if inside else (0, 0)

    def span(self, first: int, end: int) -> tuple[int, int, int]:
        """Section, beginning and end of these words in its text; of several sections the one that has most of them."""
        sections = Counter(self._line(self.places[number][0]).section for number in range(first, end))
        section = max(sections, key=lambda one: sections[one])
        own = [self.places[one] for one in range(first, end) if self._line(self.places[one][0]).section == section]
        return section, self._line(own[0][0]).start + own[0][1], self._line(own[-1][0]).start + own[-1][2]

    def _line(self, at: int) -> Line:
        return self.laid.lines[at]


def _stretch(laid: Laid, lines: range) -> Stretch:
    words: list[str] = []
    places: list[tuple[int, int, int]] = []
    for at in lines:
        line = laid.lines[at]
        if line.start >= 0:
            words += words_of(line.text)
            places += [(at, *place) for place in places_of(line.text)]
    return Stretch(laid, lines, words, places)


class Sides:
    """Both versions of a page. ``pairs`` tells of each line before that is there after, where."""

    def __init__(self, before: Laid, after: Laid) -> None:
        self.before, self.after = before, after
        self.pairs = aligned(before.keys, after.keys)
        self.back = {place: at for at, place in self.pairs.items()}

    def gap(self, lines: range) -> tuple[range, range]:
        """The lines around these that have no partner, and what stands in their place."""
        up, down = lines.start - 1, lines.stop
        while up >= 0 and up not in self.pairs:
            up -= 1
        while down < len(self.before.lines) and down not in self.pairs:
            down += 1
        to = self.pairs[up] + 1 if up >= 0 else 0
        until = self.pairs[down] if down < len(self.before.lines) else len(self.after.lines)
        return range(up + 1, down), range(to, until)

    def is_new(self, anchor: str, position: int) -> bool:
        """Whether what stands at this place of a section after has no partner before."""
        lines = self.after.covered(anchor, Quote("-", "", "", position))
        return bool(lines) and lines.start not in self.back

    def partners(self, lines: range) -> Sequence[int] | None:
        """Where these lines stand now, if they all do, in a row, and none is there only because it is everywhere."""
        found = [self.pairs[at] for at in lines if at in self.pairs]
        if len(found) != len(lines) or found[-1] - found[0] != len(found) - 1:
            return None
        return found if any(self._sure(at) for at in lines) else None

    def _sure(self, at: int) -> bool:
        key, place = self.before.keys[at], self.pairs[at]
        if self.before.often[key] == 1 == self.after.often[key]:
            return True
        return self.pairs.get(at - 1) == place - 1 or self.pairs.get(at + 1) == place + 1
