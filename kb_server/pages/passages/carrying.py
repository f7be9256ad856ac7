"""Passages carried from one build to the next: here, moved, changed, or gone, and never guessed.

Both builds are in hand. So a passage's successor is what stands between the same neighbours, and a text elsewhere can
be it only if that text is new there: what stood there before is another's. Likeness alone decides nothing.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from kb_server.pages import quotes
from kb_server.pages.passages.elsewhere import Elsewhere, around
from kb_server.pages.passages.heirs import Heirs
from kb_server.pages.passages.models import GONE, HERE, Carried, Lost, Passage, gone, placed
from kb_server.pages.passages.rarity import Rarity
from kb_server.pages.passages.sides import Laid, Sides
from kb_server.pages.passages.succession import Successor, successor
from kb_server.pages.quotes import Quote, letters

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kb_server.pages.manifest import Page, Section

# What must be left of a rewritten passage: the share of its words, by weight, where nothing beside it holds it to its
# place, where one side does, and where both do; and that share and the share of its words in the new text together.
KEPT, BOTH = (0.5, 0.45, 0.3), (1.0, 0.9, 0.7)
CLEAR = 0.7
"""If so much is left of it in its place, it is not sought elsewhere."""
SHORT = 12
"""Fewer letters may stand anywhere."""
WIDEST = 240  # words on either side of a passage that are looked at


class Carrier:
    """Carries passages from the pages of one build to those of another, each by its id."""

    def __init__(self, before: Mapping[str, Page], after: Mapping[str, Page]) -> None:
        self._before, self._after = before, after
        self._elsewhere, self._heirs = Elsewhere(before, after), Heirs(before, after)
        self._laid: dict[str, Laid] = {}
        self._sides: dict[str, Sides | None] = {}

    def carry(self, passages: Sequence[Passage]) -> list[Carried]:
        """What became of each. Of a passage that does not stand where it is said to be nothing is known: it is gone."""
        done = {passage: self._same(passage) for passage in dict.fromkeys(passages)}
        lost = [self._lost(passage) for passage, carried in done.items() if carried is None]
        rarity = self._rarity(lost)
        done |= {one.passage: self._sought(one, rarity) for one in lost}
        return [done[passage] or gone(passage) for passage in passages]

    def section(self, page: str, anchor: str) -> Carried:
        """Where a section is now: the one with its heading, else the one that has most of its lines."""
        nothing = Quote("", "", "", 0)
        old, now = _section(self._before.get(page), anchor), _section(self._after.get(page), anchor)
        if old is not None and (now is None or now.title != old.title) and (sides := self._sides_of(page)):
            lines = self._old(page).of_section[anchor]
            here = [sides.after.lines[sides.pairs[at]].section for at in lines if at in sides.pairs]
            number, most = next(iter(Counter(here).most_common(1)), (0, 0))
            if most * 2 > len(lines) - 1:
                return Carried(HERE, sides.after.page.id, sides.after.page.sections[number].anchor, nothing)
        return Carried(HERE if now else GONE, page, anchor, nothing)

    # ── Where nothing was changed ─────────────────────────────────────────

    def _same(self, passage: Passage) -> Carried | None:
        """The passage, if its lines stand there letter by letter; gone, if it was not there before."""
        section = _section(self._before.get(passage.page), passage.section)
        now = _section(self._after.get(passage.page), passage.section)
        if section is None or not _stands(section, passage.quote):
            return gone(passage)
        if now is not None and now.text == section.text and now.title == section.title:
            return Carried(HERE, passage.page, passage.section, passage.quote)
        lines = self._old(passage.page).covered(passage.section, passage.quote)
        if not lines:
            return gone(passage)
        sides = self._sides_of(passage.page)
        partners = sides.partners(lines) if sides else None
        return _among(sides.after, partners, passage) if sides and partners else None

    def _lost(self, passage: Passage) -> Lost:
        laid = self._old(passage.page)
        return Lost(passage, self._sides_of(passage.page), laid, laid.covered(passage.section, passage.quote))

    def _old(self, page: str) -> Laid:
        if page not in self._laid:
            self._laid[page] = Laid(self._before[page])
        return self._laid[page]

    def _sides_of(self, page: str) -> Sides | None:
        if page not in self._sides:
            heir = self._after.get(page) or self._heirs.heir(page)
            self._sides[page] = Sides(self._old(page), Laid(heir)) if heir else None
        return self._sides[page]

    # ── Where something was ───────────────────────────────────────────────

    def _rarity(self, lost: Sequence[Lost]) -> Rarity:
        if not lost:
            return Rarity((), ())
        pages = (" ".join(section.text for section in page.sections) for page in self._before.values())
        return Rarity(pages, (around(one)[0] for one in lost))

    def _sought(self, lost: Lost, rarity: Rarity) -> Carried | None:
        """A passage whose lines were changed: in its place, elsewhere on its page, on another page; its words first."""
        if here := _word_for_word(lost):
            return here
        kept, here = _rewritten(lost, rarity)
        if kept >= CLEAR:
            return here
        there = self._elsewhere
        near = there.same(lost, rarity, own=True) or there.rewritten(lost, rarity, own=True)
        return near or there.same(lost, rarity, own=False) or here or there.rewritten(lost, rarity, own=False)


def _among(laid: Laid, lines: Sequence[int], passage: Passage) -> Carried | None:
    """The passage, which stands in these lines; None if it does not."""
    for number in dict.fromkeys(laid.lines[at].section for at in lines):
        own = [laid.lines[at] for at in lines if laid.lines[at].section == number and laid.lines[at].start >= 0]
        if not own:
            continue
        section, quote = laid.page.sections[number], passage.quote
        first, end = own[0].start, own[-1].start + len(own[-1].text)
        found = quotes.found(section.text[first:end], quote.exact, prefix=quote.prefix, suffix=quote.suffix)
        if found:
            start = first + found.position
            return placed(passage, laid.page, section, start, start + len(found.exact))
    return None


def _word_for_word(lost: Lost) -> Carried | None:
    """The passage's very words between its neighbours."""
    if lost.sides is None:
        return None
    return _among(lost.sides.after, lost.sides.gap(lost.lines)[1], lost.passage)


