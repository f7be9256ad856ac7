"""What is asked, in PostgreSQL's words: as a ``tsquery`` for its index, as conditions on the text of long documents.

Every lexeme is quoted, and what goes into a condition is a parameter: nothing that was typed is ever an operator.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from kb_server.documents.vectors import ABOUT, BEGINNING, lexeme
from kb_server.search.expression import (
    AllOf,
    AnyOf,
    Expression,
    Phrase,
    Prefix,
    Wanted,
    Word,
    prefixes_in,
    stems_in,
)
from kb_server.search.models import Filters

RARE = math.log(1 + 1 / 0.02)  # the weight of a word that stands in one of fifty documents
MOST_WEIGHED = 16  # stems
COLUMNS = "d.id, d.kind, d.teams, d.page_id, d.url"
IN_VECTORS = f"SELECT {COLUMNS}, d.search FROM documents_fts d WHERE d.search @@ CAST(%s AS tsquery)"  # noqa: S608
IN_TEXTS = f"SELECT {COLUMNS}, l.search FROM documents_fts d JOIN documents_long l USING (id) WHERE "  # noqa: S608
UNWANTED = "SELECT id FROM documents_fts WHERE search @@ CAST(%s AS tsquery)"
# In a title a hit weighs four times one in the text. Longer texts count for less, by the logarithm of their length.
RANK = "ts_rank('{0.25, 0.25, 0.25, 1}', c.search, CAST(%s AS tsquery), 1)"

Weight = Callable[[str], float]


@dataclass(frozen=True, slots=True)
class Sql:
    """A piece of a statement, with the values for its placeholders."""

    text: str
    values: tuple[str, ...] = ()


def matches(wanted: Wanted, filters: Filters, among: Sequence[str] = ()) -> Sql:
    """All that matches, as "FROM … WHERE …" over a relation ``d``.

    `among` are queries one after the other, in the order in which what they select of it should come.
    """
    narrowed = _conditions(filters)
    if wanted.match is None:
        found = Sql(f"SELECT {COLUMNS}, d.search FROM documents_fts d")  # noqa: S608  -- names of columns
        narrowed = [*narrowed, *([_not_any(wanted.without)] if wanted.without else [])]
    else:
        found = _found(wanted.match, wanted.without, among)
    where = _joined(narrowed, " AND ")
    return Sql(f"FROM ({found.text}) d" + (f" WHERE {where.text}" if narrowed else ""), (*found.values, *where.values))


def promising(expression: Expression, weight: Weight) -> list[str]:
    """Queries for the likeliest of very many matches, the likeliest first, to be looked at before all others.

    First what has a rare word of several; then what is about a word.
    """
    parts = expression.parts if isinstance(expression, AnyOf) else (expression,)
    rare = [part for part in parts if isinstance(part, Word) and weight(part.stem) > RARE]
    rare.sort(key=lambda part: -weight(part.stem))
    others = [part for part in parts if part not in rare]
    about = [lexeme(stem, ABOUT) for stem in dict.fromkeys(stems_in(*others))]
    about += [f"{lexeme(text, ABOUT)}:*" for text in dict.fromkeys(prefixes_in(*others))]
    several = [" & ".join(about)] if len(about) > 1 and not rare else []
    return [*map(tsquery, rare), *several, *([" | ".join(about)] if about else [])]


def score(expression: Expression, weight: Weight) -> Sql:
    """How well a candidate ``c`` matches: each word by its weight, in how many places it stands and in which."""
    stems = sorted(set(stems_in(expression)), key=lambda stem: (-weight(stem), stem))[:MOST_WEIGHED]
    weighed = [(lexeme(stem), weight(stem)) for stem in stems]
    weighed += [(f"{lexeme(text)}:*", 1.0) for text in dict.fromkeys(prefixes_in(expression))]
    return Sql(" + ".join(f"{factor:.3f} * {RANK}" for _, factor in weighed), tuple(query for query, _ in weighed))


def tsquery(expression: Expression) -> str:
    """The expression as a query of vectors."""
    match expression:
        case Word(stem):
            return lexeme(stem)
        case Phrase(stems):
            return f"({' <-> '.join(map(lexeme, stems))})"
        case Prefix(text):
            return f"{lexeme(text, BEGINNING)}:*"
        case AllOf(parts):
            return f"({' & '.join(map(tsquery, parts))})"
        case AnyOf(parts):
            return f"({_any(parts)})"


def _found(match: Expression, without: tuple[Expression, ...], among: Sequence[str]) -> Sql:
    query = f"{tsquery(match)} & !({_any(without)})" if without else tsquery(match)
    queries = [f"({one}) & ({query})" for one in among]
    # Each document once, however many of the queries it answers.
    arms = [_but_not(one, among[:place]) for place, one in enumerate([*queries, query])]
    texts = [_in_text(match), *(Sql(f"NOT {part.text}", part.values) for part in map(_in_text, without))]
    long = _joined(texts, " AND ")
    union = " UNION ALL ".join([IN_TEXTS + long.text, *[IN_VECTORS] * len(arms)])
    return Sql(union, (*long.values, *arms))


def _but_not(query: str, others: Sequence[str]) -> str:
    return f"{query} & !({' | '.join(f'({other})' for other in others)})" if others else query


def _not_any(without: tuple[Expression, ...]) -> Sql:
    long = _joined([_in_text(part) for part in without], " OR ")
    in_texts = f"SELECT l.id FROM documents_long l WHERE {long.text}"  # noqa: S608  -- made of our own conditions
    return Sql(f"d.id NOT IN ({UNWANTED} UNION ALL {in_texts})", (_any(without), *long.values))


def _in_text(expression: Expression) -> Sql:
    """The expression as a condition on a long text ``l``."""
    match expression:
        case Word(stem):
            return Sql("strpos(l.stems, %s) > 0", (f" {stem} ",))
        case Phrase(stems):
            return Sql("strpos(l.stems, %s) > 0", (f" {' '.join(stems)} ",))
        case Prefix(text):
            return Sql("strpos(l.words, %s) > 0", (f" {text}",))
        case AllOf(parts):
            return _joined(map(_in_text, parts), " AND ")
        case AnyOf(parts):
            return _joined(map(_in_text, parts), " OR ")


def _conditions(filters: Filters) -> list[Sql]:
    kinds = [Sql("d.kind = %s", (kind,)) for kind in filters.kinds]
    teams = [Sql("strpos(d.teams, %s) > 0", (f" {team} ",)) for team in filters.teams]
    places = [Sql("(d.page_id = %s OR starts_with(d.url, %s))", (place, f"{place}/")) for place in filters.places]
    return [_joined(some, " OR ") for some in (kinds, teams, places) if some]


def _joined(parts: Iterable[Sql], by: str) -> Sql:
    parts = list(parts)
    return Sql(f"({by.join(part.text for part in parts)})", tuple(value for part in parts for value in part.values))


def _any(parts: tuple[Expression, ...]) -> str:
    return " | ".join(map(tsquery, parts))
