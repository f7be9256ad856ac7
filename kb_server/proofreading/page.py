"""A page as its file says it, with what rules ask about it worked out once, when first asked."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from kb_server.pages.source import front_matter_lines
from kb_server.proofreading import markdown
from kb_server.proofreading.models import Edit, Finding, Level
from kb_server.wiki import outline
from kb_server.wiki.problems import Problem

_ID = re.compile(r"<[A-Za-z][^<>]*?\s(?:id|name)\s*=\s*[\"']?([^\"'\s>]+)|\{[^{}\n]*?#([^\s{}]+)[^{}\n]*\}")
_NOTE = re.compile(r"^\[\^([^\]\s]+)\]:", re.MULTILINE)
_MADE_BY_A_PROGRAM = re.compile(r"\{\{|\{%|^\s*-+8<-+|^:::\s|^\s*=== ", re.MULTILINE)


@dataclass(eq=False)
class Page:
    r"""A page. `path` is told from the docs folder, `shown` from the folder of mkdocs.yml.

    In `text` every line ends with ``\n`` alone; the file's own line ends are put back when it is mended.
    """

    path: str
    shown: str
    text: str
    meta: dict[str, Any] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """The kind its front matter names."""
        kind = self.meta.get("kind")
        return kind if isinstance(kind, str) else "page"

    @cached_property
    def first(self) -> int:
        """How many lines the front matter takes."""
        return front_matter_lines(self.text)

    @cached_property
    def lines(self) -> list[str]:
        """The lines, front matter too."""
        return self.text.split("\n")

    @cached_property
    def bare(self) -> str:
        """The text without front matter, code and comments; every character keeps its place."""
        return markdown.bare(self.text, self.first)

    @cached_property
    def prose(self) -> str:
        """The words people read; every character keeps its place."""
        return markdown.prose(self.bare)

    @cached_property
    def links(self) -> list[markdown.Link]:
        """Links and pictures whose address stands with them or is given apart, in order."""
        apart = {(one.at, one.url): one for one in self.references.values()}.values()
        return sorted([*markdown.links(self.bare, self.text), *apart], key=lambda link: link.at)

    @cached_property
    def references(self) -> dict[str, markdown.Link]:
        """Addresses given apart, by name."""
        return markdown.references(self.bare)

    @cached_property
    def sections(self) -> outline.Text:
        """Its sections, with the anchors the build will give them."""
        return outline.read(self.text)

    @cached_property
    def anchors(self) -> frozenset[str]:
        """Everything on the page that an address can lead to."""
        text = self.sections
        found = {section.anchor for section in text.sections} | ({text.top} if text.top else set())
        found |= {name for pair in _ID.findall(self.text) for name in pair if name}
        return frozenset(found | {f"fn:{name}" for name in _NOTE.findall(self.bare)})

    @cached_property
    def is_partly_made(self) -> bool:
        """Whether a program writes some of it, so that more can be there than is written."""
        return bool(_MADE_BY_A_PROGRAM.search(self.text))

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(at + 1 for at, letter in enumerate(self.text) if letter == "\n")]

    def start_of(self, line: int) -> int:
        """Where a line, counted from 1, begins in the text."""
        return self._starts[line - 1]

    def place(self, at: int) -> tuple[int, int]:
        """Line and column, counted from 1, of a character."""
        line = bisect_right(self._starts, at)
        return line, at - self._starts[line - 1] + 1

    def found(  # noqa: PLR0913  -- what makes a finding
        self,
        rule: str,
        level: Level,
        at: int | None,
        message: str,
        hint: str = "",
        *,
        edit: Edit | None = None,
        about: tuple[str, ...] = (),
    ) -> Finding:
        """A finding at a character of the page, or about all of it."""
        line, column = (0, 0) if at is None else self.place(at)
        return Finding(self.shown, line, rule, level, message, hint, column, edit, about)

    def problem(self, rule: str, level: Level, problem: Problem, about: tuple[str, ...] = ()) -> Finding:
        """A problem that the build knows, as a finding."""
        return Finding(self.shown, problem.line or 0, rule, level, problem.message, problem.fix, about=about)
