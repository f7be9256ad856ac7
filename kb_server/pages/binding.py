"""What binds of a definition, and its digest: taken when the wiki is built, and again whenever somebody asks for proof.

Both must be one function of the rendered content and of where its links and pictures lead. So the second of them can be
asked without the wiki, in years, of what was kept.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kb_server.pages import meaning
from kb_server.pages.sections import sections_of, with_subsections

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from kb_server.pages.manifest import Section
    from kb_server.pages.sections import Rendered

BINDING = ("definition", "criteria")
"""The anchors of the headings whose sections bind."""
LONGEST_SENTENCE = 320
"""Characters of a definition that are shown where another text uses its term."""

_NOTE = "footnote-ref"
"""The class by which HTML refers to a footnote."""


@dataclass(slots=True)
class Leads:
    """Where the links of a text led, and the digests of its pictures, by what stands in its HTML."""

    links: dict[str, str] = field(default_factory=dict)
    images: dict[str, str] = field(default_factory=dict)

    def noting(self, known: dict[str, str], resolve: Callable[[str], str | None]) -> Callable[[str], str | None]:
        """`resolve`, with each answer written down."""

        def noted(address: str) -> str | None:
            found = resolve(address)
            if found is not None:
                known[address] = found
            return found

        return noted


def digest_of(binding: Sequence[Rendered]) -> str:
    """The digest of the sections that bind; "" where none do."""
    return meaning.combine(meaning.digest(section.meaning) for section in binding) if binding else ""


def binding_in(found: Sequence[Rendered]) -> list[Rendered]:
    """The sections of a definition that bind."""
    return with_subsections(found, BINDING)


def definition_in(found: Iterable[Rendered | Section]) -> str:
    """What a definition says a term is, as plain text, a line for each block; "" where it does not."""
    return next((section.text for section in found if section.anchor == BINDING[0]), "")


def sentence(definition: str) -> str:
    """The first of what a definition says, short enough to be read in passing."""
    first = definition.partition("\n")[0].strip()
    if len(first) <= LONGEST_SENTENCE:
        return first
    return f"{first[:LONGEST_SENTENCE].rpartition(' ')[0] or first[:LONGEST_SENTENCE]} …"


def shows(html: str, binding: Iterable[Rendered]) -> bool:
    """Whether HTML has the words of the sections that bind, all of them and in their order, and no others.

    Where there is a footnote nobody can say: it stands at the end of its page, which is not shown.
    """
    return _NOTE in html or _words(sections_of(html, link=lambda _: None)) == _words(binding)


def _words(found: Iterable[Rendered]) -> str:
    """All letters of a text in their order, with those of its headings."""
    return "".join("".join(f"{section.title} {section.text}".split()) for section in found)


def again(html: str, links: Mapping[str, str], images: Mapping[str, str]) -> list[Rendered]:
    """What binds in kept HTML, by what was written down of where it leads."""
    return binding_in(sections_of(html, link=links.get, image=images.get))
