"""What is asked, in SQLite's words: expressions in FTS5's language, filters as conditions on the table of documents."""

from __future__ import annotations

from dataclasses import dataclass

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

# A hit in the title weighs four times one in the text. Expressions name their columns, so that no word counts twice.
SCORE = "-bm25(documents_fts, 4.0, 1.0, 1.0)"
# This index alone holds all that narrows results, in narrow rows.
TABLE = "documents AS d INDEXED BY ix_documents_facets"


@dataclass(frozen=True, slots=True)
class Source:
    """Where matches come from: what to select of them, and from where, with the values for its question marks."""

    id: str
    score: str
    tables: str
    conditions: tuple[str, ...]
    values: tuple[str, ...]

    @property
    def sql(self) -> str:
        """The statement from its FROM on."""
        return f"FROM {self.tables} WHERE {' AND '.join(self.conditions)}"


def source(wanted: Wanted, filters: Filters, *, joined: bool = False, titled: bool = False) -> Source:
    """Where to find what is wanted.

    `joined` with the table of documents as ``d`` even if no filter asks for it; `titled` only where a title matches.
    """
    conditions, values = _conditions(filters)
    if wanted.match is None:
        return _everything(wanted, conditions, values)
    expression = f"({fts(wanted.match)}) AND {{title_stems}} : ({_bare(wanted.match)})" if titled else fts(wanted.match)
    if wanted.without:
        expression = f"({expression}) NOT ({_any(wanted.without)})"
    match = ("documents_fts MATCH ?", *conditions)
    join = f" CROSS JOIN {TABLE} ON d.id = f.rowid AND d.hidden = 0" if joined or filters else ""
    return Source("f.rowid", SCORE, f"documents_fts AS f{join}", match, (expression, *values))


def fts(expression: Expression) -> str:
    """The expression as FTS5 reads it. Every stem is quoted: nothing that was typed is ever an operator."""
    match expression:
        case Word(stem):
            return f"{{title_stems stems}} : {_quoted(stem)}"
        case Phrase(stems):
            return f"{{title_stems stems}} : {_quoted(' '.join(stems))}"
        case Prefix(text):
            return f"{{title_stems words}} : {_quoted(text)} *"
        case AllOf(parts):
            return f"({' AND '.join(map(fts, parts))})"
        case AnyOf(parts):
            return f"({_any(parts)})"


def is_one_word(expression: Expression | None) -> bool:
    """Whether a single word is asked for, or what it begins."""
    match expression:
        case Word() | Prefix():
            return True
        case AnyOf((Word(), Prefix())):
            return True
        case _:
            return False


def _bare(expression: Expression) -> str:
    """The words and beginnings of an expression, any of them, without columns."""
    stems = [_quoted(stem) for stem in stems_in(expression)]
    return " OR ".join([*stems, *(f"{_quoted(text)} *" for text in prefixes_in(expression))])


def _everything(wanted: Wanted, conditions: list[str], values: list[str]) -> Source:
    shown = ["d.hidden = 0", *conditions]
    if wanted.without:
        shown.append("d.id NOT IN (SELECT rowid FROM documents_fts WHERE documents_fts MATCH ?)")
        values = [*values, _any(wanted.without)]
    return Source("d.id", "0.0", TABLE, tuple(shown), tuple(values))


def _conditions(filters: Filters) -> tuple[list[str], list[str]]:
    conditions: list[str] = []
    values: list[str] = []
    for condition, chosen in (
        ("d.kind = ?", filters.kinds),
        ("instr(d.teams, ?)", [f" {team} " for team in filters.teams]),
        ("d.page_id = ?", filters.places),
    ):
        parts = [condition] * len(chosen)
        values += chosen
        if chosen is filters.places:
            parts += ["substr(d.url, 1, length(?) + 1) = ? || '/'"] * len(chosen)
            values += [place for place in chosen for _ in range(2)]
        if parts:
            conditions.append(f"({' OR '.join(parts)})")
    return conditions, values


def _any(parts: tuple[Expression, ...]) -> str:
    return " OR ".join(map(fts, parts))


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'
