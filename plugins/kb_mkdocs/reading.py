"""From MkDocs' pages to ours: the one place that knows how MkDocs keeps a page while it builds."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cache
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kb_server.wiki import frontmatter

from .collect import Read
from .text import plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import File, Files
    from mkdocs.structure.pages import Page


def home(config: MkDocsConfig) -> Path:
    """The folder of `mkdocs.yml`, to which the paths people see are relative."""
    return _folder(config.config_file_path) if config.config_file_path else Path.cwd()


@cache
def _folder(file: str) -> Path:
    return Path(file).resolve().parent


def shown_path(file: File, config: MkDocsConfig) -> str:
    """The page's source as people know it ("docs/index.md"); what a plugin generated has only its address."""
    if not file.abs_src_path or file.generated_by:
        return file.src_uri
    return Path(os.path.relpath(file.abs_src_path, home(config))).as_posix()


@dataclass(frozen=True, slots=True)
class Known:
    """A page's source: its path as people know it, its whole text, and its front matter."""

    file: str
    text: str
    meta: dict[str, Any]


def known(page: Page, config: MkDocsConfig) -> Known:
    """The page's source, with its front matter as it is now."""
    return Known(shown_path(page.file, config), _text(page), dict(page.meta))


def _text(page: Page) -> str:
    """The page's whole file, so that line numbers are those of the file."""
    try:
        return page.file.content_string
    except (OSError, UnicodeError, AssertionError):  # a page another plugin made up, without a file behind it
        return page.markdown or ""


def title_of(page: Page) -> str:
    """The page's title as plain text."""
    title = str(page.title or "")
    return plain(title) if "title" not in page.meta and "<" in title else " ".join(unescape(title).split())


def rendered_pages(files: Files) -> list[Page]:
    """All pages MkDocs has rendered in this build."""
    pages = (file.page for file in files.documentation_pages(inclusion=lambda _: True))
    return [page for page in pages if page and page.content is not None]


def ids_of(own: Mapping[str, Known]) -> dict[str, str]:
    """The id of each page by its path in the docs folder: its own, or one derived from that path."""
    ids = {path: str(known.meta.get("id") or "") for path, known in own.items()}
    taken = set(ids.values())
    for path in (path for path, given in ids.items() if not given):
        ids[path] = frontmatter.unique(frontmatter.derived_id(path), taken)
        taken.add(ids[path])
    return ids


def read(page: Page, page_id: str, known: Known) -> Read:
    """The page as the manifest's collector wants it."""
    return Read(
        id=page_id,
        file=known.file,
        url=page.url,
        title=title_of(page),
        html=page.content or "",
        text=known.text,
        meta=known.meta,
        permanent=bool(known.meta.get("id")),
        edit_url=page.edit_url or "",
    )


def content_at(files: Files, address: str) -> bytes | None:
    """The content of the site's file at this address, which for a file that is no page is also its path."""
    file = files.get_file_from_path(address)
    try:
        return file.content_bytes if file and not file.is_documentation_page() else None
    except OSError:
        return None
