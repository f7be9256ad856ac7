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
from typing import TYPE_CHECKING, NoReturn

from kb_server.errors import Invalid
from kb_server.pages.hazards import hazards_of
from kb_server.wiki.editing.standing import Map, Standing, bare
from kb_server.words import t

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Finder = Callable[[str], Iterator["Found"]]

PLAIN_TAGS = frozenset({"br", "kbd", "sub", "sup", "mark", "del", "ins", "abbr"})
"""Tags that anybody may bring in, without attributes."""
SCHEMES = frozenset({"http", "https", "mailto", "tel"})
_TAG = re.compile(r"</?([A-Za-z][\w:.-]*)(?:[^<>]*)>?|<!--|-->|<[?!/]")
_ADDRESS = re.compile(r"<(?:https?://[^\s<>\"'`]+|(?:mailto:)?[\w.%+-]+@[\w.-]+|tel:[\d+-]+)>", re.IGNORECASE)
_RUN = re.compile(
    r"-8<-|--\|8<|\{[%{!#]|\{(?:\+\+|--|~~|==|>>)|\[TOC\]|!\[\[|(?<![\w:/])(?::::|///).*|\bexec\s*="
    r"|\\(?:href|url|style|class|cssId|data|unicode|require|[gex]?def|(?:future)?let|mmlToken|includegraphics"
    r"|html(?:Class|Id|Style|Data)|(?:re)?new(?:command|environment)|providecommand|Declare[A-Z]\w*)(?![A-Za-z])"
    r"|&#(?!\d+;|[xX][0-9a-fA-F]+;)",
    re.MULTILINE,
)
"""Snippets, macros, blocks of plugins, commands of formulas that work in other formulas or lead away; and half
a character by its number, after which Python's parser takes no tag or comment of the page for what it is."""
_LEAD = re.compile(r"(?:[ \t>]|(?:[-*+:]|\d+\.)(?=[ \t]))*")
_IN_WORDS = re.compile(r"</?(?:a|b|code|em|i|img|q|s|small|span|strong|u|var)\b", re.IGNORECASE)
_BRACES = re.compile(r"\{([^}\n]*)(\})?")
_ATTRIBUTES = re.compile(
    r"^:|[#=]|::|(?:^|[ {:])\.(?=[^ .])|(?<![\w-])(?:hidden|inert|popover|contenteditable|autofocus|markdown)(?![\w-])",
    re.IGNORECASE,
)
"""What says in braces how a text looks, or what it does; a brace more before it or in it stops nobody."""
_DEFINITIONS = (
    re.compile(r"(?:^|(?<=[ \t>]))(\*?)\[(\^?[^\[\]]+)\][ ]?:"),
    re.compile(r"^[ \t>]*(?:(?:[-*+:]|\d+\.)[ \t]+)*(\*?)\[(.+?)\][ ]?:"),
)
"""A name that is given a meaning: anywhere behind what may begin a block; and at the very first with brackets in it."""
_TARGETS = (
    re.compile(r"\]\(\s*<?(?=([^()<>]*))"),
    re.compile(r"<([A-Za-z][A-Za-z0-9+.-]*:[^<>\s]*)>"),
    re.compile(r"\[[^\[\]\n]+\][ ]?:\s*<?([^\s\[]*)"),
)
"""Each by itself, and none beyond where another one may begin: in what looks like an address a link may stand."""
_BRACKET = re.compile(r"!?\[|\](?:\(\s*<?(?=(?P<target>[^()<>]*))|[ \n]?\[(?P<name>[^\[\]]*)\])?|\n[ \t>]*(?=\n)")
_MARGIN = re.compile(r"^[ \t>]+", re.MULTILINE)
_MEANT = re.compile(r"\[([^\[\]\n]+)\][ ]?:\s*<?([^\s\[]*)")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_UNSEEN = re.compile(r"[\x00-\x20\x7f-\xa0\u200b-\u200f\u2028-\u202e\u2060\ufeff\\]")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


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
    old, new = bare(before, surely=False), bare(after, surely=True)
    for finder, words in _FINDERS:
        one = _more(finder, before, after) or _elsewhere(finder, old, new)
        if one is not None:
            _refuse_at(after, one, words)
    _refuse_tags(old, new)
    _refuse_named(old, new, bare(elsewhere, surely=True))