def _rewritten(lost: Lost, rarity: Rarity) -> tuple[float, Carried | None]:
    """What stands between its neighbours now, if enough of it is left, and how much that is."""
    if lost.sides is None:
        return 0, None
    before, after = lost.sides.gap(lost.lines)
    old, new = lost.laid.stretch(before), lost.sides.after.stretch(after)
    start, end = old.at(lost.number, *lost.span)
    if start == end or not new.words:
        return 0, None
    low, high = max(0, start - WIDEST), end + WIDEST
    found = successor(
        old.words[low:high], (start - low, end - low), (new.words, [place[0] for place in new.places]), rarity.weight
    )
    if found is None or not _enough(found):
        return 0, None
    number, begins, ends = new.span(found.first, found.end)
    page = lost.sides.after.page
    return found.kept, placed(lost.passage, page, page.sections[number], begins, ends)


def again(passage: Passage, digest: str, after: Mapping[str, Page]) -> Carried:
    """A passage sought where it was last found, in a build that is not there any more: by its own words alone.

    `digest` is that of its section. Where the section is another by now, the words must stand there once.
    """
    section = _section(after.get(passage.page), passage.section)
    if section is None or not passage.quote.exact:
        return gone(passage)
    if section.digest == digest and _stands(section, passage.quote):
        return Carried(HERE, passage.page, passage.section, passage.quote)
    wanted = letters(passage.quote.exact)
    found = quotes.found(section.text, passage.quote.exact)
    if found is None or len(wanted) < SHORT or letters(section.text).count(wanted) > 1:
        return gone(passage)
    return Carried(HERE, passage.page, passage.section, found)


def _stands(section: Section, quote: Quote) -> bool:
    return bool(quote.exact) and section.text.startswith(quote.exact, quote.position)


def _enough(found: Successor) -> bool:
    if found.kept == 0:  # all its words are others, between words that are not
        return True
    return found.kept >= KEPT[found.held] and found.kept + found.new >= BOTH[found.held]


def _section(page: Page | None, anchor: str) -> Section | None:
    return next((one for one in page.sections if one.anchor == anchor), None) if page else None
