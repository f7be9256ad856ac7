"""What became of every address the wiki ever had, from its git history, as MkDocs makes addresses."""

from __future__ import annotations

import os
import posixpath
from pathlib import Path
from typing import TYPE_CHECKING

from mkdocs.structure.files import File

from kb_server.wiki import past
from kb_server.wiki.past import written

from . import reading

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mkdocs.config.defaults import MkDocsConfig

    from kb_server.pages.history import History

    from .collect import Collected
    from .reading import Known


def history(config: MkDocsConfig, entries: Mapping[str, Collected], known: Mapping[str, Known]) -> History:
    """The history of the wiki's pages; `entries` and `known` go by a page's path in the docs folder.

    Raises HistoryError where the file that carries what git lacks cannot be used.
    """
    pages = [_present(path, entry, known[path].text) for path, entry in entries.items() if path in known]
    home = reading.home(config)
    docs_dir = posixpath.normpath(os.path.relpath(config.docs_dir, home))
    found = past.history(home, docs_dir, pages, lambda path: url_of(path, config), cache_folder(home))
    kept = home / written.FILE
    return past.with_written(found, written.read(kept), home, pages) if kept.is_file() else found


def url_of(path: str, config: MkDocsConfig) -> str:
    """The address MkDocs gives a page at this path in the docs folder."""
    url: str = File(path, "", "", use_directory_urls=config.use_directory_urls).url
    return "" if url in {"./", "."} else url


def cache_folder(home: Path) -> Path:
    """Where what was read of the history is kept: below KB_DATA_DIR, or `.kb` beside mkdocs.yml."""
    return Path(os.environ.get("KB_DATA_DIR") or home / ".kb") / "cache" / "history"


def _present(path: str, entry: Collected, text: str) -> past.Present:
    sections = [(section.anchor, section.title) for section in entry.page.sections]
    return past.Present(path, entry.page.url, entry.page.id, text, sections)
