"""What became of a page's sections from one version to the next, and where the text of a lost one stands now.

A heading that keeps its anchor is the same section. Where an anchor only tells equal headings apart (`example_2`), it
is the text below that tells whose it is.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from kb_server.wiki.past.likeness import Groups, alike, digest, groups, same_title, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from kb_server.wiki.outline import Section, Text

SAME = 0.5
_COUNTED = re.compile(r"^(.*)_\d+$")
_TELLING = 5  # words: a body that has fewer is no evidence
_MANY = 2_500  # pairs


def became_of(old: Text, new: Text) -> dict[str, str | None]:
    """For each anchor of `old` that is another's or nobody's now: the anchor in `new`, or None if it is lost."""
    olds, news = old.anchors(), new.anchors()
    became = _equal_headings(olds, news)
    taken = {target for target in became.values() if target is not None}
    lost = [section for anchor, section in olds.items() if anchor not in news and became.get(anchor) is None]
    fresh = [section for anchor, section in news.items() if anchor not in olds and anchor not in taken]
    kept = {anchor: became.get(anchor, anchor) for anchor in olds if became.get(anchor, anchor) in news}
    became |= {section.anchor: None for section in lost}
    if not lost or not fresh:
        return became
    for one, other in _best(lost, fresh, _Slots(old, new, kept), common_to(old) | common_to(new)):
        became[one.anchor] = other.anchor
    return became


def numbered(anchor: str) -> bool:
    """Whether the anchor has a number that only tells equal headings apart."""
    return bool(_COUNTED.match(anchor))


def _equal_headings(olds: Mapping[str, Section], news: Mapping[str, Section]) -> dict[str, str | None]:
    """What became of headings that have the same words as others on their page, where not all kept their anchor."""
    became: dict[str, str | None] = {}
    for base in {uncounted(anchor) for anchor in (*olds, *news) if _COUNTED.match(anchor)}:
        ones = [section for anchor, section in olds.items() if uncounted(anchor) == base]
        others = [section for anchor, section in news.items() if uncounted(anchor) == base]
        if ones and others and [one.body for one in ones] != [other.body for other in others]:
            became |= _paired(ones, others)
    return became


def uncounted(anchor: str) -> str:
    """The anchor without such a number."""
    found = _COUNTED.match(anchor)
    return found[1] if found else anchor


def _paired(ones: Sequence[Section], others: Sequence[Section]) -> dict[str, str | None]:
    """Equal headings by their texts, then by their order where as many are left on both sides."""
    pairs: dict[str, str] = {}
    scored = sorted(
        (-_bodies_alike(one, other), abs(at - place), at, place)
        for at, one in enumerate(ones)
        for place, other in enumerate(others)
    )
    for score, _, at, place in scored:
        if -score >= SAME and ones[at].anchor not in pairs and others[place].anchor not in pairs.values():
            pairs[ones[at].anchor] = others[place].anchor
    left = [one for one in ones if one.anchor not in pairs]
    free = [other for other in others if other.anchor not in pairs.values()]
    if len(left) == len(free):
        pairs |= {one.anchor: other.anchor for one, other in zip(left, free, strict=True)}
    elif len(ones) <= len(others):  # one came: those that are left have kept their anchor, if it is free
        pairs |= {one.anchor: one.anchor for one in left if one.anchor in {other.anchor for other in free}}
    return {one.anchor: pairs.get(one.anchor) for one in ones if pairs.get(one.anchor) != one.anchor}


def _bodies_alike(one: Section, other: Section, common: Groups = frozenset()) -> float:
    """How alike two texts are, 0 to 1, without what is `common` to several: twins differ in few words."""
    if one.body == other.body:
        return 1.0
    return alike(groups(one.body) - common, groups(other.body) - common)


def common_to(text: Text) -> Groups:
    """The groups of words that are in several sections of a page: they do not tell these apart."""
    once: set[int] = set()
    twice: set[int] = set()
    for section in text.sections:
        found = groups(section.body)
        twice |= once & found
        once |= found
    return frozenset(twice)


class _Slots:
    """Between which sections that were kept a section stands: a heading written anew stands where the old one did."""

    def __init__(self, old: Text, new: Text, kept: Mapping[str, str | None]) -> None:
        self._old = dict(_slots([section.anchor for section in old.sections], kept))
        targets = {target: target for target in kept.values() if target is not None}
        self._new = dict(_slots([section.anchor for section in new.sections], targets))
        self._levels: dict[object, int] = {section.anchor: section.level for section in new.sections}
        self._count: dict[tuple[object, ...], int] = defaultdict(int)
        for side in (self._old, self._new):
            for slot in side.values():
                self._count[slot] += 1

    def same(self, one: Section, other: Section) -> bool:
        """Whether both stand in the same place, and are of the same level."""
        return one.level == other.level and self._old[one.anchor] == self._new.get(other.anchor)

    def has_parts(self, one: Section) -> bool:
        """Whether a section of a deeper level, which was kept, follows: it tells whose part it is."""
        following = self._old[one.anchor][1]
        return following is not None and self._levels.get(following, 0) > one.level

    def alone(self, one: Section) -> bool:
        """Whether one section went there, and one came."""
        return self._count[self._old[one.anchor]] == 2  # noqa: PLR2004


def _slots(anchors: Sequence[str], kept: Mapping[str, str | None]) -> Iterator[tuple[str, tuple[object, ...]]]:
    following: list[str | None] = []
    after: str | None = None
    for anchor in reversed(anchors):
        following.append(after)
        after = kept.get(anchor, after)
    before: str | None = None
    for anchor, after in zip(anchors, reversed(following), strict=True):
        if anchor in kept:
            before = kept[anchor]
        else:
            yield anchor, (before, after)


def _best(
    lost: Sequence[Section], fresh: Sequence[Section], slots: _Slots, common: Groups
) -> Iterator[tuple[Section, Section]]:
    """The surest pairs, each section in one."""
    scored = [
        (_same(one, other, slots, common), at, place)
        for at, place in _worth_comparing(lost, fresh)
        for one, other in [(lost[at], fresh[place])]
    ]
    done: set[int] = set()
    taken: set[int] = set()
    for score, at, place in sorted(scored, key=lambda entry: (-entry[0], entry[1:])):
        if score >= SAME and at not in done and place not in taken:
            done.add(at)
            taken.add(place)
            yield lost[at], fresh[place]


def _worth_comparing(lost: Sequence[Section], fresh: Sequence[Section]) -> Iterable[tuple[int, int]]:
    if len(lost) * len(fresh) <= _MANY:
        return [(at, place) for at in range(len(lost)) for place in range(len(fresh))]
    places: dict[str, list[int]] = defaultdict(list)
    for place, other in enumerate(fresh):
        for key in _keys(other):
            places[key].append(place)
    pairs = ((at, place) for at, one in enumerate(lost) for key in _keys(one) for place in places.get(key, ())[:3])
    return dict.fromkeys(pairs)


def _keys(section: Section) -> tuple[str, ...]:
    return ("=" + same_title(section.title), digest(section.body))


def _same(one: Section, other: Section, slots: _Slots, common: Groups) -> float:
    """How sure it is that the one heading became the other."""
    if one.body == other.body and len(one.body.split()) >= _TELLING:
        return 2.0
    titles = _titles_alike(one.title, other.title)
    few = len(one.body.split()) < _TELLING and len(other.body.split()) < _TELLING
    if few:
        return _place(one, slots, titles) if slots.same(one, other) else titles * 0.6
    if titles == 1:
        return 1.5
    here = 0.15 if slots.same(one, other) else 0.0
    return _bodies_alike(one, other, common) + titles / 4 + here


def _titles_alike(one: str, other: str) -> float:
    """How alike two headings are, 0 to 1; below 0 where they count different things: week 3 is not week 4."""
    if same_title(one) == same_title(other):
        return 1.0
    here, there = ({word for word in words(same_title(title)) if word.isdigit()} for title in (one, other))
    return -1.0 if here and there and here != there else alike(words(one), words(other))


def _place(one: Section, slots: _Slots, titles: float) -> float:
    """How sure a heading without text of its own is another that stands in its place."""
    if titles >= SAME or (slots.alone(one) and (titles > 0 or (titles == 0 and slots.has_parts(one)))):
        return SAME + titles / 2
    return titles
