"""What in a text does more than say something: markup that acts, leads elsewhere, or is not seen."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

from kb_server.pages.hazards import hazards_of
from kb_server.wiki.editing.models import Found
from kb_server.wiki.editing.standing import Map

if TYPE_CHECKING:
    from collections.abc import Iterator

PLAIN_TAGS = frozenset({"br", "kbd", "sub", "sup", "mark", "del", "ins", "abbr"})
"""Tags that anybody may bring in, without attributes."""
SCHEMES = frozenset({"http", "https", "mailto", "tel"})
TAG = re.compile(r"</?([A-Za-z][\w:.-]*)(?:[^<>]*)>?|<!--|-->|<[?!/]")
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
_BRACES = re.compile(r"\{([^}\n]*)(\})?")
_ATTRIBUTES = re.compile(
    r"^:|[#=]|::|(?:^|[ {:])\.(?=[^ .])|(?<![\w-])(?:hidden|inert|popover|contenteditable|autofocus|markdown)(?![\w-])",
    re.IGNORECASE,
)
"""What says in braces how a text looks, or what it does; a brace more before it or in it stops nobody."""
_TARGETS = (
    re.compile(r"\]\(\s*<?(?=([^()<>]*))"),
    re.compile(r"<([A-Za-z][A-Za-z0-9+.-]*:[^<>\s]*)>"),
    re.compile(r"\[[^\[\]\n]+\][ ]?:\s*<?([^\s\[]*)"),
)
"""Each by itself, and none beyond where another one may begin: in what looks like an address a link may stand."""
_BRACKET = re.compile(r"!?\[|\](?:\(\s*<?(?=(?P<target>[^()<>]*))|[ \n]?\[(?P<name>[^\[\]]*)\])?|\n[ \t>]*(?=\n)")
_MARGIN = re.compile(r"^[ \t>]+", re.MULTILINE)
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_UNSEEN = re.compile(r"[\x00-\x20\x7f-\xa0\u200b-\u200f\u2028-\u202e\u2060\ufeff\\]")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def unseen(text: str) -> Iterator[Found]:
    """Signs that nobody sees, or that not everybody takes for a blank."""
    at = 0
    for line in text.split("\n"):
        yield from (Found(hazard, at) for hazard in hazards_of(line))
        yield from (Found(f"U+{ord(found[0]):04X}", at) for found in _CONTROL.finditer(line))
        if line.strip() != (plain := line.strip(" \t")) and not re.search(r"\w", line):  # not blank for everybody
            yield Found(f"U+{ord(max(plain[0], plain[-1], key=str.isspace)):04X}", at)
        at += len(line) + 1


def instructions(text: str) -> Iterator[Found]:
    """What a plugin, a formula or a parser does something about."""
    yield from (Found(found[0].strip(), found.start()) for found in _RUN.finditer(text))


def raw(text: str) -> Iterator[Found]:
    """HTML but plain tags, and what looks like it."""
    for found in TAG.finditer(text):
        name = (found[1] or "").lower()
        is_plain = name in PLAIN_TAGS and re.fullmatch(rf"</?{name}\s*/?>", found[0], re.IGNORECASE)
        if not is_plain and not _ADDRESS.fullmatch(found[0]):
            yield Found(found[0], found.start())


def attributes(text: str) -> Iterator[Found]:
    """What says in braces how a text looks, or what it does."""
    for found in _BRACES.finditer(text):
        if found[2] and _ATTRIBUTES.search(found[1]):
            yield Found(found[0], found.start())


def schemes(text: str) -> Iterator[Found]:
    """Addresses that lead to something else than a page, a mail or a call."""
    for found in (found for one in _TARGETS for found in one.finditer(out_of_quotes(text))):
        target = _plain(found[1])
        scheme = _SCHEME.match(target)
        if scheme and scheme[1].lower() not in SCHEMES:
            yield Found(target, found.start())


def pictures(text: str) -> Iterator[Found]:
    """Pictures from elsewhere: whoever reads the page would be seen there."""
    for at, target, _ in shown(text):
        if is_away(target):
            yield Found(_plain(target), at)


def shown(text: str) -> Iterator[tuple[int, str, str]]:
    """Pictures: where each stands, and its address or the name of one."""
    opened: list[tuple[int, int, bool]] = []
    for found in _BRACKET.finditer(text := out_of_quotes(text)):
        if found[0][:1] == "\n":  # a new paragraph
            opened.clear()
        elif found[0][-1] == "[" and found[0][:1] != "]":
            opened.append((found.start(), found.end(), found[0][0] == "!"))
        elif opened:
            at, begins, is_picture = opened.pop()
            if is_picture:
                yield at, found["target"] or "", name_of(found["name"] or text[begins : found.start()])


def is_away(target: str) -> bool:
    """Whether it leads to another machine, as browsers read it: a backslash is as good as a slash."""
    slashes = _plain(unescape(unescape(target)).replace("\\", "/"))
    return bool(_SCHEME.match(_plain(target))) or slashes.startswith("//")


def out_of_quotes(text: str) -> str:
    """The text without what begins the lines of a quote, which is no part of an address that goes on there."""
    return _MARGIN.sub(lambda found: found[0].replace(">", " "), text)


def _plain(target: str) -> str:
    return _UNSEEN.sub("", unescape(unescape(target)))


def map_of(text: str) -> Map:
    """Where in a text what stands, by its HTML."""
    return Map(text, (found.at for found in raw(text)))


def name_of(text: str) -> str:
    """A name in which those that are the same are alike, whatever they stand in."""
    return " ".join(text.casefold().replace(">", " ").split())
