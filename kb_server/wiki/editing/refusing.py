"""What an edit of a section must not bring in: what works beyond the section, or does more than say something.

Whoever edits with git may write all of it, and somebody reads their pull request line by line. An edit comes from
anybody who may suggest, and is applied with one click; so it says in words what it wants, and what a machine would act
upon has to be there already. What stands in the section may stay as it is.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from html import unescape
from typing import TYPE_CHECKING

from kb_server.errors import Invalid
from kb_server.pages.hazards import hazards_of
from kb_server.words import t

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PLAIN_TAGS = frozenset({"br", "kbd", "sub", "sup", "mark", "del", "ins", "abbr"})
"""Tags that anybody may bring in, without attributes."""
SCHEMES = frozenset({"http", "https", "mailto", "tel"})
_TAG = re.compile(r"<[^\s<>@]+@[^\s<>@]+>|</?([A-Za-z][\w:-]*)(?:[\s/][^<>]*)?>?|<!--|-->|<[?!]")
_RUN = re.compile(r"--8<--|--\|8<|\{%|\{\{|\{!|\[TOC\]|!\[\[|^[ \t]*:::.*|\bexec\s*=", re.MULTILINE)
_ATTRIBUTES = re.compile(r"\{:?[ ]*[^{}\n]*(?:[#=]|::)[^{}\n]*\}")
_DEFINITION = re.compile(r"^[ \t>]*(\*?)\[(\^?[^\]\n]+)\]:[^\n]*", re.MULTILINE)
_TARGET = re.compile(
    r"\]\(\s*<?([^\s()<>]*)|<([A-Za-z][A-Za-z0-9+.-]*:[^<>\s]*)>|^[ \t>]*\[[^\]\n]+\]:\s*<?(\S*)", re.MULTILINE
)
_PICTURE = re.compile(r"!\[[^\]\n]*\]\(\s*<?([^\s()<>]*)")
_MAILBOX = re.compile(r"<[^\s<>@]+@[^\s<>@]+>")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_UNSEEN = re.compile(r"[\x00-\x20\x7f-\xa0\u200b-\u200f\u2028-\u202e\u2060\ufeff]")


class Refused(Invalid):
    """An edit would do more than change the words of its section; ``line`` is the line of it that would, from 1."""

    def __init__(self, message: str, line: int = 0) -> None:
        super().__init__(message)
        self.line = line


@dataclass(frozen=True, slots=True)
class Found:
    """Something in a text, where it begins, and by what it is known as the same elsewhere."""

    what: str
    at: int


def refuse(before: str, after: str, elsewhere: str) -> None:
    """Raise Refused where an edit brings in what it must not; `elsewhere` is the rest of the page."""
    for finder, words in _FINDERS:
        if (one := _new(finder, before, after)) is not None:
            line = after.count("\n", 0, one.at) + 1
            raise Refused(words(one.what, line), line)
    if _tags(before) != _tags(after):
        raise Refused(t("edit.refused.unbalanced"))
    _refuse_names(before, after, elsewhere)


def _new(finder: Callable[[str], Iterator[Found]], before: str, after: str) -> Found | None:
    """The first thing that the text has more often than it had before."""
    left = Counter(found.what for found in finder(before))
    for found in finder(after):
        if not left[found.what]:
            return found
        left[found.what] -= 1
    return None


def _instructions(text: str) -> Iterator[Found]:
    yield from (Found(found[0].strip(), found.start()) for found in _RUN.finditer(text))


def _raw(text: str) -> Iterator[Found]:
    for found in _TAG.finditer(text):
        name = (found[1] or "").lower()
        is_plain = name in PLAIN_TAGS and re.fullmatch(rf"</?{name}\s*/?>", found[0], re.IGNORECASE)
        is_address = _MAILBOX.fullmatch(found[0]) or name.partition(":")[0] in (SCHEMES if ":" in name else ())
        if not (is_plain or is_address):
            yield Found(found[0], found.start())


def _attributes(text: str) -> Iterator[Found]:
    yield from (Found(found[0], found.start()) for found in _ATTRIBUTES.finditer(text))


def _schemes(text: str) -> Iterator[Found]:
    """Addresses that lead to something else than a page, a mail or a call."""
    for found in _TARGET.finditer(text):
        target = _UNSEEN.sub("", unescape(unescape(next(filter(None, found.groups()), ""))))
        scheme = _SCHEME.match(target)
        if scheme and scheme[1].lower() not in SCHEMES:
            yield Found(target, found.start())


def _pictures(text: str) -> Iterator[Found]:
    """Pictures from elsewhere: whoever reads the page would be seen there."""
    for found in _PICTURE.finditer(text):
        target = _UNSEEN.sub("", unescape(found[1]))
        if _SCHEME.match(target) or target.startswith(("//", "\\\\", "/\\")):
            yield Found(target, found.start())


def _unseen(text: str) -> Iterator[Found]:
    at = 0
    for line in text.split("\n"):
        yield from (Found(hazard, at) for hazard in hazards_of(line))
        at += len(line) + 1


def _tags(text: str) -> Counter[str]:
    """How often each plain tag is opened more than closed."""
    found: Counter[str] = Counter()
    for tag in _TAG.finditer(text):
        name = (tag[1] or "").lower()
        if name in PLAIN_TAGS - {"br"} and not tag[0].endswith("/>"):
            found[name] += -1 if tag[0].startswith("</") else 1
    return Counter({name: count for name, count in found.items() if count})


def _refuse_names(before: str, after: str, elsewhere: str) -> None:
    """A link, a footnote or an abbreviation that is given a meaning here has it on the whole page."""
    old, new = _named(before), _named(after)
    for name in old | new:
        is_note = name[1].startswith("^") and name not in old  # it would stand at the end of the page
        if is_note or (old.get(name) != new.get(name) and _is_used(name, elsewhere)):
            at = after.find(new.get(name, ""))
            raise Refused(t("edit.refused.name", name=name[1]), after.count("\n", 0, max(at, 0)) + 1)


def _named(text: str) -> dict[tuple[str, str], str]:
    return {(found[1], " ".join(found[2].casefold().split())): found[0] for found in _DEFINITION.finditer(text)}


def _is_used(name: tuple[str, str], elsewhere: str) -> bool:
    text = " ".join(elsewhere.casefold().split())
    return (name[1] if name[0] else f"[{name[1]}]") in text


_FINDERS: tuple[tuple[Callable[[str], Iterator[Found]], Callable[[str, int], str]], ...] = (
    (_unseen, lambda what, line: t("edit.refused.unseen", what=what, line=line)),
    (_instructions, lambda what, line: t("edit.refused.instruction", what=what, line=line)),
    (_raw, lambda what, line: t("edit.refused.html", what=what, line=line)),
    (_attributes, lambda what, line: t("edit.refused.attributes", what=what, line=line)),
    (_pictures, lambda _what, line: t("edit.refused.picture", line=line)),
    (_schemes, lambda what, line: t("edit.refused.address", what=what, line=line)),
)
"""What is looked for, with what is said of it."""
