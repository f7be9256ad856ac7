"""A page's Markdown without what is no prose: code, comments, addresses. Everything keeps its place.

It is read line by line as Python-Markdown would, and not rendered: a proofreader needs to know where a thing stands in
the file, and 900 pages must not take longer than a breath. What it takes for code by mistake is not looked at; so where
it is not sure, it errs that way.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kb_server.pages.headings import comment_end, fence_end

if TYPE_CHECKING:
    from collections.abc import Iterator

# Each of these ends at the end of the text, too, where it is never closed: so nothing is looked for twice.
_CODE = re.compile(r"(?<![\\`])(`{1,9})(?!`)((?:(?!\n[ \t]*\n).){1,600}?)(?<!`)(?P<end>\1)(?!`)", re.DOTALL)
_COMMENT = re.compile(r"<!--.*?(?P<end>-->|\Z)", re.DOTALL)
_RAW = re.compile(
    r"<(pre|code|script|style|svg|math|textarea)\b[^<>]{0,300}>.*?(?P<end></\1\s*>|\Z)", re.DOTALL | re.IGNORECASE
)
_MATHS = re.compile(r"(?<![\\$])\$\$(?!\$).+?(?P<end>\$\$|\Z)", re.DOTALL)
_PROGRAMS = [
    re.compile(rf"{opened}.*?(?P<end>{closed}|\Z)", re.DOTALL)
    for opened, closed in ((r"\{\{", r"\}\}"), (r"\{%", r"%\}"), (r"\{#-?\s", r"#\}"))
]
_INDENTED = re.compile(r"(?: {4}|\t| {1,3}\t)")
_HOLDER = re.compile(r"[ ]{0,3}(?:[-*+]|\d+[.)])[ \t]|[ ]{0,3}(?:!!!|\?\?\?\+?|===|///)|[ ]{0,3}:[ \t]|[ ]{0,3}\[\^|<")
_NOT_NEWLINE = re.compile(r"[^\n]")

LONGEST = 2_000
"""Characters of a link's text or a picture's: so that a page of a million brackets takes no longer than another."""
_TEXT = r"(?P<text>(?:[^\[\]\\\n]|\\.|\n(?![ \t]*\n)|\[(?:[^\[\]\\\n]|\\.)*\]){0,400})"
_ADDRESS = r"\([ \t]*(?P<url><[^<>\n]*>|[^\s()<>]*(?:\([^\s()]*\)[^\s()]*)*)(?P<more>[^()\n]*)\)"
_LINK = re.compile(rf"(?P<picture>!?)\[{_TEXT}\]{_ADDRESS}")
_INNER = re.compile(rf"(?P<picture>!)\[(?P<text>[^\[\]\n]{{0,400}})\]{_ADDRESS}")
_REFERENCE = re.compile(
    r"^[ ]{0,3}\[(?!\^)(?P<name>[^\[\]\n]{1,400})\]:[ \t]*(?:\n[ \t]*(?![\s\[]))?<?(?P<url>[^\s<>]+)>?.*$", re.MULTILINE
)
_USED = re.compile(r"(?P<picture>!?)\[(?P<text>[^\[\]\n]{1,400})\]\[(?P<name>[^\[\]\n]{0,400})\](?![(\[])")
_IMG = re.compile(r"<img\b[^<>]*>", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Link:
    """A link or a picture: where it begins in the text, its own words, and where its address stands."""

    at: int
    end: int
    text: str
    url: str
    url_at: int
    picture: bool = False


def bare(text: str, first: int) -> str:
    """The text with all that is no prose made blank; the first lines, its front matter, are. Line ends stay."""
    lines = text.split("\n")
    for at in range(first):
        lines[at] = " " * len(lines[at])
    _blank_fences(lines, first)
    _blank_indented(lines, first)
    blank = "\n".join(lines)
    for pattern in (_COMMENT, _CODE, _RAW, _MATHS, *_PROGRAMS):
        blank = pattern.sub(lambda found: _emptied(found) if found["end"] else found[0], blank)
    return blank


def _emptied(found: re.Match[str]) -> str:
    return _NOT_NEWLINE.sub(" ", found[0])


def _blank_fences(lines: list[str], first: int) -> None:
    at = first
    while at < len(lines):
        inner = lines[at].lstrip(" \t>")
        end = fence_end(lines, at, inner) if inner[:3] in {"```", "~~~"} else None
        if end is None:
            at = comment_end(lines, at) + 1 if "<!--" in lines[at] else at + 1
            continue
        for inside in range(at, end + 1):
            lines[inside] = " " * len(lines[inside])
        at = end + 1


def _blank_indented(lines: list[str], first: int) -> None:
    """Make code by indentation blank: below an empty line, and in nothing that holds indented text."""
    held = after_blank = False
    code = False
    for at in range(first, len(lines)):
        line = lines[at]
        if not line.strip():
            after_blank = True
            continue
        indented = bool(_INDENTED.match(line))
        if not indented:
            held = bool(_HOLDER.match(line)) or (held and not after_blank)
        code = indented and not held and (after_blank or code or at == first)
        if code:
            lines[at] = " " * len(line)
        after_blank = False


def links(blank: str, text: str) -> Iterator[Link]:
    """The links and pictures with an address in parentheses, in order, pictures within links after those."""
    for found in _LINK.finditer(blank):
        yield _link(found, text)
        if not found["picture"] and "![" in found["text"]:
            for inner in _INNER.finditer(blank, found.start() + 1, found.end()):
                yield _link(inner, text)


def _link(found: re.Match[str], text: str) -> Link:
    url, at = found["url"], found.start("url")
    if not url:  # a program may write it: `({% page "x" %})` is blank here
        url = text[found.end("text") + len("](") : found.end() - len(")")].strip()
    if url[:1] == "<":
        url, at = url[1:-1], at + 1
    words = text[found.start("text") : found.end("text")]
    return Link(found.start(), found.end(), words, url, at, bool(found["picture"]))


def references(blank: str) -> dict[str, Link]:
    """The addresses given apart, by the name they are used under."""
    found: dict[str, Link] = {}
    for one in _REFERENCE.finditer(blank):
        name = reference_name(one["name"])
        found.setdefault(name, Link(one.start(), one.end(), one["name"], one["url"], one.start("url")))
    return found


def reference_name(name: str) -> str:
    """A name of an address as it is compared."""
    return " ".join(name.split()).casefold()


def used_references(blank: str, text: str) -> Iterator[Link]:
    """The links by name, ``[text][name]`` and ``[name][]``; the name stands as their url."""
    for found in _USED.finditer(blank):
        words = text[found.start("text") : found.end("text")]
        yield Link(
            found.start(), found.end(), words, found["name"] or words, found.start("name"), bool(found["picture"])
        )


def html_pictures(blank: str) -> Iterator[re.Match[str]]:
    """The ``<img>`` elements."""
    return _IMG.finditer(blank)


def prose(blank: str) -> str:
    """What is left when addresses, HTML tags and attribute lists are blank, too: words that people read."""
    for pattern in (_URLS, _TAG, _BRACES):
        blank = pattern.sub(_emptied, blank)
    return blank


_URLS = re.compile(
    r"(?<=\])\([ \t]*<?[^\s()<>]*(?:\([^\s()]*\)[^\s()]*)*>?"
    r"|(?<=\])\[[^\[\]\n]*\]"
    r"|^[ ]{0,3}\[[^\[\]\n]{1,400}\]:[ \t]*\S+"
    r"|\b(?:https?|ftp|mailto|file):[^\s<>\"')\]]+|\bwww\.[^\s<>\"')\]]+"
    r"|(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}\.[\w.-]+"
    r"|\[\^[^\]\s]+\]",
    re.MULTILINE,
)
_TAG = re.compile(r"</?[A-Za-z][\w-]*(?:\s[^<>]*)?/?>")
_BRACES = re.compile(r"\{:?[ ]*[#.][^{}\n]*\}|:[a-z0-9_+-]+:|&\w+;|&#\w+;")
