"""From what was typed to what an engine is asked: all words first, and what to ask next where that finds too little."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kb_server.search.expression import Expression, Phrase, Prefix, Wanted, Word, all_of, any_of
from kb_server.search.grammar import Clause, Query
from kb_server.search.knowledge import Knowledge

COMMON, MANY = 0.2, 200  # of all documents, and so many at least
SHORTEST_PREFIX = 2  # letters; a single one would match nearly everything


@dataclass(frozen=True, slots=True)
class Part:
    """Words of the query that are matched together: strictly, or loosely by any of several expressions."""

    words: tuple[str, ...]
    match: Expression
    loose: tuple[Expression, ...]
    required: bool = False


@dataclass(frozen=True, slots=True)
class Stage:
    """One thing to ask. As a `resort` it is asked only if nothing at all was found before, else to fill the answer."""

    wanted: Wanted
    resort: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """What to ask an engine, strictest first. ``stems`` are of the words that say something, in order."""

    stages: tuple[Stage, ...] = ()
    stems: tuple[str, ...] = ()


class Planner:
    """Plans a query by what is known of the store."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._terms = knowledge.terms
        self._stem = knowledge.analyser.stem
        self._vocabulary = knowledge.vocabulary
        self._stop = knowledge.analyser.stop_words

    def plan(self, query: Query, *, prefix: bool, narrowed: bool) -> Plan:
        """How to answer. `prefix`: the last word may not be complete; `narrowed`: filters alone are a question, too."""
        parts, dropped = self._without_stop_words(list(self._parts(query, prefix=prefix and query.open_end)))
        without = tuple(self._typed(clause.words) for clause in query.unwanted)
        if not parts:
            return Plan((Stage(Wanted(None, without)),) if without or narrowed else ())
        stages = tuple(Stage(Wanted(match, without), resort) for match, resort in self._stages(parts, dropped).items())
        return Plan(stages, tuple(self._stem(word) for part in parts for word in part.words))

    def _stages(self, parts: list[Part], dropped: list[Part]) -> dict[Expression, bool]:
        """What to ask, in order, and whether it is a resort: who puts words in quotes does not want them apart."""
        required = tuple(part.match for part in parts if part.required)
        loose = [expression for part in parts for expression in part.loose]
        telling = [expression for expression in loose if not self._is_common(expression)]
        stages: dict[Expression, bool] = {all_of(tuple(part.match for part in parts)): False}
        if required:
            stages.setdefault(all_of(required), False)
        if telling:
            stages.setdefault(any_of(tuple(telling)), bool(required))
        stages.setdefault(any_of(tuple(loose)), bool(required or telling))
        if dropped:
            stages.setdefault(any_of((*loose, *(expression for part in dropped for expression in part.loose))), True)
        return stages

    def _is_common(self, expression: Expression) -> bool:
        """Whether it is a word that so many texts contain that it alone is no reason to show one."""
        share = self._vocabulary.share(expression.stem) if isinstance(expression, Word) else 0.0
        return share > COMMON and share * self._vocabulary.documents > MANY

    def _parts(self, query: Query, *, prefix: bool) -> Iterator[Part]:
        clauses = query.wanted
        # Where names of definitions stand among the words typed singly; no name holds the empty stem.
        single = ["" if clause.quoted or len(clause.words) > 1 else self._stem(clause.words[0]) for clause in clauses]
        place = 0
        for start, end in [*self._terms.found_in(single), (len(clauses), len(clauses))]:
            for index in range(place, start):
                yield self._part(clauses[index], prefix=prefix and index == len(clauses) - 1)
            if end > start:
                words = tuple(clause.words[0] for clause in clauses[start:end])
                yield self._named(words, prefix=prefix and end == len(clauses))
            place = end

    def _part(self, clause: Clause, *, prefix: bool) -> Part:
        if len(clause.words) == 1 and not clause.quoted:
            match = self._word(clause.words[0], prefix=prefix)
            return Part(clause.words, match, (match,))
        match = self._typed(clause.words)
        loose = tuple(Word(self._stem(word)) for word in clause.words)
        if clause.quoted:
            return Part(clause.words, match, loose, required=True)
        others = self._others(clause.words)
        return Part(clause.words, any_of((match, *others)), (*loose, *others))

    def _named(self, words: tuple[str, ...], *, prefix: bool) -> Part:
        """Words that name a definition: its other names do as well."""
        typed = [self._word(word, prefix=prefix and place == len(words)) for place, word in enumerate(words, 1)]
        others = self._others(words)
        return Part(words, any_of((all_of(tuple(typed)), *others)), (*typed, *others))

    def _word(self, word: str, *, prefix: bool) -> Expression:
        whole = Word(self._stem(word))
        return any_of((whole, Prefix(word))) if prefix and len(word) >= SHORTEST_PREFIX else whole

    def _others(self, words: Sequence[str]) -> tuple[Expression, ...]:
        return tuple(map(_together, self._terms.others(tuple(map(self._stem, words)))))

    def _typed(self, words: Sequence[str]) -> Expression:
        return _together(tuple(map(self._stem, words)))

    def _without_stop_words(self, parts: list[Part]) -> tuple[list[Part], list[Part]]:
        """The parts that say something, and those that do not; if none does, all of them do."""
        kept = [part for part in parts if part.required or not self._stop.issuperset(part.words)]
        return (kept, [part for part in parts if part not in kept]) if kept else (parts, [])


def _together(stems: tuple[str, ...]) -> Expression:
    return Word(stems[0]) if len(stems) == 1 else Phrase(stems)
