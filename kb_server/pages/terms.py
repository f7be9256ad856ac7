"""Where the names of defined terms stand in a text, as whoever wrote it may have bent them.

Not by stems, as search finds what is asked for: by those "custom" is a customer, and a page must not say so. A name
stands where its words do, whatever their case, parted by white space or a hyphen, in a simple English plural if need
be. What a name has in capitals is taken by its letters: "SAL" is not "Sal". What is part of a longer word, of an
address or of a file's name is no use of a term.
"""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_WORD = re.compile(r"[^\W_]+")
_HYPHENS = "-\u2010\u2011"
_NEXT = re.compile(
    rf"(?P<gap>(?:\s|&nbsp;|&\#160;)+|(?<=[^\W_])[{_HYPHENS}](?=[^\W_]))?(?P<token>[^\W_]+|&\w+;|[^\w\s&])"
)
_JOINED_BEFORE = frozenset("_/@=#&\\")
_JOINED_BEHIND = re.compile(rf"[_/@=\\\u0300-\u036f]|[{_HYPHENS}.][^\W_]")
_SAME = {"\u2019": "'", "&rsquo;": "'"}
_IES = 4  # letters of the shortest word whose "ies" was a "y"
_S = 3
_MOST = 100_000
"""Words remembered, with what may begin with them."""
_LONGEST = 20
"""Words and signs of a name. At each word of a text as many may have to be read before no name is found there."""


class Use(NamedTuple):
    """A place in a text where a name stands, and what it is the name of."""

    start: int
    end: int
    of: str


class _Step(dict[str, "_Step"]):
    """What may follow in a name, and what has this name if it ends here."""

    of = ""


class Names:
    """Names of terms, to be found in texts in the time it takes to read them, however many there are."""

    def __init__(self, names: Iterable[tuple[str, str]]) -> None:
        """`names` are pairs of a name and what has it; of two that have the same name the first keeps it."""
        self._first = _Step()
        self._begun: dict[str, _Step | None] = {}
        for name, of in names:
            self._add(_tokens(name), of)

    def __bool__(self) -> bool:
        """Whether there is anything to find."""
        return bool(self._first)

    def found_in(self, text: str) -> Iterator[Use]:
        """Where names stand in a piece of HTML without tags; the longest at each place, none overlapping."""
        begun, read = self._begun, 0
        for word in _WORD.finditer(text):
            known = word[0]
            step = begun[known] if known in begun else self._begin(known)
            if step is None or word.start() < read:
                continue
            if use := _longest(step, text, word.start(), word.end()):
                yield use
                read = use.end

    def _begin(self, word: str) -> _Step | None:
        if len(self._begun) >= _MOST:
            self._begun.clear()
        found = self._begun[word] = _followed(self._first, word)
        return found

    def _add(self, tokens: list[str], of: str) -> None:
        step = self._first
        for token in tokens:
            step = step.setdefault(token, _Step())
        if tokens and not step.of:
            step.of = of


def _tokens(name: str) -> list[str]:
    """The words and signs of a name, as looked for; none where it is too long or does not begin with a word."""
    text, found, at = escape(name.strip(), quote=False), list[str](), 0
    while at < len(text):
        token = _NEXT.match(text, at)
        if token is None or (not found and not _WORD.match(token["token"])):
            return []
        found.append(_key(token["token"]))
        at = token.end()
    return found if len("".join(found)) > 1 and len(found) <= _LONGEST else []


def _key(token: str) -> str:
    """Capitals mean themselves, anything else its letters."""
    return token if token.isupper() and len(token) > 1 else _SAME.get(token, token.casefold())


def _longest(step: _Step, text: str, start: int, end: int) -> Use | None:
    """The longest name that begins with the word from `start` to `end`, of which `step` says what may follow."""
    if start and _is_joined(text, start):
        return None
    found = None
    while True:
        if step.of and not _JOINED_BEHIND.match(text, end):
            found = Use(start, end, step.of)
        token = _NEXT.match(text, end) if step else None
        following = _followed(step, token["token"]) if token else None
        if token is None or following is None:
            return found
        step, end = following, token.end()


def _is_joined(text: str, start: int) -> bool:
    """Whether what stands before makes a word part of something longer."""
    before = text[start - 1]
    return before in _JOINED_BEFORE or (before in _HYPHENS and start > 1 and text[start - 2].isalnum())


def _followed(step: _Step, token: str) -> _Step | None:
    keys = [_SAME.get(token, token.casefold())]
    if token.isupper():
        keys.insert(0, token)
    if token[-1] in "sS":
        keys += [token[:-1], singular(keys[-1])]
    return next((step[key] for key in keys if key in step), None)


def singular(word: str) -> str:
    """An English word in small letters without the ending of a plural, as far as that can be told by its letters."""
    if word.endswith("ies") and len(word) > _IES:
        return f"{word[:-3]}y"
    if word.endswith(("sses", "shes", "ches", "xes", "zes")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > _S else word
