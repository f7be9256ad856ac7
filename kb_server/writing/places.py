"""Where a conversation can hang: the pages and sections of the build that somebody reads."""

from __future__ import annotations

from collections.abc import Mapping

from kb_server.errors import Invalid, NotFound
from kb_server.pages.manifest import Page
from kb_server.words import t
from kb_server.writing.models import Place

Pages = Mapping[str, Page]
"""The pages of a build, by their ids."""


class SectionGone(Invalid):
    """The page has no such section, any more or at all."""


def place(page: Page | None, build: str, section: str = "") -> Place:
    """A page, or a section of it. Raises NotFound, SectionGone."""
    if page is None or page.shell:
        raise NotFound(t("talk.no_page"))
    found = next((one for one in page.sections if one.anchor == section), None)
    if section and found is None:
        raise SectionGone(t("talk.no_section"))
    return Place(
        page=page.id,
        title=page.title,
        url=page.url,
        build=build,
        teams=page.teams,
        owner=str(page.meta.get("owner") or ""),
        section=section,
        section_title=found.title if found and section else "",
        text=found.text if found else "",
        digest=found.digest if found else "",
    )


def place_of(page: Page | None, build: str, page_id: str, section: str) -> Place:
    """Where something hangs, which may be gone by now; then only admins and liaisons have a say in it."""
    try:
        return place(page, build, section)
    except SectionGone:
        return place(page, build)
    except NotFound:
        return Place(page_id, t("talk.page_gone"), "", build)
