"""How text becomes words and stems: one analyser (Whoosh's) for every engine, for texts and queries alike."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from whoosh.analysis import CharsetFilter, LowercaseFilter, RegexTokenizer
from whoosh.lang import NoStemmer, stemmer_for_language
from whoosh.lang.porter import stem as porter
from whoosh.support.charset import accent_map

VERSION = 1
# Letters and digits only: every engine's own tokenizer leaves such a word whole. A possessive is not part of a word.
WORD = r"[^\W_]+"
POSSESSIVE = ("'s", "\u2019s")


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
        self.stem = lru_cache(maxsize=200_000)(_stemmer(language))
        self._split: Any = RegexTokenizer(WORD) | LowercaseFilter() | CharsetFilter(accent_map)

    def tokens(self, text: str) -> Iterator[Token]:
        """The words of `text`, in order, folded (case, accents), with their places. `text` is NFC."""
        for token in self._split(text, chars=True):
            if token.text == "s" and text[token.startchar - 1 : token.endchar].lower() in POSSESSIVE:
                continue
            yield Token(token.text, token.startchar, token.endchar)

    def words(self, text: str) -> list[str]:
        """The folded words of `text`, in order."""
        return [token.word for token in self.tokens(text)]

    def stems(self, text: str) -> list[str]:
        """The stems of `text`, in order."""
        return [self.stem(word) for word in self.words(text)]


@cache
def analyser_for(language: str) -> Analyser:
    """The analyser of a language code such as "en" or "pt-BR"."""
    return Analyser(language.replace("_", "-").split("-")[0].lower())


def normalise(text: str) -> str:
    """`text` as it is stored: NFC, and without the control characters that mark a hit in an excerpt."""
    return unicodedata.normalize("NFC", text).translate({2: None, 3: None, 0: None})


def _stemmer(language: str) -> Any:  # noqa: ANN401  -- Whoosh has no types
    if language == "en":
        return porter
    try:
        found = stemmer_for_language(language)
    except KeyError:
        found = NoStemmer()
    return getattr(found, "stem", found)
