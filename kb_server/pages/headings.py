"""Lines of Markdown that may be headings, as Python-Markdown sees them.

``#channel`` is a heading there, ``  # indented`` is not unless a list or a box has taken the indentation away; a fence
must be closed by the same characters, and a comment by ``-->``, else they are text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_MARGIN = " \t>"
_INTERESTING = frozenset("#`~<-*+=:0123456789")
_FENCE = re.compile(
    r"(?P<fence>`{3,}|~{3,})[ \t]*(?:\{[^\n]*\}|[\w#.+-]*(?:[ \t]+[A-Za-z]\w*=(?:\"[^\"]*\"|'[^']*'|\S+))*)[ \t]*$"
)
_HASHES = re.compile(r"(#{1,6})((?:\\.|[^\\])*?)#*[ \t]*$")
"""Not with a backslash at the end: then it is none."""
_BULLETS = re.compile(r"(?:(?:[-*+:]|\d+\.)[ \t][ \t>]*)+(?=#)")
_UNDERLINE = re.compile(r"(=+|-+)[ \t]*$")
_NO_HEADING = re.compile(r"[ ]{4}|[ ]{0,3}\t|!!!|\?\?\?|===[!+]?[ ]*\"")
"""What begins a line that is no heading though it is underlined: code, a box."""
_RAW = re.compile(r"<h([1-6])(?:\s[^>]*)?>(.*?)(?:</h\1\s*>|$)", re.IGNORECASE | re.DOTALL)
_CODE = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)")
_LONGEST_RAW = 20

_ATTRIBUTES = re.compile(r"[ \t]*\{:?[ ]*[#.\w][^}\n]*\}[ \t]*$")
_PICTURE_OR_LINK = re.compile(r"!?\[((?:[^\[\]]|\[[^\]]*\])*)\](?:\([^()]*(?:\([^()]*\)[^()]*)*\)|\[[^\]]*\])")
_NOTE = re.compile(r"\[\^[^\]]+\]")
_TAG = re.compile(r"</?[A-Za-z][\w-]*(?:[\s/][^>]*)?>|<!--.*?-->")
_WORDS = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A line (0-based) that may be a heading. ``firm`` tells that it is one unless something unknown is at work."""

    line: int
    level: int
    text: str
    firm: bool


def candidates(lines: Sequence[str], first: int) -> Iterator[Candidate]:
    """The candidates among `lines` from index `first` on, in order; none from closed fences and comments."""
    at = first
    while at < len(lines):
        line = lines[at]
        inner = line.lstrip(_MARGIN)
        if inner[:1] in _INTERESTING:
            end = fence_end(lines, at, inner)
            if end is not None:
                at = end + 1
                continue
            yield from _on_line(lines, at, inner, first)
        elif "<h" in line or "<H" in line:
            yield from _raw(lines, at)
        at = comment_end(lines, at) + 1 if "<!--" in line else at + 1


def _on_line(lines: Sequence[str], at: int, inner: str, first: int) -> Iterator[Candidate]:
    bulleted = _BULLETS.match(inner)
    hashes = _HASHES.match(inner, bulleted.end() if bulleted else 0)
    if hashes:
        yield Candidate(at, len(hashes[1]), hashes[2], firm=lines[at][:1] == "#")
    elif inner[:1] in "-=" and at > first and _UNDERLINE.match(inner):
        above = lines[at - 1]
        if above.strip(_MARGIN) and not above.startswith("#"):
            begins = at - 2 < first or not lines[at - 2].strip() or lines[at - 2].startswith("#")
            firm = begins and inner == lines[at] and not _NO_HEADING.match(above)
            yield Candidate(at - 1, 1 if inner[0] == "=" else 2, above, firm=firm)
    else:
        yield from _raw(lines, at)


def _raw(lines: Sequence[str], at: int) -> Iterator[Candidate]:
    if "<h" not in lines[at].lower():
        return
    text = "\n".join(lines[at : at + _LONGEST_RAW])
    for found in _RAW.finditer(text):
        if found.start() <= len(lines[at]):
            yield Candidate(at, int(found[1]), found[2], firm=True)


def fence_end(lines: Sequence[str], at: int, inner: str) -> int | None:
    """The line that closes the fence opened at `at`, or None if none is opened or it is never closed."""
    opened = _FENCE.match(inner)
    if not opened:
        return None
    margin = len(lines[at]) - len(inner)
    for end in range(at + 1, len(lines)):
        text = lines[end].lstrip(_MARGIN)
        if not text:
            continue
        if len(lines[end]) - len(text) < margin:
            return None
        if text.rstrip() == opened["fence"]:
            return end
    return None


def comment_end(lines: Sequence[str], at: int) -> int:
    """The line where the last comment that begins at `at` ends; `at` itself if none does, or it is never closed."""
    visible = _CODE.sub("", lines[at])
    opened = visible.rpartition("<!--")
    if not opened[1] or "-->" in opened[2]:
        return at
    return next((end for end in range(at + 1, len(lines)) if "-->" in lines[end]), at)


def words(text: str) -> str:
    """The words of a heading, in source or as rendered, in a form in which both are alike."""
    return " ".join(_WORDS.findall(text.casefold()))


def source_words(text: str) -> str:
    """The words of a heading as they stand in Markdown, without its marks, targets and attributes."""
    text = _ATTRIBUTES.sub("", text)
    while (bare := _PICTURE_OR_LINK.sub(r"\1", text)) != text:
        text = bare
    return words(unescape(_TAG.sub("", _NOTE.sub("", text))))
