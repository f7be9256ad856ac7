"""From ids to hits: the documents to be shown, with their excerpts."""

from __future__ import annotations

import sqlalchemy as sa

from kb_server.documents import reading, storage
from kb_server.documents.models import Document
from kb_server.search.asking import Found
from kb_server.search.excerpts import Marker
from kb_server.search.expression import prefixes_in, stems_in
from kb_server.search.models import Hit, Link, Request
from kb_server.search.spelling import Vocabulary

ALSO = 3  # further hits named with the best on a page


def in_groups(connection: sa.Connection, found: Found, *, by_page: bool) -> list[list[int]]:
    """The ids one by one, or all of a page together in the place of its best."""
    if not by_page:
        return [[key] for key in found.ids]
    pages = reading.pages_of(connection, found.ids)
    together: dict[str, list[int]] = {}
    for key in found.ids:
        if key in pages:
            together.setdefault(pages[key], []).append(key)
    return list(together.values())


def hits(
    connection: sa.Connection, found: Found, groups: list[list[int]], request: Request, vocabulary: Vocabulary
) -> list[Hit]:
    """The hits for groups of ids; whatever must not be shown any more is left out."""
    groups = [group[: 1 + ALSO] for group in groups]
    documents = storage.documents_by_id(connection, [key for group in groups for key in group])
    meant = {word: stem for stem in stems_in(*found.by) for word in vocabulary.forms(stem)}
    marker = Marker(meant, tuple(prefixes_in(*found.by)))
    shown = ([documents[key] for key in group if key in documents] for group in groups)
    return [_hit(first, also, found.ids[first.id], marker, marks=request.marks) for first, *also in filter(None, shown)]


def _hit(document: Document, also: list[Document], score: float, marker: Marker, *, marks: bool) -> Hit:
    return Hit(
        title=marker.marked(document.title) if marks else document.title,
        url=document.url,
        page_id=document.page_id,
        page_title=str(document.facts.get("page_title", document.title)),
        kind=document.kind,
        teams=document.teams,
        # A definition's own page begins with a picture of it; what it says stands further down.
        excerpt=marker.excerpt(document.text or str(document.facts.get("definition", "")), marks=marks),
        score=round(score, 4),
        also=[Link(other.title, other.url) for other in also],
    )
