"""A page's content as the row of blocks Python-Markdown made of it, each byte kept as it was."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

TAG = re.compile(r"""<!--.*?-->|<(?P<end>/?)(?P<tag>[a-zA-Z][\w-]*)(?P<rest>(?:"[^"]*"|'[^']*'|[^'">])*)>""", re.DOTALL)
VOID = frozenset(("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"))
_ID = re.compile(r"""\sid=["']([^"']*)["']""")


@dataclass(frozen=True, slots=True)
class Block:
    """One element at the content's top level with what stands between it and the one before."""

    tag: str
    html: str

    @property
    def anchor(self) -> str:
        """The element's id, or ""."""
        found = _ID.search(self.html[: self.html.find(">") + 1])
        return found[1] if found else ""


@dataclass(frozen=True, slots=True)
class Part:
    """A heading of the second level and the blocks below it; the first part of a page has no heading."""

    heading: Block | None
    body: tuple[Block, ...]

    @property
    def anchor(self) -> str:
        """The heading's id, or ""."""
        return self.heading.anchor if self.heading else ""

    @property
    def html(self) -> str:
        """The blocks below the heading."""
        return "".join(block.html for block in self.body)


def blocks(html: str) -> list[Block]:
    """The top-level elements in order; where tags do not close, the rest is one block."""
    found, start = [], 0
    for tag, _, end in _elements(html):
        found.append(Block(tag, html[start:end]))
        start = end
    if html[start:].strip():
        found.append(Block("", html[start:]))
    return found


def _elements(html: str) -> Iterator[tuple[str, int, int]]:
    """Name, start and end of each top-level element."""
    depth, tag, start = 0, "", 0
    for token in TAG.finditer(html):
        name = (token["tag"] or "").lower()
        if not name:
            continue
        if not depth and not token["end"]:
            tag, start = name, token.start()
        if name not in VOID and not (token["rest"] or "").endswith("/"):
            depth += -1 if token["end"] else 1
        if depth <= 0:
            depth = 0
            yield tag, start, token.end()


def parts(found: list[Block]) -> list[Part]:
    """The blocks gathered under the headings of the second level."""
    gathered: list[tuple[Block | None, list[Block]]] = [(None, [])]
    for block in found:
        if block.tag == "h2":
            gathered.append((block, []))
        else:
            gathered[-1][1].append(block)
    return [Part(heading, tuple(body)) for heading, body in gathered]


def with_class(html: str, names: str) -> str:
    """The element with these class names added to its own."""
    start = len(html) - len(html.lstrip())
    end = html.index(">", start)
    opening = html[start:end]
    if (at := opening.find('class="')) >= 0:
        at += len('class="')
        return html[:start] + opening[:at] + names + " " + opening[at:] + html[end:]
    name = re.match(r"<[\w-]+", opening)
    cut = start + (name.end() if name else 0)
    return html[:cut] + f' class="{names}"' + html[cut:]


def items(html: str) -> int:
    """How many items the lists at the top of this content have together."""
    return len(list_items(html))


def list_items(html: str) -> list[str]:
    """The items of the lists at the top of this content, each with its tags."""
    return [item for block in blocks(html) if block.tag in {"ul", "ol"} for item in _own_items(block.html)]


def _own_items(list_html: str) -> list[str]:
    inside = list_html[list_html.index(">") + 1 : list_html.rindex("<")]
    return [inside[start:end] for tag, start, end in _elements(inside) if tag == "li"]
