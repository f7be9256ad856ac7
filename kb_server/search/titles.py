"""The titles of pages: what a section is about besides its own words. "mql criteria" is *Criteria* on that page."""

from __future__ import annotations

import json
from collections.abc import Mapping
from itertools import chain

from kb_server.documents.analysis import Analyser
from kb_server.documents.models import SUGGESTION, Change

MOST_PAGES = 30  # of one set of words in their titles
MOST_SETS = 3


class PageTitles:
    """The stems of every page's title and aliases, following the documents one by one."""

    def __init__(self, analyser: Analyser) -> None:
        self._analyser = analyser
        self._page_of: dict[int, str] = {}
        self._names: dict[str, tuple[tuple[str, ...], ...]] = {}
        self._pages: dict[str, set[str]] = {}

    def put(self, change: Change) -> None:
        """Take in what became of a document; only those that open a page have a page's title."""
        page = self._page_of.pop(change.id, None)
        if page is not None:
            for stem in chain.from_iterable(self._names.pop(page, ())):
                self._pages[stem].discard(page)
        if change.shown and change.page_id and "#" not in change.url and change.kind != SUGGESTION:
            self._page_of[change.id] = change.page_id
            aliases = json.loads(change.facts).get("aliases", ()) if change.facts else ()
            names = tuple(tuple(self._analyser.stems(name)) for name in (change.title, *map(str, aliases)))
            self._names[change.page_id] = names
            for stem in chain.from_iterable(names):
                self._pages.setdefault(stem, set()).add(change.page_id)

    def of(self, page_id: str) -> tuple[tuple[str, ...], ...]:
        """The stems of a page's title, and of each of its aliases."""
        return self._names.get(page_id, ())

    def naming(self, weights: Mapping[str, float]) -> list[tuple[frozenset[str], list[str]]]:
        """Which of these stems stand in titles of pages, and of which: the weightiest sets of stems first."""
        named: dict[str, set[str]] = {}
        for stem in weights:
            for page in tuple(self._pages.get(stem, ())):
                named.setdefault(page, set()).add(stem)
        sets: dict[frozenset[str], list[str]] = {}
        for page, stems in named.items():
            sets.setdefault(frozenset(stems), []).append(page)
        best = sorted(sets.items(), key=lambda entry: -sum(weights[stem] for stem in entry[0]))
        return [(stems, sorted(pages)[:MOST_PAGES]) for stems, pages in best[:MOST_SETS]]