def _refuse_at(after: str, one: Found, words: Callable[[str, int], str]) -> NoReturn:
    line = after.count("\n", 0, one.at) + 1
    raise Refused(words(one.what, line), line)


def _more(finder: Finder, before: str, after: str) -> Found | None:
    """The first thing that the text has more often than it had before."""
    left = Counter(found.what for found in finder(before))
    for found in finder(after):
        if not left[found.what]:
            return found
        left[found.what] -= 1
    return None


def _elsewhere(finder: Finder, before: str, after: str) -> Found | None:
    """The first thing that stands so that it acts, as it did not before: out of its code, or of what was around it."""
    here = _map(before)
    left = Counter((found.what, here.at(found.at)) for found in finder(before))
    there = _map(after)
    for found in finder(after):
        key = found.what, there.at(found.at)
        if not left[key]:
            return found
        left[key] -= 1
    return None


def _map(text: str) -> Map:
    return Map(text, (found.at for found in _raw(text)))


def _refuse_tags(before: str, after: str) -> None:
    """A tag that goes missing lets the one that it closed, or that closed it, reach over the rest of the page."""
    if _tags(before) != _tags(after) or _open(before) != _open(after):
        raise Refused(t("edit.refused.unbalanced"))


def _tags(text: str) -> list[tuple[str, str, bool]]:
    """The tags that may reach further; where they may begin a block, and whether a sign may be pushed out."""
    found = []
    for one in _raw(text):
        lead = text[text.rfind("\n", 0, one.at) + 1 : one.at]
        begins = bool(_LEAD.fullmatch(lead)) and not _IN_WORDS.match(one.what)
        line = text[one.at : text.find("\n", one.at) % (len(text) + 1)]
        found.append((one.what, lead if begins else "", begins and "&" in line))
    return found


def _instructions(text: str) -> Iterator[Found]:
    yield from (Found(found[0].strip(), found.start()) for found in _RUN.finditer(text))


def _names_over_lines(text: str) -> Iterator[Found]:
    """What may be part of a name that is given a meaning and goes over lines."""
    at = 0
    for line in text.split("\n"):
        last = line.rfind("]") + 1
        if re.match(r"[^\[\]]*\][ ]?:", line) or "[^" in line[last:] or "*[" in line[last:]:
            yield Found(line.strip(), at)
        at += len(line) + 1


def _raw(text: str) -> Iterator[Found]:
    for found in _TAG.finditer(text):
        name = (found[1] or "").lower()
        is_plain = name in PLAIN_TAGS and re.fullmatch(rf"</?{name}\s*/?>", found[0], re.IGNORECASE)
        if not is_plain and not _ADDRESS.fullmatch(found[0]):
            yield Found(found[0], found.start())


def _attributes(text: str) -> Iterator[Found]:
    for found in _BRACES.finditer(text):
        if found[2] and _ATTRIBUTES.search(found[1]):
            yield Found(found[0], found.start())


def _schemes(text: str) -> Iterator[Found]:
    """Addresses that lead to something else than a page, a mail or a call."""
    for found in (found for one in _TARGETS for found in one.finditer(_out_of_quotes(text))):
        target = _plain(found[1])
        scheme = _SCHEME.match(target)
        if scheme and scheme[1].lower() not in SCHEMES:
            yield Found(target, found.start())


def _pictures(text: str) -> Iterator[Found]:
    """Pictures from elsewhere: whoever reads the page would be seen there."""
    for at, target, _ in _shown(text):
        if _is_away(target):
            yield Found(_plain(target), at)


def _shown(text: str) -> Iterator[tuple[int, str, str]]:
    """Pictures: where each stands, and its address or the name of one."""
    opened: list[tuple[int, int, bool]] = []
    for found in _BRACKET.finditer(text := _out_of_quotes(text)):
        if found[0][:1] == "\n":  # a new paragraph
            opened.clear()
        elif found[0][-1] == "[" and found[0][:1] != "]":
            opened.append((found.start(), found.end(), found[0][0] == "!"))
        elif opened:
            at, begins, is_picture = opened.pop()
            if is_picture:
                yield at, found["target"] or "", _name(found["name"] or text[begins : found.start()])


def _out_of_quotes(text: str) -> str:
    """The text without what begins the lines of a quote, which is no part of an address that goes on there."""
    return _MARGIN.sub(lambda found: found[0].replace(">", " "), text)


def _plain(target: str) -> str:
    return _UNSEEN.sub("", unescape(unescape(target)))


