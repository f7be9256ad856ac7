"""The sections of a page as they stand in its Markdown, with the anchors Python-Markdown gives their headings.

Neither years of a wiki nor a text that somebody is just writing can be rendered in no time; they can be read for their
headings. What a page looks like today is known from rendering it, so a slip here costs an old anchor its redirect, and
nothing else.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, field
from functools import lru_cache
from html import unescape
from typing import TYPE_CHECKING

from markdown.extensions.toc import slugify, unique

from kb_server.pages.headings import candidates
from kb_server.pages.source import front_matter_lines

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kb_server.pages.headings import Candidate

RULES = 2
"""Raised when the same text would be read otherwise than before: what is cached is then read anew."""

_ATTRIBUTES = re.compile(r"[ ]+\{:?[ ]*([^}\n ][^\n]*?)[ ]*\}[ ]*$")
_ID = re.compile(r"(?:^|\s)(?:#|id=[\"']?)([^\s\"'}]+)")
_RAW_ID = re.compile(r"<h[1-6]\s[^>]*?\bid\s*=\s*[\"']?([^\"'\s>]+)", re.IGNORECASE)
_MARKED = re.compile(r"[`\[\]<&_*\\!~]")
_CODE = re.compile(r"(?<![\\`])(`+)(?!`)(.+?)(?<!`)\1(?!`)")
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()>#+\-.!|<~^:])")
_PICTURE = re.compile(r"!\[(?:[^\[\]]|\[[^\]]*\])*\](?:\([^()]*(?:\([^()]*\)[^()]*)*\)|[ ]?\[[^\]]*\])")
_LINK = re.compile(r"\[((?:[^\[\]]|\[[^\]]*\])*)\](?:\([^()]*(?:\([^()]*\)[^()]*)*\)|[ ]?\[[^\]]*\])")
_NOTE = re.compile(r"\[\^[^\]]+\]")
_AUTOLINK = re.compile(r"<((?:https?|ftp)://[^<>\s]*)>")
_TAG = re.compile(r"</?[A-Za-z][\w-]*(?:[\s/][^>]*)?>|<!--.*?-->")
_UNDERLINED = re.compile(r"(?<!\w)(_{1,3})(?=[^\s_])(.+?)(?<=[^\s_])\1(?!\w)")
_STARRED = re.compile(r"(\*{1,3})(?=[^\s*])(.+?)(?<=[^\s*])\1")
_COMMENT = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)|<!--.*?(?P<end>-->|\Z)", re.DOTALL)
_FACT = re.compile(r"^(id|title|merged_into):[ \t]*[\"']?(.*?)[\"']?[ \t]*$", re.MULTILINE)


@dataclass(slots=True)
class Section:
    """A heading and the Markdown below it. The first, of what stands before any heading, has the anchor ""."""

    anchor: str
    title: str
    level: int
    body: str


@dataclass(slots=True)
class Text:
    """One version of a page. ``top`` is the anchor of the heading that gives the page its title; it leads to its top.

    ``facts`` are `id`, `title` and `merged_into` of its front matter, as far as it has them.
    """

    sections: list[Section]
    top: str = ""
    facts: dict[str, str] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """What the page was called."""
        return self.facts.get("title") or self.sections[0].title

    @property
    def words(self) -> int:
        """How many words it has, those of headings too."""
        return sum(len(section.body.split()) + len(section.title.split()) for section in self.sections)

    def anchors(self) -> dict[str, Section]:
        """Its sections by anchor."""
        return {section.anchor: section for section in self.sections}


NONE = Text([Section("", "", 1, "")])
"""A page that is not there."""


def read(source: str) -> Text:
    """The page whose file is `source`."""
    source = source.replace("\r\n", "\n")
    lines = source.split("\n")
    first = front_matter_lines(source)
    found = [one for one in candidates(lines, first) if one.firm]
    named = _named(found, lines)
    bodies = _bodies(found, lines, first)
    sections = [Section("", "", 1, next(bodies))]
    for one, (anchor, title) in zip(found, named, strict=True):
        body = next(bodies)
        if anchor:
            sections.append(Section(anchor, title, one.level, body))
        else:  # a heading without an id joins the section before
            sections[-1].body += f"\n{body}"
    return _under_its_title(sections, dict(_FACT.findall("\n".join(lines[1:first]))) if first else {})


def _under_its_title(sections: list[Section], facts: dict[str, str]) -> Text:
    """The page, its title's section being one with what stands before it."""
    at = next((at for at, section in enumerate(sections) if section.level == 1 and section.anchor), 0)
    if at != 1:
        return Text(sections, facts=facts)
    before, titled, *others = sections
    body = f"{before.body}\n{titled.body}".strip()
    return Text([Section("", titled.title, 1, body), *others], titled.anchor, facts)


