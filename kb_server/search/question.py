"""One question on its way: taken apart, corrected, planned, asked, shown."""

from __future__ import annotations

from dataclasses import replace

import sqlalchemy as sa

from kb_server.definitions import service as definitions
from kb_server.documents import storage
from kb_server.search import grammar, showing
from kb_server.search.asking import Asking, Found
from kb_server.search.correction import corrected, doubted, may_go_on
from kb_server.search.engines import Engine
from kb_server.search.expression import Expression, Prefix, Wanted, any_of
from kb_server.search.grammar import Query
from kb_server.search.knowledge import Knowledge
from kb_server.search.models import FARTHEST, LAST, TURNED, Card, Link, Place, Request, Results
from kb_server.search.narrowing import Meanings, filters_of
from kb_server.search.plan import Plan, Planner

MOVED = 60  # places that a hit may have moved down since it was shown, and still be found again
CLOSE = 5  # titles offered where nothing was found
BEGINNING = 3  # letters that are enough to be close


class Question:
    """A request on one connection, with what is known of the store there."""

    def __init__(
        self, connection: sa.Connection, engine: Engine, knowledge: Knowledge, request: Request, deadline: float
    ) -> None:
        self._connection = connection
        self._knowledge = knowledge
        self._request = request
        self._planner = Planner(knowledge)
        meanings = Meanings(connection, knowledge, request)
        self.typed = grammar.parse(request.query, knowledge.analyser, meanings)
        self.asking = Asking(connection, engine, knowledge, filters_of(self.typed, request), deadline)

    def answer(self) -> Results:
        """The answer, whatever was asked."""
        request = self._request
        query = self.query()
        plan = self.plan(query)
        found = self.found(plan)
        sure = request.exact or request.typing
        if not found.strict and not sure and (other := doubted(query, self._knowledge, self.finds)):
            query, plan = other, self.plan(other)
            found = self.found(plan)
        groups = showing.in_groups(self._connection, found, by_page=request.by_page)
        ids = [group[0] for group in groups]
        begin = request.after.among(ids) if request.after else request.offset
        shown = groups[begin : begin + request.limit]
        results = Results(
            query=self.typed.text,
            corrected=query.text if query is not self.typed else None,
            total=found.total,
            pages=len(groups),
            complete=found.complete,
            hits=showing.hits(self._connection, found, shown, request, self._knowledge.vocabulary),
            facets=found.facets,
            card=self._card(query),
            filters=self.asking.filters,
            without={name: self.typed.without(name) for name in grammar.FILTERS},
            bare=self.typed.without(*grammar.FILTERS),
            rest=self._rest(ids[: begin + len(shown)], found.total) if shown else None,
        )
        return results if found.total else replace(results, close_to=self._close_to(plan))

    def query(self) -> Query:
        """What was typed, or probably meant."""
        if self._request.exact:
            return self.typed
        return corrected(self.typed, self._knowledge, self.finds)

    def finds(self, query: Query) -> bool:
        """Whether anything matches all of a query."""
        return self.asking.finds(self.plan(query).stages[0].wanted)

    def plan(self, query: Query) -> Plan:
        """How to answer a query."""
        prefix = self._request.typing or may_go_on(query, self._knowledge.vocabulary)
        return self._planner.plan(query, prefix=prefix, narrowed=bool(self.asking.filters))

    def found(self, plan: Plan) -> Found:
        """What answers the plan."""
        request = self._request
        begin = request.after.number + MOVED if request.after else request.offset
        depth = TURNED if request.by_page else begin + request.limit
        return self.asking.found(plan, enough=request.limit, depth=depth, facets=request.facets)

    def _card(self, query: Query) -> Card | None:
        """The definition the query names, with or without its stop words."""
        if self._request.offset or self._request.after or self.asking.filters:
            return None
        words = [word for clause in query.wanted for word in clause.words]
        telling = [word for word in words if word not in self._knowledge.analyser.stop_words]
        for row in (words, telling):
            term = self._knowledge.terms.named(tuple(map(self._knowledge.analyser.stem, row)))
            if term:
                return self._as_it_stands(term.card)
        return None

    def _as_it_stands(self, card: Card) -> Card:
        """The card with the text in force."""
        now = definitions.quote(self._connection, card.page_id)
        return replace(card, state=now.state, version=now.version, fact=now.fact, text=now.text or card.text)

    def _rest(self, shown: list[int], total: int) -> Place | None:
        """The place behind all that was shown up to now, if there is more and it may be seen."""
        return Place(len(shown), tuple(shown[-LAST:])) if len(shown) < min(total, FARTHEST) else None

    def _close_to(self, plan: Plan) -> list[Link]:
        """Titles of what begins alike, for somebody who found nothing."""
        beginnings: tuple[Expression, ...] = tuple(
            Prefix(word[: max(BEGINNING, len(word) // 2)])
            for part in plan.parts
            for word in part.words
            if len(word) > BEGINNING
        )
        if not beginnings:
            return []
        matches = self.asking.matches(Wanted(any_of(beginnings)), CLOSE)
        near = storage.documents_by_id(self._connection, [entry[0] for entry in matches.ids])
        return [Link(near[key].title, near[key].url) for key, _ in matches.ids if key in near]
