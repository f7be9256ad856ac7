"""What of a build can be found: its sections, as documents."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator

from kb_server.documents.models import Draft
from kb_server.pages.manifest import Manifest, Page, Section

PREFIX = "section:"
MOST_BOOST = 10
LONGEST_ANCHOR = 300
DEFINITION, CRITERIA, EXAMPLES = "definition", "criteria", "examples"
_ITEM = re.compile(r"^(?:\d+[.)]|[-*+])\s", re.MULTILINE)


def drafts(manifest: Manifest) -> Iterator[Draft]:
    """One document per section of every page that is to be found."""
    linked = Counter(target for page in manifest.pages for target in page.links if target != page.id)
    for page in manifest.pages:
        if not _excluded(page):
            for section in page.sections:
                yield _draft(page, section, used_on=linked[page.id])


def _excluded(page: Page) -> bool:
    """Whether a page is not to be found. A live page says mostly that the server is away, so it has to ask to be."""
    return bool(_search(page).get("exclude", page.shell))


def _boost(page: Page) -> dict[str, object]:
    """What a page counts for against others, where it says so; Material's own search reads the same."""
    boost = _search(page).get("boost")
    return {"boost": float(boost)} if isinstance(boost, int | float) and 0 < boost <= MOST_BOOST else {}


def _search(page: Page) -> dict[str, object]:
    search = page.meta.get("search")
    return search if isinstance(search, dict) else {}


def _draft(page: Page, section: Section, used_on: int) -> Draft:
    lead = not section.anchor
    facts: dict[str, object] = {"page_title": page.title, "lead": lead} | _boost(page)
    if lead and page.kind == "definition":
        facts |= _definition_facts(page) | {"used_on": used_on}
    return Draft(
        ref=f"{PREFIX}{page.id}#{_short(section.anchor)}",
        kind=page.kind,
        page_id=page.id,
        title=page.title if lead else section.title,
        url=page.url if lead else f"{page.url}#{section.anchor}",
        text=section.text,
        teams=page.teams,
        facts=facts,
    )


def _short(anchor: str) -> str:
    """An anchor as it is, or where a whole paragraph has become a heading, as much as every database's index takes."""
    if len(anchor) <= LONGEST_ANCHOR:
        return anchor
    return f"{anchor[:LONGEST_ANCHOR]}~{hashlib.sha256(anchor.encode()).hexdigest()}"


def _definition_facts(page: Page) -> dict[str, object]:
    parts = {section.anchor: section for section in page.sections}
    return {
        "aliases": list(page.aliases),
        "definition": parts[DEFINITION].text if DEFINITION in parts else "",
        "criteria": _items(parts.get(CRITERIA)),
        "examples": _items(parts.get(EXAMPLES)),
    }


def _items(section: Section | None) -> int:
    return len(_ITEM.findall(section.source)) if section else 0
