"""What PostgreSQL's index holds of a text: ready-made lexemes, in the notation that a ``tsvector`` is read from.

Three sorts, told apart by a first character that no word can have: the stem itself, with its places, those of the title
marked; ``=word`` for what a word may begin with; ``^stem`` where the text is about it, so that the best of very many
texts can be found without weighing them all.

A vector has limits (https://www.postgresql.org/docs/current/textsearch-limitations.html). A text beyond them is *long*:
its vector helps to rank it, but whether it matches is looked up in the text itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

BEGINNING, ABOUT = "=", "^"
NOTHING = " "
"""A lexeme that no vector holds."""

OFTEN = 3  # times a stem stands in a text that is about it
LONGEST = 2_000  # bytes of a lexeme
MOST_PLACES = 255  # of one lexeme
FARTHEST = 16_383  # place
LARGEST = 1_000_000  # bytes of all lexemes and places
SAMPLE, USUAL = 4_000, 100  # words at the beginning of a long text, and bytes of each, that its vector still holds


class Vector(NamedTuple):
    """A vector as PostgreSQL reads it, and whether the text is long."""

    text: str
    long: bool


def vector(title_stems: str, stems: str, words: str) -> Vector:
    """The vector of a text whose words are separated by spaces."""
    title, text, begins = title_stems.split(), stems.split(), words.split()
    long = _too_long(title, text, begins)
    if long:
        title, text = _usual(title[:SAMPLE]), _usual(text[:SAMPLE])
    places = _places(title, text)
    about = [stem for stem, at in places.items() if len(at) >= OFTEN or at[0].endswith("A")]
    lexemes = [f"'{stem}':{','.join(at[:MOST_PLACES])}" for stem, at in places.items()]
    lexemes += [f"'{ABOUT}{stem}'" for stem in about]
    if not long:
        lexemes += [f"'{BEGINNING}{word}'" for word in {*begins, *title}]
    return Vector(" ".join(lexemes), long)


def lexeme(word: str, sort: str = "") -> str:
    """A stem, or with its `sort` another lexeme, in the notation of queries. Nothing typed can be an operator in it."""
    whole = sort + word if len(word.encode()) <= LONGEST else NOTHING
    return "'" + whole.replace("\\", "\\\\").replace("'", "''") + "'"


def long_texts(title_stems: str, stems: str, words: str) -> tuple[str, str]:
    """Stems in order and beginnings of words of a long text, with a space around each; "|" parts title from text."""
    return f" {title_stems} | {stems} ", f" {words} {title_stems} "


def _places(title: Sequence[str], text: Sequence[str]) -> dict[str, list[str]]:
    places: dict[str, list[str]] = {}
    for place, stem in enumerate(title, 1):
        places.setdefault(stem, []).append(f"{place}A")
    # One place stays empty, so that no phrase goes on from the title into the text.
    for place, stem in enumerate(text, len(title) + 2):
        places.setdefault(stem, []).append(str(place))
    return places


def _too_long(title: Sequence[str], text: Sequence[str], words: Sequence[str]) -> bool:
    every = (*title, *text, *words)
    if max(map(len, every), default=0) > LONGEST // 4 and max(len(word.encode()) for word in every) > LONGEST:
        return True
    places = len(title) + 1 + len(text)
    if places <= MOST_PLACES and sum(map(len, every)) < LARGEST // 10:
        return False  # as nearly all are
    counts = Counter((*title, *text))
    # Each stem may stand there twice, and so may each word of the title as a beginning.
    size = sum(len(word.encode()) + 6 for word in (*counts, *counts, *words, *title)) + 2 * places
    return places > FARTHEST or max(counts.values()) > MOST_PLACES or size > LARGEST


def _usual(words: Iterable[str]) -> list[str]:
    return [word for word in words if len(word.encode()) <= USUAL]
