"""What is kept of a definition so that its digest can be worked out again without the wiki: `kb verify` does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kb_server.pages import binding
from kb_server.pages.sections import sections_of

from .blocks import blocks, parts

if TYPE_CHECKING:
    from collections.abc import Callable

    from kb_server.pages.sections import Rendered


@dataclass(frozen=True, slots=True)
class Evidence:
    """Rendered content, and where it leads: by these alone `pages.binding.again` gives what binds."""

    html: str
    leads: binding.Leads


def evidence(
    html: str, bound: list[Rendered], link: Callable[[str], str | None], image: Callable[[str], str | None]
) -> Evidence:
    """As little of a page as gives the same again: the parts that bind, or all of it.

    All of it is needed where something that binds stands elsewhere on the page, such as a footnote.
    """
    little = "".join(
        (part.heading.html if part.heading else "") + part.html
        for part in parts(blocks(html))
        if part.anchor in binding.BINDING
    )
    wanted = [(one.meaning, one.text) for one in bound]
    for kept in (little, html):
        leads = binding.Leads()
        found = sections_of(kept, link=leads.noting(leads.links, link), image=leads.noting(leads.images, image))
        if [(one.meaning, one.text) for one in binding.binding_in(found)] == wanted:
            break
    return Evidence(kept, leads)
