"""How text becomes words and stems: one analyser (Whoosh's) for every engine, for texts and queries alike.

The words are those of Whoosh's ``RegexTokenizer(WORD) | LowercaseFilter() | CharsetFilter(accent_map)``, found in one
pass over the text instead of one call per word and filter, which is ten times as fast. A test holds the two together.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from whoosh.lang import NoStemmer, NoStopWords, stemmer_for_language, stopwords_for_language
from whoosh.support.charset import accent_map

VERSION = 2
# Letters and digits only: every engine's own tokenizer leaves such a word whole.
WORD = r"[^\W_]+"
_WORD = re.compile(WORD)
_LETTER = re.compile(r"[^\W_]\Z")
# A possessive is not part of a word, nor a word of its own.
_POSSESSIVE = re.compile(r"(?<=['\u2019])s(?![^\W_])")
# One character for one, so that a place in the folded text is a place in the text. Whoosh's map also turns some
# combining marks into letters, which its tokenizer never lets through. Of all letters only \u0130 grows in lower case.
_ACCENTS = {code: letter for code, letter in accent_map.items() if _LETTER.match(chr(code))}
LONGEST_KNOWN = 64
_GROWING = "\u0130"
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]+")
# Marks of a hit, escape sequences and the like: harmless in no output. Tab and line breaks are white space.
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Token:
    """One word as it stands in a text: folded, with its place there."""

    word: str
    start: int
    end: int


class Analyser:
    """Words and stems of one language; unknown languages are not stemmed. Make it with `analyser_for`."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.id = f"{VERSION}:{language}"
        self._stem = _stemmer(language)
        self._known: Callable[[str], str] = lru_cache(maxsize=200_000)(self._stem)
        self.stop_words = _stop_words(language)

    def stem(self, word: str) -> str:
        """The stem of a folded word. What is longer than any word is not remembered: that could be of any size."""
        return self.stems_of((word,))[0]

    def tokens(self, text: str) -> Iterator[Token]:
        """The words of `text`, in order, folded (case, accents), with their places. `text` is normalised."""
        for match in _WORD.finditer(_plain(text)):
            yield Token(match.group(), match.start(), match.end())

    def words(self, text: str) -> list[str]:
        """The folded words of `text`, in order."""
        return _WORD.findall(_plain(text))

    def stems(self, text: str) -> list[str]:
        """The stems of `text`, in order."""
        return self.stems_of(self.words(text))

    def stems_of(self, words: Iterable[str]) -> list[str]:
        """The stems of folded words, in their order."""
        known, other = self._known, self._stem
        return [known(word) if len(word) <= LONGEST_KNOWN else other(word) for word in words]


@cache
def analyser_for(language: str) -> Analyser:
    """The analyser of a language code such as "en" or "pt-BR"."""
    return Analyser(language.replace("_", "-").split("-")[0].lower())


def normalise(text: str) -> str:
    """`text` as it is stored and looked for: NFC, without control characters, and with nothing UTF-8 cannot carry."""
    return unicodedata.normalize("NFC", _CONTROLS.sub("", _SURROGATE.sub("\ufffd", text)))


def fold(text: str) -> str:
    """`text` without case and accents, character for character."""
    if text.isascii():
        return text.lower()
    return _BEYOND_ASCII.sub(_without_accents, text.replace(_GROWING, "I").lower())


def _without_accents(run: re.Match[str]) -> str:
    return run.group().translate(_ACCENTS)


def _plain(text: str) -> str:
    folded = fold(text)
    return _POSSESSIVE.sub(" ", folded) if "'" in folded or "\u2019" in folded else folded


def _stemmer(language: str) -> Callable[[str], str]:
    if language == "ar":  # Whoosh's stemmer for Arabic fails on Python 3.7 and later, and cannot be shared by threads
        return str
    try:
        # Of the two stemmers for English this is the fast one.
        found = stemmer_for_language("en_porter" if language == "en" else language)
    except NoStemmer:
        return str

    def stem(word: str) -> str:
        try:
            stemmed: str = found(word)
        except IndexError:  # some of the stemmers stumble over words too short for their rules
            return word
        # A stem is one word to every engine: some stemmers leave upper case as a mark, or nothing at all.
        return stemmed.lower() if stemmed.isalnum() else word

    return stem


def _stop_words(language: str) -> frozenset[str]:
    try:
        return frozenset(fold(word) for word in stopwords_for_language(language))
    except NoStopWords:
        return frozenset()
