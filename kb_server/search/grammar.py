"""The language of the search box: words, "phrases", -without, kind: team: in:. Every text is a query, none an error."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from kb_server.documents.analysis import Analyser, normalise

LONGEST = 1_000  # characters; the rest is cut off
FILTERS = ("kind", "team", "in")
MOST_TERMS = 32  # words, in phrases and after minus signs too; the rest is left out
MOST_FILTERS = 8  # different ones whose meaning is looked up; the rest is text like any other

Understood = Callable[[str, str], str | None]
"""Tells what the value of a filter means ("kind", "Definitions" → "definition"), or None when it means nothing."""

_QUOTES = dict.fromkeys(map(ord, "\u201c\u201d\u201e\u201f\u00ab\u00bb"), '"')
_PART = re.compile(
    # A minus is one before a letter or a quote: "--json" and "-5" come from a pasted sentence and are looked for.
    r"""(?P<minus>(?<!\S)-(?=["\w])(?![\d_]))?
    (?: "(?P<phrase>[^"]*)"
      | (?P<filter>(?<!\S)(?:kind|team|in)):(?:"(?P<quoted>[^"]+)"|(?P<value>[^\s"]+))
      | (?P<word>[^\s"]+) )""",
    re.VERBOSE | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Clause:
    """One thing typed: a word, or several that must stand together (a phrase, or one such as "follow-up")."""

    words: tuple[str, ...]
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """What was typed, taken apart. `open_end`: the text ends in a word outside quotes, so more of it may follow.

    `places` are where in the text the filters stand.
    """

    text: str
    wanted: tuple[Clause, ...] = ()
    unwanted: tuple[Clause, ...] = ()
    filters: tuple[tuple[str, str], ...] = ()
    open_end: bool = False
    places: tuple[tuple[str, int, int], ...] = ()

    def without(self, *names: str) -> str:
        """The text without its filters of these names."""
        text = self.text
        for name, start, end in reversed(self.places):
            if name in names:
                text = f"{text[:start]} {text[end:]}"
        return " ".join(text.split())


def parse(text: str, analyser: Analyser, understood: Understood) -> Query:
    """Take a query apart. A filter that is not understood is text like any other."""
    typed = normalise(text[:LONGEST])
    text = " ".join(typed.split())[:LONGEST]
    wanted: dict[Clause, None] = {}
    unwanted: dict[Clause, None] = {}
    filters: dict[tuple[str, str], None] = {}
    places: list[tuple[str, int, int]] = []
    meanings: dict[tuple[str, str], str | None] = {}
    left = MOST_TERMS
    open_end = False
    for part in _parts(text):
        name, value = part["filter"], part["quoted"] or part["value"] or ""
        asked = (name.lower(), value) if name and not part["minus"] else None
        if asked and asked not in meanings and len(meanings) < MOST_FILTERS:
            meanings[asked] = understood(*asked)
        meaning = meanings.get(asked) if asked else None
        if name and meaning is not None:
            filters[name.lower(), meaning] = None
            places.append((name.lower(), part.start(), part.end()))
            open_end = False
            continue
        words = tuple(analyser.words(part["phrase"] or (f"{name} {value}" if name else part["word"] or "")))[:left]
        left -= len(words)
        open_end = bool(words) and not part["minus"] and part["phrase"] is None and not part["quoted"]
        if words:
            (unwanted if part["minus"] else wanted)[Clause(words, quoted=part["phrase"] is not None)] = None
    open_end = open_end and typed[-1:].isalnum()
    return Query(text, tuple(wanted), tuple(unwanted), tuple(filters), open_end, tuple(places))


def _parts(text: str) -> Iterator[re.Match[str]]:
    return _PART.finditer(text.translate(_QUOTES))  # a quote without its partner is part of nothing
