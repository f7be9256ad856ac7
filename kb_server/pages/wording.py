"""Whether one text of a definition says the same as another in other words, as far as a program may judge that.

Nobody can prove by rules that two texts mean the same, so these rules do the opposite: they know a few changes that
cannot change a meaning (`pages.english`: contractions, British and American spelling, a published list of equal
phrases, articles in some places, slips of the hand) and object to every other. What people then declare, others may
still object to.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Literal, NamedTuple

from kb_server.pages import differences, english, slips
from kb_server.pages.spelling import tokens
from kb_server.pages.structure import structure_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Kind = Literal[
    "number", "negation", "comparison", "modal", "quantity", "unit", "name", "sign", "word", "order", "line", "mark"
    , "link", "unseen", "unkept", "language"
]  # fmt: skip


_SENTENCE_END = frozenset(".!?:;")


class Text(NamedTuple):
    """A text: a line for each block, and its HTML, in which a link into the wiki begins with ``{base}``."""

    lines: str
    html: str = ""


@dataclass(frozen=True, slots=True)
class Objection:
    """What stands against it: ``was`` became ``now``; where one of them is empty, it came in or was taken out."""

    kind: Kind
    was: str = ""
    now: str = ""


def objections(old: Text, new: Text, language: str) -> tuple[Objection, ...]:
    """Everything that stands against saying that `new` says the same as `old`; nothing where it may be said."""
    if language.partition("-")[0].lower() != "en":
        return (Objection("language", now=language),)
    found = [*_of_lines(old.lines, new.lines), *_of_structure(old, new)]
    if not found and old == new:
        found.append(Objection("unseen"))
    return tuple(dict.fromkeys(found))


def _of_structure(old: Text, new: Text) -> Iterator[Objection]:
    was, now = structure_of(old.html), structure_of(new.html)
    if was.unseen or now.unseen:
        yield Objection("unseen")
    if was.links != now.links:
        gone, came = (", ".join(dict.fromkeys(one)) for one in (was.links, now.links))
        yield Objection("link", gone, came)
    if was.marks != now.marks or not (_stand(was.codes, new.lines) and _stand(now.codes, old.lines)):
        yield Objection("mark")


def _stand(codes: Sequence[str], lines: str) -> bool:
    """Whether what one text has to be read literally stands so in the other."""
    return all(" ".join(code.split()) in lines for code in codes)


def _of_lines(old: str, new: str) -> Iterator[Objection]:
    was, now = old.splitlines(), new.splitlines()
    if was != now and sorted(was) == sorted(now):
        yield Objection("order")
    elif len(was) == len(now):
        known = _known(old), _known(new)
        for before, after in zip(was, now, strict=True):
            yield from _Comparison(tokens(before), tokens(after), *known).objections()
    else:
        yield from _of_counts(old, new)


def _of_counts(old: str, new: str) -> Iterator[Objection]:
    for line in differences.lines(old, new):
        kinds = {piece.kind for piece in line.pieces}
        if len(line.pieces) == 1 and "same" not in kinds:
            text = line.pieces[0].text
            yield Objection("line", *((text, "") if "out" in kinds else ("", text)))
    yield Objection("line")


def _known(text: str) -> frozenset[str]:
    return frozenset(word.lower() for line in text.splitlines() for word in tokens(line))


# ── Two lines beside each other ───────────────────────────────────────────


@dataclass(frozen=True)
class _Comparison:
    """Two lines; ``before`` and ``after`` are all words of the two texts."""

    old: tuple[str, ...]
    new: tuple[str, ...]
    before: frozenset[str]
    after: frozenset[str]

    def objections(self) -> Iterator[Objection]:
        if self.old != self.new and sorted(self.old) == sorted(self.new):
            yield Objection("order", " ".join(self.old), " ".join(self.new))
            return
        for tag, start, end, to, until in SequenceMatcher(None, self.old, self.new, autojunk=False).get_opcodes():
            if tag != "equal" and not self._is_free(start, end, to, until):
                yield from _objected(self.old[start:end], self.new[to:until], is_first=start == 0)

    def _is_free(self, start: int, end: int, to: int, until: int) -> bool:
        if (end - start, until - to) == (1, 1):
            return self._is_same_word(self.old[start], self.new[to])
        if (end - start, until - to) == (1, 0):
            return _may_go(self.old, start)
        return (end - start, until - to) == (0, 1) and _may_go(self.new, to)

    def _is_same_word(self, was: str, now: str) -> bool:
        if {was, now} == {"a", "an"}:
            return True
        if was.lower() == now.lower():
            return len(was) >= slips.SHORTEST and (_is_camel(was) or _is_camel(now))
        return slips.is_slip(was, now) and was.lower() not in self.after and now.lower() not in self.before


def _is_camel(word: str) -> bool:
    """Whether a word is a name that can be no other word: ``GitHub``; "march" and "us" may be."""
    return not word.isupper() and any(letter.isupper() for letter in word[1:])


def _may_go(words: Sequence[str], at: int) -> bool:
    """Whether the word or sign at this place says nothing that is not said without it."""
    word = words[at]
    before, after = (words[at - 1] if at else ""), (words[at + 1] if at + 1 < len(words) else "")
    if word in english.DOUBLED and word in (before, after):
        return True
    if word in english.ARTICLES:
        return _is_idle_article(words, at)
    if word == "that":
        return before in english.SAYING and after in english.SAID_OF
    return word == "," and _is_idle_comma(words, at)


def _is_idle_article(words: Sequence[str], at: int) -> bool:
    before, following = (words[at - 1] if at else ""), words[at + 1 : at + 3]
    if not following or before in english.JOINED_BY or not following[0].islower():
        return False
    if words[at] == "the" and any(re.search(english.PLURALS, word) for word in following):
        return False
    if following[0] in english.IN_PHRASES:
        return False
    return not any(word in english.NO_ARTICLE or word.endswith("est") for word in (before, following[0]))


def _is_idle_comma(words: Sequence[str], at: int) -> bool:
    first = max((place for place in range(at) if words[place] in _SENTENCE_END), default=-1) + 1
    last = next((place for place in range(at, len(words)) if words[place] in _SENTENCE_END), len(words))
    if at and words[at - 1] in english.OPENING and at - 1 == first:
        return True
    if tuple(words[max(0, at - 2) : at]) in (("for", "example"), ("that", "is")):
        return True
    sentence = words[first:last]
    joins = [word for word in sentence if word in ("and", "or", "nor")]
    is_list = "," in words[first:at] and len(joins) == 1 and words[at + 1 : at + 2] == tuple(joins)
    return is_list and not any(word in english.BINDING for word in sentence)


_CLASSES: tuple[tuple[Kind, frozenset[str]], ...] = (
    ("number", english.NUMBERS),
    ("negation", english.NEGATIONS),
    ("modal", english.MODALS),
    ("comparison", english.COMPARISONS),
    ("quantity", english.QUANTIFIERS),
    ("unit", english.UNITS),
)


def _objected(was: Sequence[str], now: Sequence[str], *, is_first: bool) -> Iterator[Objection]:
    yield Objection(_kind([*was, *now], is_first=is_first), _said(was), _said(now))


def _said(words: Sequence[str]) -> str:
    return re.sub(r" (?=[,.;:!?)])|(?<=[($€£]) ", "", " ".join(words))


def _kind(words: Sequence[str], *, is_first: bool) -> Kind:
    if any(word[0].isdigit() for word in words):
        return "number"
    for kind, listed in _CLASSES:
        if any(word.lower() in listed for word in words):
            return kind
    if not any(word[0].isalpha() for word in words):
        return "sign"
    return "name" if not is_first and any(word[0].isupper() for word in words) else "word"
