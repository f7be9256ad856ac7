"""The walk over a page's elements that writes its stream and notes where sections begin.

Speed matters here, at 900 pages a build: elements that need no thought come from a table (`elements.PLAIN`), and a
function is called only for those that do (`kinds`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kb_server.pages.concealment import Concealed, concealed
from kb_server.pages.elements import PLAIN
from kb_server.pages.meaning import digest, meaning_of
from kb_server.pages.stream import CUT, TITLE, TITLE_END, block, heading_and_text, inline, readable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from lxml.etree import _Element

    Kind = Callable[["Walk", _Element], None]

_PRESENTATION = frozenset({"class", "id", "style", "hidden", "aria-hidden", "role", "tabindex", "align", "valign"})
_FILES = ("src", "srcset", "href", "xlink:href", "poster", "data")
_SHOWN = 60


@dataclass(slots=True)
class Part:
    """What is known of a section beside its stream."""

    anchor: str
    level: int
    links: list[str] = field(default_factory=list)
    hazards: list[str] = field(default_factory=list)


class Walk:
    """One page being read. `out` is its stream in pieces; `kinds` says what to do with elements that are not plain."""

    def __init__(
        self,
        root: _Element,
        html: str,
        kinds: Mapping[str, Kind],
        link: Callable[[str], str | None],
        image: Callable[[str], str | None],
    ) -> None:
        self.out: list[str] = []
        self.root, self.link, self.image = root, link, image
        self.part = Part("", 1)
        self.notes_open: set[str] = set()
        self.notes_read: set[str] = set()
        self.parts = [self.part]
        self._kinds = kinds
        self._concealed = concealed(root, html)
        self._open: list[tuple[str, str]] = []
        self._aside = 0
        self._titled = False

    def inside(self, element: _Element) -> None:
        """Write what stands in `element`."""
        out, opened, kinds, hidden = self.out, self._open, self._kinds, self._concealed
        if element.text:
            out.append(element.text)
        for child in element:
            tag = child.tag
            if hidden and child in hidden and tag != "svg":
                self._conceal(child, hidden[child])
            elif tag in kinds:
                kinds[tag](self, child)
            elif tag in PLAIN:
                before, after = PLAIN[tag]
                out.append(before)
                opened.append((before, after))
                self.inside(child)
                opened.pop()
                out.append(after)
            else:
                self.unknown(child)
            if child.tail:
                out.append(child.tail)

    def between(self, child: _Element, before: str, after: str) -> None:
        """Write what stands in `child` between two marks; they are closed and opened again where a section begins."""
        self.out.append(before)
        self._open.append((before, after))
        self.inside(child)
        self._open.pop()
        self.out.append(after)

    def unknown(self, child: _Element) -> None:
        """Write an element nothing is known of: its attributes may be all it says."""
        attributes = [f"{name!s}={value!s}" for name, value in sorted(child.items()) if name not in _PRESENTATION]
        self.between(child, inline(str(child.tag), *attributes, *self.files(child)), inline(f"/{child.tag}"))

    def files(self, child: _Element) -> list[str]:
        """The digests of the files an element shows: another picture of the same name is another picture."""
        listed = (one.split() for name in _FILES for one in (child.get(name) or "").split(","))
        return [found for one in listed if one and (found := self.image(one[0]))]

    def heading(self, child: _Element, level: int) -> None:
        """Write a heading, which opens a section if it can be linked to, or names the page."""
        anchor = "" if self._aside else child.get("id") or ""
        names_the_page = level == 1 and len(self.parts) == 1 and not self._titled and not self._aside
        if anchor and not names_the_page:
            self._begin(anchor, level)
        named = bool(anchor) or names_the_page
        self.out.append(block(f"h{level}") + TITLE * named)
        self.inside(child)
        self.out.append(TITLE_END * named + block(f"/h{level}"))
        self._titled |= names_the_page

    def _begin(self, anchor: str, level: int) -> None:
        self.out.extend(after for _, after in reversed(self._open))
        self.part = Part(anchor, level)
        self.parts.append(self.part)
        self.out.append(CUT)
        self.out.extend(before for before, _ in self._open)

    def elsewhere(self, write: Callable[[], None]) -> str:
        """The stream of what `write` writes, taken out again; no section begins in it."""
        start = len(self.out)
        self._aside += 1
        write()
        self._aside -= 1
        stream = "".join(self.out[start:])
        del self.out[start:]
        return stream

    def _conceal(self, child: _Element, why: Concealed) -> None:
        """Write an element that is not what it seems: reported if it has words, kept out of sight if it is."""
        first = len(self.parts) - 1
        if why.seen:
            start = len(self.out)
            self._one(child)
            self._report(why, "".join(self.out[start:]), first)
            return
        stream = self.elsewhere(lambda: self._one(child))
        self._report(why, stream, first)
        if stream.strip():
            self.out.append(inline("hidden", digest(meaning_of(stream))))

    def _one(self, child: _Element) -> None:
        tag = str(child.tag)
        if tag in self._kinds:
            self._kinds[tag](self, child)
        elif tag in PLAIN:
            self.between(child, *PLAIN[tag])
        else:
            self.unknown(child)

    def _report(self, why: Concealed, stream: str, first: int) -> None:
        """Say it of each section, from the `first` on, that has words in it: a box may stand around several."""
        for part, within in zip(self.parts[first:], stream.split(CUT), strict=False):
            words = " ".join(heading_and_text(readable(within))).strip().replace("\n", " ")
            if words or why.speaks:
                part.hazards.append(f"{why.reason}, here “{words[:_SHOWN]}”.")
