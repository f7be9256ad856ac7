"""One commit of the index, opened to be searched. Nothing in it changes; a later commit is another view."""

from __future__ import annotations

import heapq
import math
from collections import Counter
from collections.abc import Collection, Sequence
from functools import cached_property
from typing import Any

from kb_server.search.engines import Matches, Task
from kb_server.search.engines.whoosh import bits
from kb_server.search.engines.whoosh.clock import Clock, OutOfTimeError
from kb_server.search.engines.whoosh.folding import Size
from kb_server.search.engines.whoosh.keeping import Kept
from kb_server.search.engines.whoosh.lists import Lists
from kb_server.search.engines.whoosh.matching import Matched, best, leaves_in, matched
from kb_server.search.engines.whoosh.schema import STEMS
from kb_server.search.engines.whoosh.shards import Found, Leaf, Shard
from kb_server.search.engines.whoosh.storage import DamagedError, Storage
from kb_server.search.models import Facets

KEPT = 4_000_000  # postings in memory, of eight bytes each


class View:
    """All segments of a commit. ``seq`` is its watermark: the number of the last change it holds."""

    def __init__(self, storage: Storage, before: View | None = None) -> None:
        """Open the last commit; what it has in common with the view before is shared. Raises DamagedError."""
        self.storage = storage
        self._kept: Kept[Found] = before._kept if before else Kept(KEPT)  # noqa: SLF001  -- it is of this class
        known = {shard.name: shard for shard, _ in before.parts} if before else {}
        contents = storage.contents()
        self.generation: int = contents.generation
        segments = contents.segments
        usual = _usual(segments)
        self.parts: list[tuple[Shard, int]] = []
        self.watermarks: list[tuple[Shard, int]] = []
        for segment in segments:
            shard = known.get(segment.segment_id()) or Shard(Lists(storage, segment), usual, self._kept)
            live = bits.everything(shard.size) & ~bits.of(list(segment.deleted_docs()), shard.size)
            self.parts.append((shard, live & ~shard.watermarks))
            self.watermarks += [(shard, number) for number in bits.numbers_in(live & shard.watermarks)]
        if len(self.watermarks) != 1:
            raise DamagedError("it does not say how far it goes")
        shard, number = self.watermarks[0]
        self.seq = shard.lists.numbers("seq")[number]

    @cached_property
    def count(self) -> int:
        """How many documents it holds."""
        return sum(live.bit_count() for _, live in self.parts)

    def sizes(self) -> list[Size]:
        """How large the segments are."""
        return [Size(shard.name, shard.size, live.bit_count()) for shard, live in self.parts]

    def match(self, task: Task, hidden: Collection[int]) -> Matches:
        """What matches, but for documents `hidden` since. When the time runs out, what was seen until then."""
        clock = Clock(task.deadline)
        seen: list[Matched] = []
        try:
            for shard, live in self.parts:
                clock.look()
                shown = live & ~shard.set_of(hidden)
                seen.append(matched(shard, shown, task.wanted, task.filters, clock))
                if not task.limit and seen[-1].wanted:
                    return Matches(total=1)
        except OutOfTimeError:
            ids = self._best(seen, task)
            return Matches(ids, len(ids), complete=False)
        total = sum(matches.wanted.bit_count() for matches in seen)
        return Matches(self._best(seen, task), total, _facets(seen) if task.facets else Facets())

    def _best(self, seen: Sequence[Matched], task: Task) -> list[tuple[int, float]]:
        leaves = dict.fromkeys(leaves_in(task.wanted.match)) if task.wanted.match and task.limit else ()
        weights = {leaf: self._weight(leaf, seen) for leaf in leaves}
        found = [entry for matches in seen if matches.wanted for entry in best(matches, weights, task.limit)]
        return heapq.nsmallest(task.limit, found, key=lambda entry: (-entry[1], entry[0]))

    def _weight(self, leaf: Leaf, seen: Sequence[Matched]) -> float:
        """How much it tells that a document matches: the fewer do, the more."""
        documents = sum(len(matches.lists[leaf].numbers) for matches in seen)
        return 1 + math.log((self.count or 1) / (documents + 1))


def _facets(seen: Sequence[Matched]) -> Facets:
    kinds: Counter[str] = Counter()
    teams: Counter[str] = Counter()
    for matches in seen:
        matches.count(kinds, teams)
    return Facets(dict(+kinds), dict(+teams))


def _usual(segments: Sequence[Any]) -> dict[str, float]:
    """How many stems a field of a document usually has."""
    documents = sum(segment.doc_count_all() for segment in segments) or 1
    lengths = {field: sum(segment._fieldlengths.get(field, 0) for segment in segments) for field in STEMS}  # noqa: SLF001
    return {field: max(1.0, length / documents) for field, length in lengths.items()}
