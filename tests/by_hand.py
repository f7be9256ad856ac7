"""Pages made by hand, for tests that need no MkDocs."""

from __future__ import annotations

from kb_server.pages.manifest import Page, Section

POLICY = "default-src 'none'; script-src 'self'"


def page(page_id: str, text: str = "", *, title: str = "", url: str | None = None, kind: str = "page") -> Page:
    """A page with one section."""
    return Page(
        id=page_id,
        kind=kind,
        url=f"{page_id}/" if url is None else url,
        title=title or page_id,
        source_path=f"{page_id}.md",
        sections=(Section("", title or page_id, 1, text, text, (1, 1), "1:0"),),
    )
