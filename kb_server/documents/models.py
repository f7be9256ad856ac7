"""A text that can be found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

SUGGESTION = "suggestion"
"""The kind of what may be about a page, and still stands by itself: it has an address and a title of its own."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A text as its owner hands it over.

    ``ref`` is its name for good ("section:mql#criteria"); ``url`` is relative to the site's root; ``text`` is plain.
    ``facts`` is what a result needs besides, as JSON (a definition's aliases, say). A hidden text is never found.
    """

    ref: str
    kind: str
    page_id: str
    title: str
    url: str
    text: str
    teams: tuple[str, ...] = ()
    facts: Mapping[str, object] = field(default_factory=dict)
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """A text as it is stored. ``seq`` grows with every change of any document."""

    id: int
    seq: int
    ref: str
    kind: str
    page_id: str
    title: str
    url: str
    text: str
    teams: tuple[str, ...]
    facts: Mapping[str, object]


class RankingRow(NamedTuple):
    """What of a document ranking looks at; a tuple, for there are a hundred of them in every search."""

    id: int
    page_id: str
    url: str
    title_stems: str
    stems: str
    boost: float = 1.0


class Change(NamedTuple):
    """What became of a document. ``facts`` is JSON, "" unless it is a definition; ``words`` have spaces between."""

    id: int
    seq: int
    kind: str
    page_id: str
    title: str
    url: str
    teams: str
    words: str
    facts: str
    shown: bool
