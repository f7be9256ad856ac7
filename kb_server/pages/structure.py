"""What a text's HTML says beyond its words: lists, tables, marks, the pages it links to, and what no text shows."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

_FREE = frozenset(
    ["p", "em", "strong", "b", "i", "u", "mark", "small", "big", "font", "span", "div", "br", "hr", "a", "code"]
)
_WITH_WORDS = frozenset(["sup", "sub", "del", "s", "ins"])
_UNSEEN = frozenset(["img", "svg", "picture", "video", "audio", "object", "iframe", "canvas", "math", "input"])
_KEPT = frozenset(["start", "type", "value", "colspan", "rowspan", "title", "open"])


@dataclass
class Structure:
    """What a text says beyond its words, in order.

    ``marks`` are elements and what is raised or struck out, ``links`` page ids, ``codes`` what is to be read literally.
    ``unseen``: something is there whose content may change without any of these.
    """

    marks: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    unseen: bool = False


def structure_of(html: str) -> Structure:
    """The structure of this HTML; what is emphasised, and how paragraphs are parted, is none of it."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.found


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found, self._open = Structure(), list[str]()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        href = given.get("href", "")
        if href.startswith("{base}"):
            self.found.links.append(href.removeprefix("{base}").removeprefix("p/").strip("/"))
        self.found.unseen |= tag in _UNSEEN or "footnote" in given.get("class", "")
        kept = [f"{name}={given[name]}" for name in sorted(given) if name in _KEPT]
        if tag not in _FREE or kept:
            self.found.marks.append(" ".join((tag, *kept)))
        if tag in _WITH_WORDS or tag == "code":
            self._open.append(tag)
            if tag == "code":
                self.found.codes.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag in self._open:
            self._open.remove(tag)
        if tag not in _FREE:
            self.found.marks.append(f"/{tag}")

    def handle_data(self, data: str) -> None:
        if "code" in self._open:
            self.found.codes[-1] += data
        if any(tag in _WITH_WORDS for tag in self._open):
            self.found.marks.append(data)
