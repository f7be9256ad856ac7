"""Which section of which page somebody means to change: by its address, however they came by it."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import unquote, urlsplit

from kb_server.errors import NotFound
from kb_server.pages.manifest import Page, Section
from kb_server.suggestions.edits.asking import is_open
from kb_server.suggestions.edits.models import KeptEdit
from kb_server.words import t

LONGEST = 2_000


def meant(address: str, pages: Mapping[str, Page], root: str = "") -> tuple[str, str]:
    """The ids of page and section at an address: one that lasts, or as it stands in the browser. Raises NotFound."""
    try:
        parts = urlsplit(address.strip()[:LONGEST])
    except ValueError:
        raise NotFound(t("edit.nowhere")) from None
    if not address.strip():
        raise NotFound(t("edit.nowhere"))
    path = unquote(parts.path).removeprefix(root).strip("/")
    kind, _, rest = path.partition("/")
    page_id, _, section = rest.partition("/")
    if kind == "p" and page_id in pages:
        return page_id, section or unquote(parts.fragment)
    page = next((page for page in pages.values() if page.url.strip("/") == path and not page.shell), None)
    if page is None:
        raise NotFound(t("edit.nowhere"))
    return page.id, unquote(parts.fragment)


def sections(page: Page | None) -> list[Section]:
    """The sections of a page whose text can be changed."""
    return [one for one in page.sections if is_open(page, one)] if page and not page.shell else []


def section_now(edit: KeptEdit, pages: Mapping[str, Page]) -> Section | None:
    """The section of today that an edit is about: of its anchor, else the one whose heading alone was changed."""
    page = pages.get(edit.page)
    here = sections(page)
    found = next((one for one in here if one.anchor == edit.section), None)
    if found is not None or page is None:
        return found
    known = [one for one in here if _below(one.source) == _below(edit.before) != ""]
    return known[0] if len(known) == 1 else None


def _below(source: str) -> str:
    """What stands below a heading."""
    return source.partition("\n")[2].strip()
