"""What a build says of its definitions: which text binds, whom it concerns, and how it is kept."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from kb_server.definitions.models import Facts, Wording
from kb_server.pages.manifest import Page

KIND = "definition"


def facts_of(page: Page) -> Facts | None:
    """What binds on a page, and whom; None on a page that defines nothing."""
    if page.kind != KIND or not page.binding:
        return None
    review = str(page.meta.get("review") or "")
    return Facts(
        page=page.id,
        digest=page.binding,
        teams=page.teams,
        review=_day(review),
        formers=page.formers,
        owner=str(page.meta.get("owner") or ""),
        examples=page.term.examples if page.term else (),
    )


def facts_in(pages: Iterable[Page]) -> list[Facts]:
    """The same of all pages that define something."""
    return [facts for page in pages if (facts := facts_of(page))]


def wording_of(page: Page, build: str, at: str = "") -> Wording | None:
    """What a page says, to be kept; None where the build does not have it."""
    if page.term is None or not page.binding:
        return None
    term = page.term
    leads = json.dumps({"links": term.links, "images": term.images}, sort_keys=True) if term.rendered else ""
    said = Wording(page.id, page.binding, term.source, term.html, term.text, build, at)
    return replace(said, rendered=term.rendered, leads=leads)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None
