"""Where in a commit the text of a section went that its own page has lost: what other sections gained in it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kb_server.wiki.past.likeness import Groups, Index, digest, groups, same_title, sentences

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Sequence

    from kb_server.wiki.outline import Section, Text

MOST = 0.6  # of the text, for it to be there
_SPLIT = 0.3  # of it in one of the sections it was divided among
_TELLING = 8  # groups of words
_CLEAR = 0.1
_ALL = 40


@dataclass(frozen=True, slots=True)
class Gain:
    """What a section has in a commit that it had not before."""

    path: str
    section: Section
    old: str

    def groups(self) -> Groups:
        """The groups of words that are new."""
        return groups(self.section.body) - groups(self.old) if self.old else groups(self.section.body)


@dataclass(frozen=True, slots=True)
class Lost:
    """A section its page has no more; ``common`` is what other sections of the page said as well."""

    path: str
    section: Section
    common: Groups = frozenset()

    def groups(self) -> Groups:
        """The groups of words by which it can be known again."""
        return groups(self.section.body) - self.common


Place = tuple[str, str]


def gained(path: str, old: Text, new: Text, came_from: dict[str, str]) -> list[Gain]:
    """What the sections of a page gained. `came_from` has the old anchor of those that have another one now."""
    before = old.anchors()
    gains = []
    for section in new.sections:
        source = before.get(came_from.get(section.anchor, section.anchor))
        if source is None or source.body != section.body:
            gains.append(Gain(path, section, source.body if source else ""))
    return gains


def found(lost: Sequence[Lost], gains: Sequence[Gain]) -> dict[Place, Place]:
    """For each lost section the one that has most of its text now, where there is one, and no other has as much."""
    search = _Search(gains)
    places: dict[Place, Place] = {}
    for one in lost:
        if place := search.place(one):
            places[one.path, one.section.anchor] = place
    return places | _short_ones(lost, gains, places)


class _Search:
    def __init__(self, gains: Sequence[Gain]) -> None:
        self._gains = gains
        self._by_digest: dict[str, list[Gain]] = {}
        for gain in gains:
            if not gain.old:
                self._by_digest.setdefault(digest(gain.section.body), []).append(gain)
        self._index = None
        if len(gains) > _ALL:
            texts: dict[Hashable, Iterable[int]] = {
                at: sentences(gain.section.body) - sentences(gain.old) for at, gain in enumerate(gains)
            }
            self._index = Index(texts)

    def place(self, one: Lost) -> Place | None:
        text = one.groups()
        if len(text) < _TELLING:
            return None
        same = self._by_digest.get(digest(one.section.body), [])
        if len(same) == 1:
            return same[0].path, same[0].section.anchor
        scored = [(gain, text & gain.groups()) for gain in (same or self._near(one))]
        return _choice(one, [(gain, shared) for gain, shared in scored if shared], len(text))

    def _near(self, one: Lost) -> Sequence[Gain]:
        if self._index is None:
            return self._gains
        return [self._gains[int(str(near.key))] for near in self._index.near(sentences(one.section.body))]


def _choice(one: Lost, scored: list[tuple[Gain, Groups]], whole: int) -> Place | None:
    """The section that has most of it; where several have the same text, the one of the same page or name."""
    if not scored:
        return None
    best = max(len(shared) for _, shared in scored)
    everywhere = len(frozenset().union(*(shared for _, shared in scored)))
    if best < MOST * whole and (everywhere < MOST * whole or best < _SPLIT * whole):
        return None
    alike = [gain for gain, shared in scored if len(shared) >= best - _CLEAR * whole]
    if len(alike) > 1:
        home = [gain for gain in alike if gain.path == one.path]
        named = [gain for gain in alike if same_title(gain.section.title) == same_title(one.section.title)]
        shares = [shared for gain, shared in scored if gain in alike]
        apart = len(frozenset().union(*shares)) >= 0.8 * sum(map(len, shares))
        alike = next((some for some in (home, named) if len(some) == 1), alike[:1] if apart else [])
    return (alike[0].path, alike[0].section.anchor) if alike else None


def _short_ones(lost: Sequence[Lost], gains: Sequence[Gain], places: dict[Place, Place]) -> dict[Place, Place]:
    """Sections of few words follow the others of their page, to a new section of the same name."""
    ways = Counter((path, target[0]) for (path, _), target in places.items())
    fresh = {(gain.path, same_title(gain.section.title)): gain.section.anchor for gain in gains if not gain.old}
    more = {}
    for one in lost:
        if (one.path, one.section.anchor) in places or len(groups(one.section.body)) >= _TELLING:
            continue
        pages = [(count, page) for (path, page), count in ways.items() if path == one.path and page != path]
        page = max(pages)[1] if pages else ""
        if anchor := fresh.get((page, same_title(one.section.title))):
            more[one.path, one.section.anchor] = page, anchor
    return more
