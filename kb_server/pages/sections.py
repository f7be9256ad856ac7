"""From the rendered content of a page to its sections, in one pass: readable text, meaning, links, tricks to refuse.

Input is what Python-Markdown and its extensions made of the page, before any decoration of ours. lxml parses it, one
walk writes it down as a stream (`pages.stream`), and the stream is cut at the headings.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lxml import etree

from kb_server.pages.hazards import hazards_of
from kb_server.pages.kinds import KINDS
from kb_server.pages.meaning import meaning_of
from kb_server.pages.stream import CUT, clean, heading_and_text, readable
from kb_server.pages.walk import Walk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from lxml.etree import _Element

    from kb_server.pages.walk import Part


@dataclass(frozen=True, slots=True)
class Rendered:
    """A section as it was rendered; see `manifest.Section` for what a section is.

    ``text`` is plain, a line for each block, without the heading's own words. ``links`` are the ids of the pages linked
    to, in order of first appearance. ``hazards`` are sentences about what a reader would not see as it is.
    """

    anchor: str
    title: str
    level: int
    text: str
    meaning: str
    links: tuple[str, ...]
    hazards: tuple[str, ...]


def _no_digest(_src: str) -> str | None:
    return None


def sections_of(
    html: str, *, link: Callable[[str], str | None], image: Callable[[str], str | None] = _no_digest
) -> list[Rendered]:
    """The sections of a page's rendered content: the one before any heading, with anchor "", then one per heading.

    The first ``<h1>`` gives the first section its title; a later ``<h1>`` and every ``<h2>`` to ``<h6>`` with an id
    opens a section, also inside a quote or a box. A heading without an id joins the section before. `link` gives
    ``page-id`` or ``page-id#anchor`` for a link into the wiki, None for any other; `image` gives the digest of an
    image's content, or None where it is not known.
    """
    html = clean(html)
    root, lost = _parsed(html)
    walk = Walk(root, html, KINDS, link, image)
    walk.inside(root)
    walk.parts[0].hazards.extend(lost)
    page = "".join(walk.out)
    return list(map(_rendered, walk.parts, page.split(CUT), meaning_of(page).split(CUT), readable(page).split(CUT)))


def _parsed(html: str) -> tuple[_Element, list[str]]:
    """The tree, and a sentence for each thing the parser gave up on."""
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    whole = f"<html><body><div>{html}</div></body></html>"
    root = etree.fromstring(whole.encode("utf-8", "surrogatepass"), parser)
    fatal = [error.message for error in parser.error_log if error.level_name == "FATAL"]
    return root, [f"{message}: what follows was not read." for message in fatal]


def with_subsections(sections: Sequence[Rendered], anchors: Iterable[str]) -> list[Rendered]:
    """The sections with these anchors, each followed by those below it: what "the criteria" of a definition are.

    A heading of a deeper level is part of the section it stands under, so an exception cannot hide in one.
    """
    wanted, chosen, depth = set(anchors), [], 0
    for section in sections:
        if section.anchor in wanted:
            depth = section.level
        elif section.level <= depth:
            depth = 0
        if depth:
            chosen.append(section)
    return chosen


def _rendered(part: Part, stream: str, meaning: str, words: str) -> Rendered:
    title, text = heading_and_text(words)
    return Rendered(
        anchor=part.anchor,
        title=title,
        level=part.level,
        text=text,
        meaning=meaning.strip(),
        links=tuple(dict.fromkeys(target.partition("#")[0] for target in part.links)),
        hazards=tuple(dict.fromkeys((*part.hazards, *hazards_of(stream)))),
    )
