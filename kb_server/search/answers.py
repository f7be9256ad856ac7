"""The answer as data, for the API and for ``kb search --json``."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from kb_server.search.models import Card, Hit, Results


def as_data(results: Results) -> dict[str, Any]:
    """What JSON is made of. Addresses are relative to the site's root."""
    return {
        "query": results.query,
        "corrected": results.corrected,
        "total": results.total,
        "took_ms": results.took_ms,
        "complete": results.complete,
        "hits": [_hit(hit) for hit in results.hits],
        "facets": asdict(results.facets),
        "card": _card(results.card) if results.card else None,
    }


def _hit(hit: Hit) -> dict[str, Any]:
    fields = ("title", "url", "page_id", "page_title", "kind", "teams", "excerpt", "score")
    return {name: getattr(hit, name) for name in fields}


def _card(card: Card) -> dict[str, Any]:
    return asdict(card)
