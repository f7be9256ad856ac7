"""What most tools do with a passage they do not find: they take the text that is most like it (`anchors.py`)."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

from plainly import Read

from kb_server.pages.manifest import Section
from kb_server.pages.passages import CHANGED, GONE, HERE, Carried, Passage
from kb_server.pages.quotes import Quote, cut

Scored = tuple[float, Quote | None]


def best_match(passage: Passage, after: dict[str, Read], floor: float) -> Carried:
    """The most alike stretch of the passage's page, of any page if that one is gone; none below the floor."""
    pages = [after[passage.page]] if passage.page in after else after.values()
    best, found = floor, Carried(GONE, passage.page, passage.section, passage.quote)
    for page in pages:
        for section in page.page.sections:
            score, quote = _in(section, passage, best)
            if quote and score > best:
                fate = HERE if score >= 1 else CHANGED
                best, found = score, Carried(fate, page.page.id, section.anchor, quote)
    return found


def _in(section: Section, passage: Passage, best: float) -> Scored:
    exact, at = passage.quote.exact, section.text.find(passage.quote.exact)
    if at >= 0:
        score = 1.0 + (section.anchor == passage.section) + 0.5 * (passage.quote.prefix[-12:] in section.text)
        return score, cut(section.text, at, at + len(exact))
    found: Scored = (best, None)
    for block in re.finditer(r"[^\n]+", section.text):
        found = max(found, _alike(section, block, exact.lower().split(), found[0]), key=lambda one: one[0])
    return found


def _alike(section: Section, block: re.Match[str], wanted: list[str], best: float) -> Scored:
    words = list(re.finditer(r"\S+", block[0]))
    plain, said = [word[0].lower() for word in words], set(wanted)
    if len(said.intersection(plain)) < max(best, 0.01) * 0.5 * len(said):
        return 0.0, None
    runs = [one for one in SequenceMatcher(None, wanted, plain, autojunk=False).get_matching_blocks() if one.size]
    if not runs:
        return 0.0, None
    first = max(0, min(runs[0].b - runs[0].a, len(plain) - len(wanted)))
    last = min(len(plain), first + len(wanted))
    score = SequenceMatcher(None, " ".join(wanted), " ".join(plain[first:last]), autojunk=False).ratio()
    start, end = block.start() + words[first].start(), block.start() + words[last - 1].end()
    return score, cut(section.text, start, end)
