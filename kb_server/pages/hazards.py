# ruff: noqa: RUF001  -- look-alikes are the subject
"""Tricks that let a text look like what it is not: they are refused, not folded (see `meaning`).

Reported are characters that cannot be seen or that turn the direction of reading, and words that mix Latin letters with
Cyrillic or Greek ones that look the same. Where such characters are needed to write a language or an emoji they pass:

- joiners (U+200C, U+200D) after a letter of a script that is written with them (Arabic, Syriac, Mongolian, the scripts
  of India, Sri Lanka, Myanmar, Cambodia, Tibet), and U+200D between the parts of an emoji;
- the variation selectors 15 and 16 after a symbol, a digit, ``#`` or ``*``; the Mongolian ones after Mongolian letters;
  those for ideographs (U+E0100 …) after an ideograph;
- the tag characters of the flags of England, Scotland and Wales.

Direction marks do not pass: where text of two directions needs help, ``dir`` on an element gives it in the open.

The ranges are those of Unicode's Default_Ignorable_Code_Point and Bidi_Control, with the fillers and blanks that look
like a space or like nothing, and all controls. The look-alikes are those of UTS 39 that no reader can tell apart.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_SUSPECT = re.compile(
    "[\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ufffd\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff]"
)
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")

_EMOJI = "[\u00a9\u00ae\u203c-\u3299\U0001f000-\U0001faff]"
_JOINING_LETTER = (
    "[\u0600-\u07ff\u0840-\u08ff\u0900-\u0dff\u0f00-\u109f\u1780-\u17ff\u1800-\u18aa\u1b00-\u1b7f\ua840-\ua8ff]"
)
_NEEDED = re.compile(
    f"(?<={_JOINING_LETTER})[\u200c\u200d]"
    f"|(?:(?<={_EMOJI})|(?<=\ufe0f))\u200d(?={_EMOJI})"
    f"|(?:(?<={_EMOJI})|(?<=[0-9#*]))[\ufe0e\ufe0f]"
    "|(?<=[\u1820-\u18aa])[\u180b-\u180f]"
    "|(?<=[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff])[\U000e0100-\U000e01ef]"
    "|(?<=\U0001f3f4)\U000e0067\U000e0062"
    "(?:\U000e0065\U000e006e\U000e0067|\U000e0073\U000e0063\U000e0074|\U000e0077\U000e006c\U000e0073)\U000e007f"
)

_CYRILLIC = "АВЕЅІЈКМНОРСТУХаеіјорсухѕһԁԛԜԝԌԍӏҮүІѴѵ"
_GREEK = "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧονϲϹϳͿ"
# More letters that pass for Latin ones when they stand among them: Armenian, Cherokee, Coptic, Lisu, full-width,
# mathematical.
_COSTUME = re.compile(
    "[\u0530-\u058f\u13a0-\u13fd\uab70-\uabbf\u2c80-\u2cff\ua4d0-\ua4ff\uff21-\uff3a\uff41-\uff5a\U0001d400-\U0001d7cb]"
)
_FOREIGN = re.compile("[\u0370-\u03ff\u0400-\u052f]")
_WORD = re.compile(r"\w+")
_LATIN = re.compile("[A-Za-z\u00c0-\u024f]")
_DIGIT_TWIN = re.compile("^[0-9ОоЗзӠӡбΟο]+$")
_TWINS = frozenset(_CYRILLIC + _GREEK)


def hazards_of(text: str) -> tuple[str, ...]:
    """A sentence for each trick in `text`, in order and without repeats. The marks of a stream are no hazard."""
    if text.isascii() and "\x7f" not in text:
        return ()
    found = [*_unseen(text), *_look_alikes(text)] if not text.isascii() else [*_unseen(text)]
    return tuple(dict.fromkeys(found))


def _unseen(text: str) -> Iterator[str]:
    if not _SUSPECT.search(text):
        return
    needed = {at for found in _NEEDED.finditer(text) for at in range(*found.span())}
    for found in _SUSPECT.finditer(text):
        if found.start() not in needed:
            yield f"{_what(text, found.start())}, near “{_near(text, found.start())}”."


def _what(text: str, at: int) -> str:
    character = text[at]
    if character == "\ufffd":
        return _replaced(text[at + 1 : at + 2])
    if character in _BIDI:
        return f"{_named(character)} turns the direction of reading"
    if unicodedata.category(character) == "Cc":
        return f"{_named(character)} is a control character"
    return f"{_named(character)} cannot be seen"


def _replaced(picture: str) -> str:
    """What `stream.clean` or a decoder left behind."""
    if "\u2400" <= picture <= "\u241f":
        return f"U+{ord(picture) - 0x2400:04X} is a control character"
    return "U+FFFD REPLACEMENT CHARACTER stands for a character that could not be read"


def _look_alikes(text: str) -> Iterator[str]:
    if not _FOREIGN.search(text) and not _COSTUME.search(text):
        return
    words = [found[0] for found in _WORD.finditer(text)]
    for word in words:
        twin = None if word.isascii() else _twin(word)
        if twin:
            yield f"The word “{word}” mixes alphabets: {_named(twin)} looks like a Latin letter."
    yield from _disguised(words, [word for word in words if _FOREIGN.search(word)])


def _twin(word: str) -> str | None:
    """The first letter in `word` that passes for one of the letters around it."""
    latin = bool(_LATIN.search(word))
    number = bool(_DIGIT_TWIN.match(word) and re.search("[0-9]", word))
    for letter in word:
        if (latin and (letter in _TWINS or _COSTUME.match(letter))) or (number and letter in _TWINS):
            return letter
    return None


def _disguised(words: list[str], foreign: list[str]) -> Iterator[str]:
    """Words made of look-alikes alone, in a text that has Latin words and no other word of that alphabet."""
    strangers = [word for word in foreign if not _LATIN.search(word)]
    plain = any(set(word) - _TWINS - set("0123456789_") for word in strangers)
    if plain or not any(_LATIN.search(word) for word in words):
        return
    for word in strangers:
        if len(word) > 1 or word in _CYRILLIC:
            yield f"The word “{word}” looks Latin and is not: it is spelt with {_named(word[0])}."


def _named(character: str) -> str:
    name = unicodedata.name(character, "")
    return f"U+{ord(character):04X} {name}".rstrip()


def _near(text: str, at: int) -> str:
    around = text[max(0, at - 12) : at + 13]
    shown = re.sub("[\x00-\x1f]+", " ", around)
    return _SUSPECT.sub(lambda found: f"⟨U+{ord(found[0]):04X}⟩", shown).strip()
