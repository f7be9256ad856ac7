"""One question on its way: taken apart, corrected, planned, asked stage by stage, put in order, shown."""

from __future__ import annotations

from dataclasses import dataclass, field

import sqlalchemy as sa

from kb_server.documents import storage
from kb_server.documents.models import Document
from kb_server.search import grammar, ranking
from kb_server.search.correction import corrected, may_go_on
from kb_server.search.engines import Engine, Matches, Task
from kb_server.search.excerpts import Marker
from kb_server.search.expression import Expression, Prefix, Wanted, any_of, prefixes_in, stems_in
from kb_server.search.grammar import Query
from kb_server.search.knowledge import Knowledge
from kb_server.search.models import Card, Facets, Filters, Hit, Link, Request, Results
from kb_server.search.narrowing import Meanings, filters_of
from kb_server.search.plan import Plan, Planner

CLOSE = 5  # titles offered where nothing was found
BEGINNING = 3  # letters that are enough to be close
ALSO = 3  # further hits named with the best on a page
TURNED = 500  # documents whose pages may be turned


@dataclass(slots=True)
class Found:
    """What the stages asked so far have found, in order. ``by`` is the last of what was asked, and the loosest."""

    by: tuple[Expression, ...] = ()
    ids: dict[int, float] = field(default_factory=dict)
    total: int = 0
    pages: int = 0
    facets: Facets = field(default_factory=Facets)
    complete: bool = True


class Question:
    """A request on one connection, with what is known of the store there."""

    def __init__(
        self, connection: sa.Connection, engine: Engine, knowledge: Knowledge, request: Request, deadline: float
    ) -> None:
        self._connection = connection
        self._engine = engine
        self._knowledge = knowledge
        self._request = request
        self._deadline = deadline
        self._planner = Planner(knowledge)
        self._filters = Filters()

    def answer(self) -> Results:
        """The answer, whatever was asked."""
        meanings = Meanings(self._connection, self._knowledge, self._request)
        typed = grammar.parse(self._request.query, self._knowledge.analyser, meanings)
        self._filters = filters_of(typed, self._request)
        query = typed if self._request.exact else corrected(typed, self._knowledge, self._finds)
        plan = self._plan(query)
        found = self._found(plan)
        hits = self._hits(found)
        return Results(
            query=typed.text,
            corrected=query.text if query is not typed else None,
            total=found.total,
            pages=found.pages,
            complete=found.complete,
            hits=hits,
            facets=found.facets,
            card=self._card(query),
            close_to=() if found.total else self._close_to(plan),
        )

    def _plan(self, query: Query) -> Plan:
        prefix = self._request.typing or may_go_on(query, self._knowledge.vocabulary)
        return self._planner.plan(query, prefix=prefix, narrowed=bool(self._filters))

    def _finds(self, query: Query) -> bool:
        return bool(self._ask(self._plan(query).stages[0].wanted, limit=0).total)

    def _ask(self, wanted: Wanted, limit: int, *, facets: bool = False) -> Matches:
        return self._engine.match(self._connection, Task(wanted, self._filters, limit, self._deadline, facets))

    def _found(self, plan: Plan) -> Found:
        """Ask stage after stage until there is enough; what a stricter stage found comes first."""
        found = Found()
        for stage in plan.stages:
            if found.total >= (1 if stage.resort else self._request.limit) or not found.complete:
                break
            matches = self._ask(stage.wanted, self._depth(), facets=self._request.facets)
            found.ids |= self._in_order([entry for entry in matches.ids if entry[0] not in found.ids], plan)
            if matches.total or not matches.complete:
                found.total, found.facets = max(matches.total, len(found.ids)), matches.facets
            found.complete = matches.complete
            found.by = (stage.wanted.match,) if stage.wanted.match else ()
        return found

    def _depth(self) -> int:
        return TURNED if self._request.by_page else max(ranking.DEPTH, self._request.offset + self._request.limit)

    def _in_order(self, matched: list[tuple[int, float]], plan: Plan) -> dict[int, float]:
        top, rest = matched[: ranking.DEPTH], matched[ranking.DEPTH :]
        if not plan.words or len(top) == 1:
            return dict(matched)
        stems = [self._knowledge.analyser.stem(word) for word in plan.words]
        weights = ranking.weights_of(plan.words, self._knowledge.vocabulary)
        rows = storage.ranking_rows(self._connection, [entry[0] for entry in top])
        return dict([*ranking.ranked(rows, dict(top), stems, weights), *rest])

    def _shown(self, found: Found) -> list[list[int]]:
        """The ids to be shown, in groups: one each, or all of a page together in the place of its best."""
        groups = [[key] for key in found.ids]
        if self._request.by_page:
            pages = storage.pages_of(self._connection, list(found.ids))
            together: dict[str, list[int]] = {}
            for key in filter(pages.get, found.ids):
                together.setdefault(pages[key], []).append(key)
            groups = list(together.values())
        found.pages = len(groups)
        return groups[self._request.offset : self._request.offset + self._request.limit]

    def _hits(self, found: Found) -> list[Hit]:
        groups = [group[: 1 + ALSO] for group in self._shown(found)]
        documents = storage.documents_by_id(self._connection, [key for group in groups for key in group])
        marker = Marker(self._knowledge.analyser, frozenset(stems_in(*found.by)), tuple(prefixes_in(*found.by)))
        shown = [[documents[key] for key in group if key in documents] for group in groups]
        return [self._hit(first, also, found, marker) for first, *also in filter(None, shown)]

    def _hit(self, document: Document, also: list[Document], found: Found, marker: Marker) -> Hit:
        marks = self._request.marks
        return Hit(
            title=marker.marked(document.title) if marks else document.title,
            url=document.url,
            page_id=document.page_id,
            page_title=str(document.facts.get("page_title", document.title)),
            kind=document.kind,
            teams=document.teams,
            excerpt=marker.excerpt(document.text, marks=marks),
            score=round(found.ids[document.id], 4),
            also=[Link(other.title, other.url) for other in also],
        )

    def _card(self, query: Query) -> Card | None:
        """The definition the query names, with or without its stop words."""
        if self._request.offset or self._filters:
            return None
        words = [word for clause in query.wanted for word in clause.words]
        telling = [word for word in words if word not in self._knowledge.analyser.stop_words]
        for row in (words, telling):
            term = self._knowledge.terms.named(tuple(map(self._knowledge.analyser.stem, row)))
            if term:
                return term.card
        return None

    def _close_to(self, plan: Plan) -> list[Link]:
        """Titles of what begins alike, for somebody who found nothing."""
        beginnings: tuple[Expression, ...] = tuple(
            Prefix(word[: max(BEGINNING, len(word) - BEGINNING)]) for word in plan.words if len(word) > BEGINNING
        )
        if not beginnings:
            return []
        matches = self._ask(Wanted(any_of(beginnings)), CLOSE)
        near = storage.documents_by_id(self._connection, [entry[0] for entry in matches.ids])
        return [Link(near[key].title, near[key].url) for key, _ in matches.ids if key in near]
