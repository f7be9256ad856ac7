"""Which shape a page gets: a definition its frame, a page that is somebody's its line of facts, any other none."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from kb_server.pages import slots

from . import definition
from .facts import with_facts, with_line, with_title
from .talk import with_feedback

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kb_server.pages.manifest import Page

    from .facts import Facts
    from .lasting import Lasting

Users = dict[str, list["Page"]]


def users(pages: Iterable[Page]) -> Users:
    """The pages that link to each page, by its id, in the order of their titles."""
    found: Users = defaultdict(list)
    for page in sorted(pages, key=lambda page: (page.title.casefold(), page.url)):
        for target in page.links:
            found[target].append(page)
    return found


def laid_out(html: str, lasting: Lasting, shown: Facts, used: Iterable[tuple[str, str]], talk: str = "") -> str:
    """The page's content in its shape. `used` are title and relative address of the pages that link to it.

    `talk` is where people talk about it, "" where they cannot.
    """
    page = lasting.page
    if page.kind == "definition" or shown:
        html = with_title(html, page.title)
    html = lasting.with_copies(html)
    if page.kind == "definition":
        term = definition.Term(page.id, shown, page.aliases, tuple(used), talk)
        html = definition.laid_out(html, term)
    elif shown:
        html = with_facts(html, shown, slots.slot(slots.SUGGESTIONS, "") if talk else "")
    elif talk:
        html = with_line(html, slots.slot(slots.SUGGESTIONS_ALONE, ""))
    if talk:
        html = with_line(html, slots.slot(slots.TERMS, ""))
    return lasting.with_former(with_feedback(html, talk) if talk else html)
