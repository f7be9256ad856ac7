"""The site's search dialog, asking the server: Material's own worker is replaced by ours, and kept as the fallback.

The only place where Material names its worker is the `__config` data of each finished page, so that is where it is
changed, whatever templates the site overrides. Every page also fetches the search index, which on a large site is
megabytes: a stub takes its place, and the full index waits aside for the day the server does not answer.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from kb_server.words import t

from .icons import icon
from .mends import DIALOG
from .text import quoted

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from kb_server.pages.manifest import Page

INDEX, FULL = "search_index.json", "search_index.full.json"
CHANGED = (
    "Material's pages no longer name their search worker as expected, so the search dialog keeps Material's own "
    "search. A version of kb that knows this version of Material is needed."
)

_CONFIG = '<script id="__config"'
_WORKER = re.compile(
    r'"search": "(?P<root>[^"]*?)(?P<inside>assets/)?(?P<worker>javascripts/workers/search\.[0-9a-f]+\.min\.js)"',
)
"""Without `assets/` on a page that lies in a folder of this name itself."""


def switched(html: str, worker: str) -> str | None:
    """The page with `worker`, a path from the site's root, as its search worker; None if Material's is not found.

    A page without Material's configuration has no dialog and stays as it is.
    """
    start = html.rfind(_CONFIG)
    if start < 0:
        return html
    found = _WORKER.search(html, start)
    if not found:
        return None
    root = found["root"] if found["inside"] else f"{found['root']}../"
    ours = f'"search": "{root}{worker}?builtin=assets/{found["worker"]}"'
    page = html[: found.start()] + ours + html[found.end() :]
    return page.replace(DIALOG, _without_scripts(f"{root}search/") + DIALOG, 1)


def _without_scripts(address: str) -> str:
    """A link to the page of results, for readers whose browser runs no script: the dialog is nothing to them."""
    label = icon("material/magnify") + t("search.button")
    return f'<noscript><a class="kb-search-link" href="{address}">{label}</a></noscript>'


def set_index_aside(folder: Path, pages: Iterable[Page] = ()) -> None:
    """Keep the full index below another name and leave a stub for every page's own request.

    The other names of the `pages` are put into it: the author's text need not hold them.
    """
    index = folder / INDEX
    if not index.is_file():
        return
    names = {page.url: t("term.also", names=", ".join(page.aliases)) for page in pages if page.aliases}
    content = json.loads(index.read_text(encoding="utf-8"))
    for entry in content["docs"]:
        if said := names.get(entry.get("location")):
            entry["text"] = f"<p>{quoted(said)}</p>{entry['text']}"
    _write(folder / FULL, content)
    # The dialog's highlighting reads `config.separator` from what it fetched.
    _write(index, {"config": content["config"], "docs": []})


def _write(path: Path, content: dict[str, Any]) -> None:
    path.write_text(json.dumps(content, separators=(",", ":")), encoding="utf-8")
