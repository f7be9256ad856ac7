"""What an engine is asked to match: the whole language between the code above the seam and any engine below it.

`stem` and `stems` are stems of `documents.analysis`; `Prefix.text` is the beginning of a word before stemming.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Word:
    """The title or the text contains this stem."""

    stem: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """The title or the text contains these stems one after the other."""

    stems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Prefix:
    """A word of title or text, or a stem of the title, begins with this."""

    text: str


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every part matches. There is at least one."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one part matches. There is at least one."""

    parts: tuple[Expression, ...]


Expression = Word | Phrase | Prefix | AllOf | AnyOf


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to find: `match` (None: everything), and nothing of `without`."""

    match: Expression | None
    without: tuple[Expression, ...] = ()


def all_of(parts: tuple[Expression, ...]) -> Expression:
    """Every part; a single one stands for itself."""
    return parts[0] if len(parts) == 1 else AllOf(parts)


def any_of(parts: tuple[Expression, ...]) -> Expression:
    """At least one part; each counts once, and a single one stands for itself."""
    distinct = tuple(dict.fromkeys(parts))
    return distinct[0] if len(distinct) == 1 else AnyOf(distinct)


def stems_in(*expressions: Expression) -> Iterator[str]:
    """All stems that a match may be due to."""
    for expression in expressions:
        match expression:
            case Word(stem):
                yield stem
            case Phrase(stems):
                yield from stems
            case AllOf(parts) | AnyOf(parts):
                yield from stems_in(*parts)


def prefixes_in(*expressions: Expression) -> Iterator[str]:
    """All beginnings of words that a match may be due to."""
    for expression in expressions:
        match expression:
            case Prefix(text):
                yield text
            case AllOf(parts) | AnyOf(parts):
                yield from prefixes_in(*parts)
