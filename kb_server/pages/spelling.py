# ruff: noqa: RUF001  -- signs that look alike are what this is about
"""A line of English as words, numbers and signs, written in the one way that stands for all ways to write the same."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING

from kb_server.pages import english
from kb_server.pages.meaning import FOLDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_TOKEN = re.compile(r"\d+(?:[.,:]\d+)*|[^\W\d_]+(?:'[^\W\d_]+)*|\n|[^\w\s]|_|\S")
_THOUSANDS = re.compile(r"(?<![\d.,])\d{1,3}(?:,\d{3})+(?![\d,])")
_DASH = re.compile(r"\s+-\s+|\s*[–—]\s*(?!\d)|(?<=[^\s\d])---?(?=[^\s-])|\s--\s|\s---\s")
_QUOTE = re.compile(r'(?<!\d)"')
_ABBREVIATION, _INITIALS = re.compile(english.ABBREVIATIONS, re.IGNORECASE), re.compile(r"\b(?:[A-Z]\.){2,}")
_END = re.compile(r"(?<=[\w)\]%])[.;,]\s*$")


@cache
def tokens(line: str) -> tuple[str, ...]:
    """A line as words, numbers and signs, written in the one way that stands for all ways to write them."""
    line = unicodedata.normalize("NFC", line)
    line = _DASH.sub(" – ", line)
    for sign, plain in FOLDS.items():
        if sign != "–":
            line = line.replace(sign, plain)
    for pattern in (_ABBREVIATION, _INITIALS):
        line = pattern.sub(lambda found: re.sub(r"[. ]", "", found[0]), line)
    line = _THOUSANDS.sub(lambda found: found[0].replace(",", ""), _QUOTE.sub("", line))
    line = _END.sub("", line.strip())
    return _phrased([part for word in _begun(_joined(line)) for part in _written(word)])


def _joined(line: str) -> list[str]:
    """The words of a line, those that may be written as one or with a hyphen written as one."""
    found = _JOINS.sub(lambda one: re.sub(r"[\s-]+", "", one[0]), line)
    return _TOKEN.findall(found)


_JOINS = re.compile(
    r"\b(?:" + "|".join(one.replace("-", r"[\s-]?") for one in sorted(english.JOINS, reverse=True)) + r")\b",
    re.IGNORECASE,
)


def _begun(words: Sequence[str]) -> Iterator[str]:
    """Words with the first of each sentence written small, unless all of it is capitals."""
    first = True
    for word in words:
        yield word.lower() if first and (len(word) == 1 or not word.isupper()) else word
        first = word in ".!?" or (first and not word.isalnum())


def _written(word: str) -> list[str]:
    """A word without contraction, in American spelling."""
    plain = word.lower()
    if plain in english.CONTRACTIONS:
        return english.CONTRACTIONS[plain].split()
    for ending, full in english.ENDINGS.items():
        if plain.endswith(ending) and len(plain) > len(ending):
            return [word[: -len(ending)], full]
    for pattern, american in _AMERICAN:
        if word[0].islower() and pattern.search(word):
            return [pattern.sub(american, word)]
    return [word]


_AMERICAN = [(re.compile(pattern), american) for pattern, american in english.AMERICAN]


def _parts(phrase: str) -> tuple[str, ...]:
    return tuple(_TOKEN.findall(phrase))


_EQUAL = {_parts(other): _parts(same[0]) for same in english.EQUAL for other in same[1:]}
_BEFORE_NUMBERS = {_parts(other): _parts(same[0]) for same in english.NUMBER_OF for other in same[1:]}
_LONGEST = max(map(len, _EQUAL))


def _phrased(words: list[str]) -> tuple[str, ...]:
    """Words with each phrase of the published list in the form that stands for it."""
    found: list[str] = []
    at = 0
    while at < len(words):
        size, phrase = _phrase_at(words, at)
        found += phrase or (words[at],)
        at += size or 1
    return tuple(found)


def _phrase_at(words: list[str], at: int) -> tuple[int, tuple[str, ...]]:
    for size in range(_LONGEST, 0, -1):
        here = tuple(words[at : at + size])
        if here in _EQUAL:
            return size, _EQUAL[here]
        if here in _BEFORE_NUMBERS and (words[at + size : at + size + 1] or ["-"])[0][0].isdigit():
            return size, _BEFORE_NUMBERS[here]
    return 0, ()
