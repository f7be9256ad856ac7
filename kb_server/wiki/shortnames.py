"""Short names, ``/go/<name>``: what people call a page, to be said aloud or put on a slide."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from kb_server.wiki.ids import slug

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kb_server.pages.manifest import Page


def short_names(pages: Iterable[Page]) -> dict[str, str]:
    """The page's id by each short name: its aliases, its id, and the title of a definition.

    A name that would do for two pages is nobody's, except that a page's own id is always its.
    """
    wanted: dict[str, set[str]] = defaultdict(set)
    ids: dict[str, str] = {}
    for page in (page for page in pages if not page.shell):
        ids |= {page.id: page.id} if page.permanent else {}
        for name in (*page.aliases, *([page.title] if page.kind == "definition" else [])):
            wanted[slug(name)].add(page.id)
    return {name: next(iter(ids_)) for name, ids_ in wanted.items() if name and len(ids_) == 1} | ids
