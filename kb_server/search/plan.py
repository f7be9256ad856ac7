"""From what was typed to what an engine is asked: all words first, and what to ask next where that finds too little."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from kb_server.search.expression import Expression, Phrase, Prefix, Wanted, Word, all_of, any_of
from kb_server.search.grammar import Clause, Query
from kb_server.search.knowledge import Knowledge

COMMON, MANY = 0.2, 200  # of all documents, and so many at least
MOST_WORDINGS = 4  # besides the one typed
FEW = 4  # words: of a longer query none is taken apart, which takes long and adds little
SHORTEST_PREFIX = 2  # letters; a single one would match nearly everything

Wording = tuple[tuple[str, str], ...]
"""Stems, each with those that say nothing and were typed before it."""


@dataclass(frozen=True, slots=True)
class Part:
    """Words of the query that are matched together: strictly, or loosely by any of several expressions.

    ``others`` are names that mean the same, as stems, of which one may be several that stand together; the last word
    may only be the ``beginning`` of one. ``before`` are stems typed right before that say nothing, a space after each.
    """

    words: tuple[str, ...]
    stems: tuple[str, ...]
    match: Expression
    loose: tuple[Expression, ...]
    others: tuple[tuple[str, ...], ...] = ()
    beginning: str = ""
    required: bool = False
    before: str = ""


@dataclass(frozen=True, slots=True)
class Stage:
    """One thing to ask. As a `resort` it is asked only if nothing at all was found before, else to fill the answer."""

    wanted: Wanted
    resort: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """What to ask an engine, strictest first. ``parts`` are those of the query that say something, in order."""

    stages: tuple[Stage, ...] = ()
    parts: tuple[Part, ...] = ()

    def wordings(self) -> list[Wording]:
        """The stems of the query as it was typed, and with one name in it changed for another that means the same."""
        rows = [_after(part.before, part.stems) for part in self.parts]
        changed = [
            (*rows[:place], _after(part.before, other), *rows[place + 1 :])
            for place, part in enumerate(self.parts)
            for other in part.others
        ]
        return [tuple(chain.from_iterable(row)) for row in (rows, *changed[:MOST_WORDINGS])]

    @property
    def beginning(self) -> str:
        """The last word as typed, if more of it may follow."""
        return self.parts[-1].beginning if self.parts else ""


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
        without = tuple(_together(self._stems(clause.words)) for clause in query.unwanted)
        if not parts:
            return Plan((Stage(Wanted(None, without)),) if without or narrowed else ())
        stages = tuple(Stage(Wanted(match, without), resort) for match, resort in self._stages(parts, dropped).items())
        return Plan(stages, tuple(parts))

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
                yield self._part(clauses[index], prefix=prefix and index == len(clauses) - 1, few=len(clauses) <= FEW)
            if end > start:
                words = tuple(clause.words[0] for clause in clauses[start:end])
                yield self._named(words, prefix=prefix and end == len(clauses))
            place = end

    def _part(self, clause: Clause, *, prefix: bool, few: bool) -> Part:
        stems = self._stems(clause.words)
        if clause.quoted:
            return Part(clause.words, stems, _together(stems), tuple(map(Word, stems)), required=True)
        if len(stems) == 1:
            return self._single(clause.words[0], prefix=prefix, few=few)
        joined = "".join(clause.words)  # "hand-over" is "handover" as well
        others = (*self._terms.others(stems), *([self._stems([joined])] if self._vocabulary.knows(joined) else []))
        means = tuple(map(_together, others))
        return Part(clause.words, stems, any_of((_together(stems), *means)), (*map(Word, stems), *means), others)

    def _single(self, word: str, *, prefix: bool, few: bool) -> Part:
        match, beginning = self._last(word, prefix=prefix)
        pairs = self._vocabulary.made_of(word) if few else []
        apart = [self._stems(pair) for pair in pairs if not self._stop.issuperset(pair)]
        means = tuple(map(Phrase, apart))
        others = tuple((" ".join(stems),) for stems in apart)  # one by one they would say less
        return Part((word,), self._stems([word]), any_of((match, *means)), (match, *means), others, beginning)

    def _named(self, words: tuple[str, ...], *, prefix: bool) -> Part:
        """Words that name a definition: its other names do as well."""
        stems = self._stems(words)
        last, beginning = self._last(words[-1], prefix=prefix)
        typed = (*map(Word, stems[:-1]), last)
        others = self._terms.others(stems)
        means = tuple(map(_together, others))
        return Part(words, stems, any_of((all_of(typed), *means)), (*typed, *means), others, beginning)

    def _last(self, word: str, *, prefix: bool) -> tuple[Expression, str]:
        whole = Word(self._stem(word))
        open_end = prefix and len(word) >= SHORTEST_PREFIX
        return (any_of((whole, Prefix(word))), word) if open_end else (whole, "")

    def _stems(self, words: Sequence[str]) -> tuple[str, ...]:
        return tuple(map(self._stem, words))

    def _without_stop_words(self, parts: list[Part]) -> tuple[list[Part], list[Part]]:
        """The parts that say something, and those that do not; if none does, all of them do."""
        kept: list[Part] = []
        dropped: list[Part] = []
        before = ""
        for part in parts:
            if part.required or not self._stop.issuperset(part.words):
                kept.append(replace(part, before=before))
                before = ""
            else:
                dropped.append(part)
                before += "".join(f"{stem} " for stem in part.stems)
        return (kept, dropped) if kept else (parts, [])


def _after(before: str, stems: Sequence[str]) -> Wording:
    return tuple((stem, "" if place else before) for place, stem in enumerate(stems))


def _together(stems: tuple[str, ...]) -> Expression:
    return Word(stems[0]) if len(stems) == 1 else Phrase(stems)
