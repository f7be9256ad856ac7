"""Markdown as plain text in sections, much faster than a build and near enough to measure with.

Of each block it is known on which lines of the source it stands, so that what became of those lines tells what became
of the block.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass, field
from html import unescape

from kb_server.pages.headings import candidates
from kb_server.pages.manifest import Page, Section
from kb_server.pages.source import front_matter_lines

_COMMENT = re.compile(r"<!--.*?-->")
_IMAGE = re.compile(r"!\[[^\]]*\](?:\([^)]*\)|\[[^\]]*\])")
_LINK = re.compile(r"\[((?:[^\[\]]|\[[^\]]*\])*)\](?:\([^()]*(?:\([^()]*\)[^()]*)*\)|\[[^\]]*\])")
_TAG = re.compile(r"</?[A-Za-z][\w-]*(?:[\s/][^>]*)?>|<(?=https?://)|(?<=\S)>(?=\s|$)")
_MARKS = re.compile(r"(\*{1,3}|(?<!\w)_{1,3}|_{1,3}(?!\w)|`+|~~)")
_ITEM = re.compile(r"^\s*(?:>\s*)*(?:[-*+]|\d+[.)])\s+")
_FENCE = re.compile(r"^\s*(`{3,}|~{3,})")
_RULE = re.compile(r"^\s*(?:[-*_]\s*){3,}$|^\s*[|:\s-]*-{2,}[|:\s-]*$")
_REFERENCE = re.compile(r"^\s*\[[^\]]+\]:\s*\S+")


@dataclass
class Text:
    """A section's text as it grows, and where in it each line of the source begins."""

    anchor: str
    title: str
    level: int
    blocks: list[str] = field(default_factory=list)
    starts: list[tuple[int, int]] = field(default_factory=list)
    length: int = 0

    def add(self, words: str, line: int, *, on: bool) -> bool:
        """Put the words of a line there, going `on` with the block before or not; gives whether a block goes on."""
        if not words:
            return on
        if on and self.blocks:
            self.blocks[-1] += f" {words}"
        else:
            self.blocks.append(words)
        self.length += len(words) + 1
        self.starts.append((self.length - len(words) - 1, line))
        return True


@dataclass(frozen=True)
class Read:
    """A page, and of each section where in its text each line of the source begins: (place, line), both in order."""

    page: Page
    starts: list[list[tuple[int, int]]]

    def lines(self, anchor: str, start: int, end: int) -> set[int]:
        """The lines of the source from which this part of a section's text comes."""
        number = next((at for at, one in enumerate(self.page.sections) if one.anchor == anchor), None)
        if number is None:
            return set()
        starts = self.starts[number]
        places = [place for place, _ in starts]
        first, last = bisect_right(places, start) - 1, bisect_right(places, max(start, end - 1)) - 1
        return {starts[at][1] for at in range(max(0, first), last + 1)}

    @property
    def shown(self) -> set[int]:
        """The lines of the source that readers see something of."""
        return {line for starts in self.starts for _, line in starts}


def plain(line: str) -> str:
    """The words of a line of Markdown, without its marks."""
    line = _IMAGE.sub("", line)
    while (bare := _LINK.sub(r"\1", line)) != line:
        line = bare
    return " ".join(unescape(_MARKS.sub("", _TAG.sub("", line))).split())


def read(path: str, source: str, digest: str = "") -> Read:
    """The page that a file of Markdown is; its id is its path."""
    texts = _Reader(path, source).texts()
    sections = tuple(Section(one.anchor, one.title, one.level, "\n".join(one.blocks), "", None, "") for one in texts)
    page = Page(path, "page", path, texts[0].title, path, digest=digest, sections=sections)
    return Read(page, [one.starts for one in texts])


class _Reader:
    """Reads a file line by line; it stands ``on`` a block that the next line may go on with."""

    def __init__(self, path: str, source: str) -> None:
        self.path, self.lines = path, source.replace("\r\n", "\n").split("\n")
        self.first = front_matter_lines(source)
        self.heads = {one.line: one for one in candidates(self.lines, self.first) if one.firm}
        self.found, self.anchors = [Text("", path, 1)], set[str]()
        self.fence, self.hidden, self.on, self.skipped = "", False, False, -1

    def texts(self) -> list[Text]:
        """The sections."""
        for at in range(self.first, len(self.lines)):
            if self.fence:
                self._code(at)
            elif at in self.heads and not self.hidden:
                self._heading(at)
            elif at != self.skipped or set(self.lines[at].strip()) > set("=-"):
                self._line(at, self._without_comment(self.lines[at]))
        return self.found

    def _code(self, at: int) -> None:
        line = self.lines[at].strip()
        if line.startswith(self.fence) and not line.strip(self.fence[0]):
            self.fence = ""
        else:
            self.found[-1].add(" ".join(line.split()), at + 1, on=False)

    def _heading(self, at: int) -> None:
        head, line = self.heads[at], self.lines[at]
        title, top = plain(head.text.strip(" #")), self.found[0]
        if head.level == 1 and len(self.found) == 1 and not top.blocks and top.title == self.path:
            top.title = title
        else:
            self.found.append(Text(_anchor(title, self.anchors), title, head.level))
        is_underlined = not line.lstrip(" >\t").startswith("#") and "<h" not in line.lower()
        self.skipped, self.on = at + 1 if is_underlined else -1, False

    def _without_comment(self, line: str) -> str:
        if self.hidden:
            self.hidden, line = "-->" not in line, line.partition("-->")[2]
        if "`" not in line:
            line = _COMMENT.sub("", line)
            if "<!--" in line:
                line, self.hidden = line.partition("<!--")[0], True
        return line

    def _line(self, at: int, line: str) -> None:
        last = self.found[-1]
        if fence := _FENCE.match(line):
            self.fence, self.on = fence[1], False
        elif not line.strip() or _RULE.match(line) or _REFERENCE.match(line):
            self.on = False
        elif line.strip().startswith("|"):
            cells = [plain(cell) for cell in line.strip().strip("|").split("|")]
            last.add(" | ".join(cells).strip(), at + 1, on=False)
            self.on = False
        else:
            item = _ITEM.match(line)
            words = plain(line[item.end() :] if item else line.lstrip(" >\t"))
            self.on = last.add(words, at + 1, on=self.on and not item)


def _anchor(title: str, taken: set[str]) -> str:
    plainly = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
    name = re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", plainly).strip().lower()) or "_1"
    while name in taken:
        base, _, number = name.rpartition("_")
        name = f"{base}_{int(number) + 1}" if base and number.isdigit() else f"{name}_1"
    taken.add(name)
    return name
