"""What teams sort by a definition: the table beside its page, or else its examples and counter-examples."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from kb_server.pages import meaning
from kb_server.pages.manifest import Case
from kb_server.wiki import cases
from kb_server.wiki.problems import Problem

from .binding import EXAMPLES
from .blocks import blocks, list_items, parts
from .reading import content_at
from .text import line_of, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mkdocs.structure.files import File, Files

    from .reading import Known

_BOLD = re.compile(r"<li>\s*(?:<p>)?\s*<strong>(?P<title>.*?)</strong>", re.DOTALL)


def of(file: File, known: Known, html: str, files: Files) -> tuple[tuple[Case, ...], list[Problem]]:
    """The cases of a definition, and what is wrong with their table."""
    if known.meta.get("kind") != "definition":
        return (), []
    named = known.meta.get("cases")
    name = str(named) if named else posixpath.basename(file.src_uri).removesuffix(".md") + ".cases.csv"
    content = content_at(files, _beside(file.src_uri, name))
    if content is not None:
        return cases.read(content, _beside(known.file, name))
    if named:
        line = line_of(known.text, "cases:")
        return (), [Problem(known.file, line, f"there is no file '{name}'", "Put it beside the page.")]
    return tuple(_examples(html)), []


def _beside(path: str, name: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), name))


def _examples(html: str) -> Iterator[Case]:
    """The examples of both kinds in one order, so that nobody sees by it which is which."""
    found = [item for part in parts(blocks(html)) if part.anchor in EXAMPLES for item in list_items(part.html)]
    yield from sorted({case.id: case for case in map(_example, found)}.values(), key=lambda case: (case.title, case.id))


def _example(item: str) -> Case:
    bold, text = _BOLD.match(item), plain(item)
    title = plain(bold["title"]) if bold else ""
    name = meaning.digest(text).rpartition(":")[2][:12]
    return Case(f"example-{name}", title.rstrip(".:"), text.removeprefix(title).lstrip(" .:"))
