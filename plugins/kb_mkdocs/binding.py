"""What binds of a definition, in the form in which the server keeps it for as long as the wiki lasts."""

from __future__ import annotations

import html as html_module
import re
from typing import TYPE_CHECKING

from kb_server.pages import meaning, sections
from kb_server.pages.binding import BINDING
from kb_server.pages.manifest import Term

from .blocks import blocks, list_items, parts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from kb_server.pages.manifest import Section

    from .blocks import Part
    from .evidence import Evidence
    from .links import Addresses

EXAMPLES = ("examples", "counter-examples")
BASE = "{base}"
"""Stands in kept HTML for the address of the site."""

_ADDRESS = re.compile(r"""(?P<name>\s(?:href|src))=(?P<quote>["'])(?P<value>.*?)(?P=quote)""")
_PERMALINK = re.compile(r'<a class="headerlink".*?</a>', re.DOTALL)
_ID = re.compile(r"""(<[a-zA-Z][^<>]*?)\sid=(["']).*?\2""")


def term(html: str, url: str, binding: Sequence[Section], addresses: Addresses, kept: Evidence) -> Term:
    """What the definition at `url` says, from its rendered content; `binding` are the sections that bind.

    `kept` is that of which the digest can be worked out again.
    """
    found = parts(blocks(html))
    shown = _ID.sub(r"\1", "\n".join(_shown(part) for part in found if part.anchor in BINDING))
    return Term(
        source="\n\n".join(section.source.strip() for section in binding),
        html=_lasting(shown, lambda href: addresses.link(url, href)),
        text="\n".join(section.text for section in binding if section.text),
        examples=tuple(_examples(found, lambda href: addresses.link(url, href))),
        lines=_lines(binding),
        rendered=kept.html,
        links=kept.leads.links,
        images=kept.leads.images,
    )


def _lines(binding: Iterable[Section]) -> tuple[int, int] | None:
    spans = [section.lines for section in binding if section.lines]
    return (min(first for first, _ in spans), max(last for _, last in spans)) if spans else None


def _examples(found: Iterable[Part], link: Callable[[str], str | None]) -> Iterable[str]:
    for part in found:
        if part.anchor in EXAMPLES:
            for item in list_items(part.html):
                said = sections.sections_of(item, link=link)
                yield meaning.digest(said[0].meaning)


def _shown(part: Part) -> str:
    heading = _PERMALINK.sub("", part.heading.html) if part.heading else ""
    return heading + part.html


def _lasting(html: str, link: Callable[[str], str | None]) -> str:
    """`html` with its links into the wiki made such that they last, and no other of the site's addresses relative."""

    def address(found: re.Match[str]) -> str:
        target = link(html_module.unescape(found["value"]))
        if target is None:
            return found[0]
        if target.startswith("/"):
            return f'{found["name"]}="{BASE}{html_module.escape(target[1:])}"'
        page, _, anchor = target.partition("#")
        section = f"{anchor}/" if anchor and "?" not in anchor else ""
        return f'{found["name"]}="{BASE}p/{html_module.escape(page + "/" + section)}"'

    return _ADDRESS.sub(address, html)
