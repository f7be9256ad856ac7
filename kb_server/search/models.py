"""What is asked of search, and what it answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

MARK, UNMARK = "\x02", "\x03"
"""Around a hit in a title or an excerpt. No stored text contains them (`documents.analysis.normalise`)."""

MOST_HITS = 50
FARTHEST = 1_000
TURNED = 500
"""Documents whose pages may be turned."""
LAST = 5  # documents by which a place is known again


@dataclass(frozen=True, slots=True)
class Link:
    """A place to go on to. ``url`` is relative to the site's root."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a list of hits: how many stood before it, and the ids of the last of them, the very last at the end.

    What comes and goes meanwhile moves the number; one of the documents is mostly still there.
    """

    number: int
    last: tuple[int, ...]

    def among(self, ids: Sequence[int]) -> int:
        """Where to go on in the list as it is now."""
        there = next((key for key in reversed(self.last) if key in ids), None)
        return self.number if there is None else ids.index(there) + 1


@dataclass(frozen=True, slots=True)
class Request:
    """One question, as somebody asked it.

    ``typing`` says that the last word may not be complete; ``exact`` that what was typed is meant letter by
    letter; ``marks`` asks for hits to be marked; ``facets`` for the counts by kind and team. With ``by_page`` all
    hits on a page are one, and ``limit`` and ``offset`` count pages; else ``after`` may stand for ``offset`` and say
    where to go on. ``teams`` maps the ids of the wiki's teams to
    their names, so that ``team:"Customer Success"`` can be understood.
    """

    query: str
    limit: int = 10
    offset: int = 0
    kind: str = ""
    team: str = ""
    within: str = ""
    typing: bool = False
    exact: bool = False
    marks: bool = False
    facets: bool = True
    by_page: bool = False
    after: Place | None = None
    teams: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Filters:
    """What results are narrowed to: any of the kinds, and any of the teams, and any of the places."""

    kinds: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    places: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Whether they narrow anything."""
        return bool(self.kinds or self.teams or self.places)


@dataclass(frozen=True, slots=True)
class Facets:
    """How many results there would be with another kind, or another team, all else being the same."""

    kind: Mapping[str, int] = field(default_factory=dict)
    team: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Hit:
    """One document found. ``title`` and ``excerpt`` are plain text, with marks if they were asked for.

    ``also`` are further hits on the page, where hits on a page are one.
    """

    title: str
    url: str
    page_id: str
    page_title: str
    kind: str
    teams: tuple[str, ...]
    excerpt: str
    score: float
    also: Sequence[Link] = ()


@dataclass(frozen=True, slots=True)
class Card:
    """The definition that the query names, with the text in force; ``fact`` says which version that is."""

    title: str
    url: str
    page_id: str
    text: str
    aliases: tuple[str, ...]
    criteria: int
    examples: int
    teams: tuple[str, ...]
    used_on: int
    state: str = "unchecked"
    version: int = 0
    fact: str = ""


@dataclass(frozen=True, slots=True)
class Results:
    """The answer. ``corrected`` is the query that was answered, where it is not the one typed.

    ``complete`` is false when time ran out: then there may be more, and better, than is shown. ``total`` counts
    documents; ``pages`` the pages they stand on, as far as one may turn them, where hits on a page are one.
    ``filters`` are all it was narrowed to; ``without`` is the query without its own filters of a
    name, and ``bare`` without any. ``rest`` is the place behind the last hit, if there are more.
    """

    query: str
    corrected: str | None = None
    total: int = 0
    pages: int = 0
    took_ms: float = 0.0
    complete: bool = True
    hits: Sequence[Hit] = ()
    facets: Facets = field(default_factory=Facets)
    card: Card | None = None
    close_to: Sequence[Link] = ()
    filters: Filters = field(default_factory=Filters)
    without: Mapping[str, str] = field(default_factory=dict)
    bare: str = ""
    rest: Place | None = None
