"""What the manifest says of each page, taken from the page as MkDocs rendered it and before anything is laid out.

*When* matters: after every other plugin has had its say about the text, because that is what people read and agree to;
before our own parts are put in, because those are about the page and not of it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from kb_server.pages import binding as binds
from kb_server.pages import manifest, meaning, sections, source

from .binding import term
from .evidence import evidence
from .plain import json_safe

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kb_server.pages.sections import Rendered

    from .links import Addresses

_LINE_END = re.compile(r"\r\n|\n|\r")


@dataclass(frozen=True, slots=True)
class Read:
    """A page as MkDocs has read and rendered it. `file` is the path shown to people; `meta` is checked front matter."""

    id: str
    file: str
    url: str
    title: str
    html: str
    text: str
    meta: dict[str, Any] = field(default_factory=dict)
    permanent: bool = True
    edit_url: str = ""


@dataclass(frozen=True, slots=True)
class Collected:
    """A page for the manifest, and the tricks on the reader's eye in it: those that bind, and how many others.

    One that `is_whole` has all that binds on it where it can be taken out and shown.
    """

    page: manifest.Page
    binding_hazards: tuple[str, ...] = ()
    other_hazards: int = 0
    is_whole: bool = True


def collected(read: Read, addresses: Addresses) -> Collected:
    """The page's entry in the manifest, with its sections, links and digests."""
    link, image = partial(addresses.link, read.url), partial(addresses.image, read.url)
    found = sections.sections_of(read.html, link=link, image=image)
    entries = _sections(found, read.text)
    binding = binds.binding_in(found) if read.meta.get("kind") == "definition" else []
    bound = [entry for entry, section in zip(entries, found, strict=True) if any(section is one for one in binding)]
    page = replace(
        _page(read),
        sections=entries,
        links=_links(found, read.id),
        digest=meaning.combine(entry.digest for entry in entries),
        binding=binds.digest_of(binding),
        term=term(read.html, read.url, bound, addresses, evidence(read.html, binding, link, image))
        if binding
        else None,
    )
    tricks = tuple(hazard for section in binding for hazard in section.hazards)
    is_whole = page.term is None or binds.shows(page.term.html, binding)
    return Collected(page, tricks, sum(len(section.hazards) for section in found) - len(tricks), is_whole)


def _page(read: Read) -> manifest.Page:
    return manifest.Page(
        id=read.id,
        kind=str(read.meta.get("kind") or "page"),
        url=read.url,
        title=read.title,
        source_path=read.file,
        permanent=read.permanent,
        teams=_texts(read.meta.get("teams")),
        aliases=_texts(read.meta.get("aliases")),
        meta=json_safe(read.meta),
        edit_url=read.edit_url,
        shell=str(read.meta.get("kb_shell") or ""),
    )


def _texts(value: object) -> tuple[str, ...]:
    """A list of texts. Anything else is a problem already noted, and the page is still looked at for others."""
    return tuple(map(str, value)) if isinstance(value, list) else ()


def _sections(found: Sequence[Rendered], text: str) -> tuple[manifest.Section, ...]:
    headings = [(section.level, section.title) for section in found[1:]]
    ranges = source.locate(text, headings)
    lines_of_file = _LINE_END.split(text)  # once: a page may have two hundred sections
    return tuple(
        manifest.Section(
            anchor=section.anchor,
            title=section.title,
            level=section.level,
            text=section.text,
            source="\n".join(lines_of_file[lines[0] - 1 : lines[1]]) if lines else "",
            lines=lines,
            digest=meaning.digest(section.meaning),
        )
        for section, lines in zip(found, ranges, strict=True)
    )


def _links(found: Sequence[Rendered], own: str) -> tuple[str, ...]:
    """The ids among the targets (`links.Addresses.link`), in order of first appearance."""
    targets = dict.fromkeys(link for section in found for link in section.links)
    return tuple(target for target in targets if target != own and not target.startswith("/"))
