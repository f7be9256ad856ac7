"""Which documents of a segment are wanted, and which of those are the best."""

from __future__ import annotations

import heapq
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_

from kb_server.search.engines.whoosh import bits
from kb_server.search.engines.whoosh.clock import Clock
from kb_server.search.engines.whoosh.shards import Found, Leaf, Shard
from kb_server.search.expression import AllOf, AnyOf, Expression, Wanted
from kb_server.search.models import Filters

ALL = -1  # as a set: every bit is set
FEW = 8  # times fewer documents match than have a word: then they are looked up in its list one by one

Lists = Mapping[Leaf, Found]


@dataclass(frozen=True, slots=True)
class Matched:
    """What matches in a segment: by words and place, and by each of the other filters alone."""

    shard: Shard
    lists: Lists
    found: int
    of_kind: int
    of_team: int

    @property
    def wanted(self) -> int:
        """The documents that match in every respect."""
        return self.found & self.of_kind & self.of_team

    def count(self, kinds: Counter[str], teams: Counter[str]) -> None:
        """Add up how many there would be of each kind if no kind were chosen, and of each team likewise."""
        for kind, documents in self.shard.kinds.items():
            kinds[kind] += (self.found & self.of_team & documents).bit_count()
        for names, documents in self.shard.teams.items():
            count = (self.found & self.of_kind & documents).bit_count()
            teams.update(dict.fromkeys(names.split(), count))


def matched(shard: Shard, live: int, wanted: Wanted, filters: Filters, clock: Clock) -> Matched:
    """The documents of a segment that match, of those `live`. Raises OutOfTimeError."""
    lists = {leaf: shard.found(leaf, clock) for leaf in _leaves(wanted)}
    found = live if wanted.match is None else live & _documents(wanted.match, lists)
    for expression in wanted.without:
        found &= ~_documents(expression, lists)
    if filters.places:
        found &= reduce(or_, map(shard.in_place, filters.places))
    kinds = [shard.kinds.get(kind, 0) for kind in filters.kinds]
    teams = [documents for team in filters.teams for names, documents in shard.teams.items() if f" {team} " in names]
    return Matched(
        shard,
        lists,
        found,
        of_kind=reduce(or_, kinds, 0) if filters.kinds else ALL,
        of_team=reduce(or_, teams, 0) if filters.teams else ALL,
    )


def leaves_in(expression: Expression) -> Iterator[Leaf]:
    """The words, phrases and beginnings of an expression."""
    match expression:
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                yield from leaves_in(part)
        case leaf:
            yield leaf


def best(found: Matched, weights: Mapping[Leaf, float], limit: int) -> list[tuple[int, float]]:
    """The best of what matches, as ids with scores in any order: `limit` of them, and more only if they are equal."""
    numbers = bits.numbers_in(found.wanted)
    ids = found.shard.ids
    if not weights:
        return [(key, 0.0) for key in heapq.nsmallest(limit, map(ids.__getitem__, numbers))]
    scores = _scores(found, numbers, weights)
    least = heapq.nlargest(limit, map(scores.__getitem__, numbers))[-1] if len(numbers) > limit else 0.0
    return [(ids[number], scores[number]) for number in numbers if scores[number] >= least]


def _leaves(wanted: Wanted) -> Iterator[Leaf]:
    for expression in (wanted.match, *wanted.without):
        if expression is not None:
            yield from leaves_in(expression)


def _documents(expression: Expression, lists: Lists) -> int:
    match expression:
        case AllOf(parts):
            return reduce(and_, (_documents(part, lists) for part in parts))
        case AnyOf(parts):
            return reduce(or_, (_documents(part, lists) for part in parts))
        case leaf:
            return lists[leaf].bits


def _scores(found: Matched, numbers: Sequence[int], weights: Mapping[Leaf, float]) -> list[float]:
    """By the number of each document that matches what it is worth; of others anything."""
    scores = [0.0] * found.shard.size
    for leaf, weight in weights.items():
        listed = found.lists[leaf]
        if len(numbers) * FEW < len(listed.numbers):
            _add_few(scores, numbers, listed, weight)
        else:
            for number, worth in zip(listed.numbers, listed.worth, strict=True):
                scores[number] += weight * worth
    return scores


def _add_few(scores: list[float], numbers: Sequence[int], listed: Found, weight: float) -> None:
    for number in numbers:
        place = bisect_left(listed.numbers, number)
        if place < len(listed.numbers) and listed.numbers[place] == number:
            scores[number] += weight * listed.worth[place]
