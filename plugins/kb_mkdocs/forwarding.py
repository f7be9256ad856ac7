"""Permanent links on a host that only has files: `p/<id>/` is a page that leads on to where the page is now.

The server answers these addresses by itself, before it looks at files.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb_server.words import t

from .text import quoted

if TYPE_CHECKING:
    from pathlib import Path

    from kb_server.pages.manifest import Manifest, Page

PAGE = """<!doctype html>
<html lang="{language}">
<meta charset="utf-8">
<title>{title}</title>
<meta name="robots" content="noindex">
<meta http-equiv="refresh" content="0; url={target}">
<link rel="canonical" href="{canonical}">
<p>{words} <a href="{target}">{title}</a></p>
</html>
"""


def write(site: Path, content: Manifest, site_url: str) -> None:
    """Write a page that leads on for each page with a permanent id. An address that is a page's own stays that page."""
    taken = {page.url for page in content.pages}
    for page in content.pages:
        if page.permanent and not taken & {f"p/{page.id}/", f"p/{page.id}/index.html"}:
            target = site / "p" / page.id / "index.html"
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(_leading_to(page, content.language, site_url), encoding="utf-8")


def _leading_to(page: Page, language: str, site_url: str) -> str:
    target = f"../../{page.url}"
    return PAGE.format(
        language=quoted(language),
        title=quoted(page.title),
        target=quoted(target),
        canonical=quoted(f"{site_url.rstrip('/')}/{page.url}" if site_url else target),
        words=t("link.leads_to"),
    )
