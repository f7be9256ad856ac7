"""``kb search``: hits for people at a terminal, and as JSON for scripts."""

from __future__ import annotations

import textwrap

from kb_server.config import Settings
from kb_server.db import Database
from kb_server.search.answers import found
from kb_server.search.models import Card, Hit, Request, Results
from kb_server.search.narrowing import name_of_one
from kb_server.search.service import open_index
from kb_server.search.service import search as ask

WIDTH = 100


def search(database: Database, settings: Settings, query: str, *, limit: int, as_json: bool) -> str:
    """What answers a query, as text."""
    reason = open_index(database, settings)
    results = ask(database, settings, Request(query, limit))
    if as_json:
        return found(results).model_dump_json(indent=2)
    used = [f"The index of search was not used: {reason}. The database answered."] if reason else []
    return "\n\n".join(
        [*used, _said(results), *([_card(results.card)] if results.card else []), *map(_hit, results.hits)]
    )


def _said(results: Results) -> str:
    count = f"{results.total} result{'' if results.total == 1 else 's'}" if results.total else "Nothing"
    said = f"{count} for \u201c{results.corrected or results.query}\u201d, {results.took_ms:.0f} ms"
    if not results.complete:
        said += "; there was no time for more"
    if results.close_to:
        said += "\nClose to it: " + ", ".join(link.title for link in results.close_to)
    return said


def _card(card: Card) -> str:
    return f"{card.title} (definition, {card.url})\n{_indented(card.text)}"


def _hit(hit: Hit) -> str:
    title = hit.title if hit.title == hit.page_title else f"{hit.page_title} \u203a {hit.title}"
    return f"{title} ({name_of_one(hit.kind)}, {hit.url})\n{_indented(hit.excerpt)}".rstrip()


def _indented(text: str) -> str:
    return textwrap.fill(" ".join(text.split()), WIDTH, initial_indent="    ", subsequent_indent="    ")
