"""The wiki's own synonyms: a definition's title and its aliases mean the same."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kb_server.documents.analysis import Analyser
from kb_server.documents.models import Change
from kb_server.search.models import Card

Stems = tuple[str, ...]
NONE: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Term:
    """A definition: all its names as stems, the title's first, and what a search for it shows."""

    names: tuple[Stems, ...]
    card: Card


class Terms:
    """The definitions by their names, following the documents one by one."""

    def __init__(self, analyser: Analyser) -> None:
        self._analyser = analyser
        self._of: dict[int, Term] = {}
        self._named: dict[Stems, list[Term]] = {}

    def put(self, change: Change) -> frozenset[str]:
        """Take in what became of a document; gives the words of its other names, if it is a definition."""
        known = self._of.pop(change.id, None)
        term = _term(change, self._analyser) if change.shown and change.facts else None
        if term:
            self._of[change.id] = term
        if term or known:
            self._named = _by_name(self._of)
        return frozenset(word for alias in term.card.aliases for word in self._analyser.words(alias)) if term else NONE

    def named(self, stems: Stems) -> Term | None:
        """The definition with this name; where several have it, the one that has it as its title, or the first."""
        terms = self._named.get(stems, [])
        return min(terms, key=lambda term: term.names.index(stems), default=None)

    def others(self, stems: Stems) -> tuple[Stems, ...]:
        """The other names of whatever has this name."""
        return tuple(name for term in self._named.get(stems, ()) for name in term.names if name != stems)

    def found_in(self, stems: Sequence[str]) -> Iterator[tuple[int, int]]:
        """Where names stand in a row of stems, as (start, end); the longest first at each place, none overlapping."""
        longest = max(map(len, self._named), default=0)
        start = 0
        while start < len(stems):
            for end in range(min(len(stems), start + longest), start, -1):
                if tuple(stems[start:end]) in self._named:
                    yield start, end
                    start = end - 1
                    break
            start += 1


def _term(change: Change, analyser: Analyser) -> Term | None:
    facts = json.loads(change.facts)
    if not facts.get("lead"):
        return None
    aliases = tuple(str(alias) for alias in facts.get("aliases", ()))
    names = dict.fromkeys(tuple(analyser.stems(name)) for name in (change.title, *aliases))
    return Term(
        tuple(name for name in names if name),
        Card(
            title=change.title,
            url=change.url,
            page_id=change.page_id,
            text=facts.get("definition", ""),
            aliases=aliases,
            criteria=facts.get("criteria", 0),
            examples=facts.get("examples", 0),
            teams=tuple(change.teams.split()),
            used_on=facts.get("used_on", 0),
        ),
    )


def _by_name(terms: dict[int, Term]) -> dict[Stems, list[Term]]:
    named: dict[Stems, list[Term]] = {}
    for term in terms.values():
        for name in term.names:
            named.setdefault(name, []).append(term)
    return named