def _is_away(target: str) -> bool:
    """Whether it leads to another machine, as browsers read it: a backslash is as good as a slash."""
    slashes = _plain(unescape(unescape(target)).replace("\\", "/"))
    return bool(_SCHEME.match(_plain(target))) or slashes.startswith("//")


def _unseen(text: str) -> Iterator[Found]:
    at = 0
    for line in text.split("\n"):
        yield from (Found(hazard, at) for hazard in hazards_of(line))
        yield from (Found(f"U+{ord(found[0]):04X}", at) for found in _CONTROL.finditer(line))
        if line.strip() != (plain := line.strip(" \t")) and not re.search(r"\w", line):  # not blank for everybody
            yield Found(f"U+{ord(max(plain[0], plain[-1], key=str.isspace)):04X}", at)
        at += len(line) + 1


def _open(text: str) -> Counter[str]:
    """How often each plain tag is opened and not closed after that, or closed and not opened before."""
    found: Counter[str] = Counter()
    for tag in _TAG.finditer(text):
        name = (tag[1] or "").lower()
        if name in PLAIN_TAGS - {"br"}:  # a browser takes <kbd/> for <kbd>
            closes = tag[0].startswith("</")
            if closes and found[name]:
                found[name] -= 1
            else:
                found[f"/{name}" if closes else name] += 1
    return Counter({name: count for name, count in found.items() if count})


def _refuse_named(before: str, after: str, elsewhere: str) -> None:
    """A link, a footnote or an abbreviation that is given a meaning here has it on the whole page."""
    old, new = _named(before), _named(after)
    used = _name(elsewhere)
    for name in old | new:
        is_note = name[1].startswith("^") and name not in old  # it would stand at the end of the page
        if is_note or (old.get(name) != new.get(name) and (name[1] if name[0] else f"[{name[1]}]") in used):
            at = new[name][2] if name in new else 0
            raise Refused(t("edit.refused.name", name=name[1]), after.count("\n", 0, at) + 1)
    away = _away(before, elsewhere)
    for at, target in _away(after, elsewhere):
        if target not in {known for _, known in away}:
            _refuse_at(after, Found(target, at), lambda _what, line: t("edit.refused.picture", line=line))


class _Meaning(tuple[str, "Standing", int]):
    """What a name means and how that stands; two are alike wherever it stands in the text."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Meaning) and self[:2] == other[:2]

    def __hash__(self) -> int:
        return hash(self[:2])


def _named(text: str) -> dict[tuple[str, str], _Meaning]:
    """What is given a meaning by which line, with what may go on in the next one."""
    here, at, lines = _map(text), 0, text.split("\n")
    named: dict[tuple[str, str], _Meaning] = {}
    for line, below in zip(lines, [*lines[1:], ""], strict=True):
        for found in (found for one in _DEFINITIONS for found in one.finditer(line)):
            said = f"{line}\n{below}" if below.strip(" \t>") else line
            named[found[1], _name(found[2])] = _Meaning((said, here.at(at + found.start()), at))
        at += len(line) + 1
    return named


def _away(text: str, elsewhere: str) -> list[tuple[int, str]]:
    """Pictures from elsewhere that are shown by a name."""
    known = {_name(found[1]): found[2] for found in _MEANT.finditer(_out_of_quotes(f"{elsewhere}\n\n{text}"))}
    return [(at, known[name]) for at, target, name in _shown(text) if not target and _is_away(known.get(name, ""))]


def _name(text: str) -> str:
    """A name in which those that are the same are alike, whatever they stand in."""
    return " ".join(text.casefold().replace(">", " ").split())


_FINDERS: tuple[tuple[Finder, Callable[[str, int], str]], ...] = (
    (_unseen, lambda what, line: t("edit.refused.unseen", what=what, line=line)),
    (_instructions, lambda what, line: t("edit.refused.instruction", what=what, line=line)),
    (_names_over_lines, lambda what, line: t("edit.refused.instruction", what=what, line=line)),
    (_raw, lambda what, line: t("edit.refused.html", what=what, line=line)),
    (_attributes, lambda what, line: t("edit.refused.attributes", what=what, line=line)),
    (_pictures, lambda _what, line: t("edit.refused.picture", line=line)),
    (_schemes, lambda what, line: t("edit.refused.address", what=what, line=line)),
)
"""What is looked for, with what is said of it."""
