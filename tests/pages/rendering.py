"""Markdown as the wiki renders it, and sections as a case file shows them."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from markdown import Markdown

from kb_server.pages import source
from kb_server.pages.meaning import combine, digest
from kb_server.pages.sections import Rendered, sections_of

EXTENSIONS = (
    "abbr admonition attr_list def_list footnotes md_in_html tables toc pymdownx.arithmatex pymdownx.caret"
    " pymdownx.critic pymdownx.details pymdownx.highlight pymdownx.inlinehilite pymdownx.keys pymdownx.mark"
    " pymdownx.smartsymbols pymdownx.superfences pymdownx.tabbed pymdownx.tasklist pymdownx.tilde"
)
SHOWN = str.maketrans(
    {"\x01": "⟨", "\x02": "⟩", "\x03": "\n[", "\x04": "\n  [", "\x05": "] ", "\x06": " ", "\x0e": "`", "\x0f": "`"}
    | {"\x15": "⏎\n      "}
)


@cache
def _markdown() -> Markdown:
    settings = {"toc": {"permalink": True}, "pymdownx.arithmatex": {"generic": True}}
    return Markdown(extensions=EXTENSIONS.split(), extension_configs=settings)


def html(text: str) -> str:
    """The HTML of Markdown `text`, which may have front matter."""
    return _markdown().reset().convert(re.sub(r"\A---\n.*?\n---\n", "", text, flags=re.DOTALL))


def link(href: str) -> str | None:
    """A wiki in which every relative link to a page leads somewhere."""
    return None if "://" in href or href.startswith(("#", "mailto:")) else href.replace(".md", "")


def sections(text: str) -> list[Rendered]:
    """The sections of a page with this Markdown."""
    return sections_of(html(text), link=link)


def digest_of(text: str) -> str:
    """What a page with this Markdown means."""
    return combine(digest(section.meaning) for section in sections(text))


def hazards_of(text: str) -> list[str]:
    """What is reported of a page with this Markdown."""
    return [hazard for section in sections(text) for hazard in section.hazards]


def shown(text: str) -> str:
    """A page's sections, for people who compare."""
    found = sections(text)
    lines = source.locate(text, [(section.level, section.title) for section in found[1:]])
    text = "\n\n".join(_shown(section, at) for section, at in zip(found, lines, strict=True)) + "\n"
    return "".join(f"⟨U+{ord(sign):04X}⟩" if unicodedata.category(sign) == "Cf" else sign for sign in text)


def _shown(section: Rendered, lines: tuple[int, int] | None) -> str:
    where = f"lines {lines[0]}-{lines[1]}" if lines else "not in the source"
    parts = [f"=== #{section.anchor} · level {section.level} · {where} · {section.title}"]
    parts += [f"links to {', '.join(section.links)}"] if section.links else []
    parts += [f"hazard: {hazard}" for hazard in section.hazards]
    return "\n".join([*parts, "--- text", section.text, "--- meaning", section.meaning.translate(SHOWN).strip()])