def _bodies(found: Sequence[Candidate], lines: Sequence[str], first: int) -> Iterator[str]:
    starts = [first, *(one.line + _heading_lines(one, lines) for one in found)]
    ends = [*(one.line for one in found), len(lines)]
    for start, end in zip(starts, ends, strict=True):
        body = "\n".join(lines[start:end]).strip()
        yield _COMMENT.sub(lambda part: "" if part["end"] else part[0], body) if "<!--" in body else body


def _heading_lines(one: Candidate, lines: Sequence[str]) -> int:
    return 1 if lines[one.line].lstrip()[:1] in {"#", "<"} else 2


def _named(found: Sequence[Candidate], lines: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Anchor and title of each heading; a raw one without an id has the anchor ""."""
    told = [_told(one, lines) for one in found]
    taken = {given for _, given, _ in told if given}
    for title, given, raw in told:
        yield given or ("" if raw else unique(_slug(title), taken)), title


def _told(one: Candidate, lines: Sequence[str]) -> tuple[str, str, bool]:
    raw = "<h" in lines[one.line].lower()[:40] and lines[one.line].lstrip()[:1] not in {"#", "<"}
    if raw or lines[one.line].lstrip()[:2].lower() == "<h":
        given = _RAW_ID.search("\n".join(lines[one.line : one.line + 3]))
        return " ".join(unescape(_TAG.sub("", one.text)).split()), given[1] if given else "", True
    return (*_plain(one.text), False)


@lru_cache(maxsize=65_536)
def _slug(title: str) -> str:
    return slugify(title, "-")


@lru_cache(maxsize=65_536)
def _plain(text: str) -> tuple[str, str]:
    """A heading's words as its anchor is made of them, and the id it is given in braces or ""."""
    given = ""
    if text.rstrip()[-1:] == "}" and (braces := _ATTRIBUTES.search(text)):
        text = text[: braces.start()]
        named = _ID.search(braces[1])
        given = named[1] if named else ""
    if not _MARKED.search(text):
        return " ".join(text.split()), given
    return " ".join(unescape(_without_marks(text)).split()), given


def _without_marks(text: str) -> str:
    code: list[str] = []

    def put_by(part: re.Match[str]) -> str:
        code.append(part[part.lastindex or 0])
        return f"\x02{len(code) - 1}\x03"

    text = _ESCAPED.sub(put_by, _CODE.sub(put_by, text))
    text = _NOTE.sub("", _AUTOLINK.sub(r"\1", text))
    text = _PICTURE.sub("", text)
    while (bare := _LINK.sub(r"\1", text)) != text:
        text = bare
    text = _STARRED.sub(r"\2", _UNDERLINED.sub(r"\2", _TAG.sub("", text)))
    return re.sub("\x02(\\d+)\x03", lambda part: code[int(part[1])], text)


def linked_path(source_path: str, body: str) -> str:
    """The path of the only page `body` links to, without its suffix; "" if there is none, or more than one."""
    targets = {target.split("#")[0].split("?")[0] for target in _TARGET.findall(body) if "://" not in target}
    targets = {target for target in targets if target and not target.startswith("mailto:")}
    if len(targets) != 1:
        return ""
    target = re.sub(r"\.(?:md|markdown|html)$", "", targets.pop())
    folder = "" if target.startswith("/") else posixpath.dirname(source_path)
    return posixpath.normpath(posixpath.join(folder, target.lstrip("/")))


_TARGET = re.compile(r"\]\(\s*<?([^)\s>]+)>?[^)]*\)")
