"""Asking an engine, stage by stage, until there is enough to show."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import sqlalchemy as sa

from kb_server.documents import reading
from kb_server.search.engines import Engine, Matches, Task
from kb_server.search.expression import Expression, Wanted, all_of
from kb_server.search.knowledge import Knowledge
from kb_server.search.models import Facets, Filters
from kb_server.search.plan import Plan
from kb_server.search.ranking import DEPTH, FILLING, Ranking, Sought


@dataclass(slots=True)
class Found:
    """What the stages asked so far have found, in order, and how much of it matches all that was asked.

    ``by`` is the last of what was asked, and the loosest.
    """

    ids: dict[int, float] = field(default_factory=dict)
    total: int = 0
    strict: int = 0
    facets: Facets = field(default_factory=Facets)
    complete: bool = True
    by: tuple[Expression, ...] = ()


@dataclass(frozen=True, slots=True)
class Asking:
    """An engine to ask about one request: on which connection, what is known, how it is narrowed, until when."""

    connection: sa.Connection
    engine: Engine
    knowledge: Knowledge
    filters: Filters
    deadline: float

    def finds(self, wanted: Wanted) -> bool:
        """Whether anything matches."""
        return self.matches(wanted, 0).total > 0

    def found(self, plan: Plan, *, enough: int, depth: int, facets: bool) -> Found:
        """Ask until `enough` is found; what a stricter stage found comes first."""
        found = Found()
        ranking = self._ranking(plan) if plan.parts else None
        for number, stage in enumerate(plan.stages):
            if found.total >= (1 if stage.resort else enough) or not found.complete:
                break
            matches = self.matches(stage.wanted, max(depth, DEPTH), facets=facets)
            found.complete = matches.complete
            found.by = (stage.wanted.match,) if stage.wanted.match else ()
            found.strict = found.strict if number else matches.total
            fresh = [entry for entry in matches.ids if entry[0] not in found.ids]
            if not number and matches.total < enough:
                fresh += self._on_pages_named(plan, stage.wanted.without, known={entry[0] for entry in fresh})
            found.ids |= self._in_order(fresh, ranking, FILLING if found.ids else DEPTH)
            if matches.total or not matches.complete:
                found.total, found.facets = max(matches.total, len(found.ids)), matches.facets
        return found

    def matches(self, wanted: Wanted, limit: int, *, facets: bool = False, filters: Filters | None = None) -> Matches:
        """What the engine says."""
        task = Task(wanted, filters or self.filters, limit, self.deadline, facets, self._weight)
        return self.engine.match(self.connection, task)

    def _on_pages_named(self, plan: Plan, without: tuple[Expression, ...], known: set[int]) -> list[tuple[int, float]]:
        """Sections with all the words, if their page's title counts as theirs."""
        if self.filters.places or len(plan.parts) < 2:  # noqa: PLR2004  -- one for the page, one for the section
            return []
        weights = {stem: self._weight(stem) for part in plan.parts for stem in part.stems}
        fresh: dict[int, float] = {}
        for stems, pages in self.knowledge.titles.naming(weights):
            rest = tuple(part.match for part in plan.parts if not stems.issuperset(part.stems))
            if rest and len(rest) < len(plan.parts):
                here = Filters(self.filters.kinds, self.filters.teams, tuple(pages))
                fresh |= dict(self.matches(Wanted(all_of(rest), without), DEPTH, filters=here).ids)
        return [entry for entry in fresh.items() if entry[0] not in known]

    def _in_order(self, matched: Sequence[tuple[int, float]], ranking: Ranking | None, depth: int) -> dict[int, float]:
        if not ranking:
            return dict(matched)
        rows = reading.ranking_rows(self.connection, [entry[0] for entry in matched[:depth]])
        return {**ranking.ranked(rows, self.knowledge.titles.of), **dict(matched[depth:])}

    def _ranking(self, plan: Plan) -> Ranking:
        wordings = [
            [Sought(stem, self._weight(stem), before=before) for stem, before in wording] for wording in plan.wordings()
        ]
        if plan.beginning:
            wordings[0][-1] = replace(wordings[0][-1], beginning=plan.beginning)
        return Ranking(wordings, self.knowledge.vocabulary.usual_length)

    def _weight(self, stem: str) -> float:
        """How much a stem tells: the rarer, the more."""
        vocabulary = self.knowledge.vocabulary
        return math.log(1 + 1 / max(vocabulary.share(stem), 1 / (vocabulary.documents + 1)))
