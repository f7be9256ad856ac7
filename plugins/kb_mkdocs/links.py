"""Where a rendered link or picture leads: MkDocs has turned each `.md` link into a URL relative to its page.

Links are remembered by page id, so that they outlive a page's move; pictures by their content, so that a changed
picture changes what a text means.
"""

from __future__ import annotations

import hashlib
import posixpath
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def target(page_url: str, href: str) -> tuple[str, str] | None:
    """The site's own address and anchor that `href` on this page means; None when it leaves the site."""
    if href.startswith("#"):
        return page_url, unquote(href[1:])
    try:
        parts = urlsplit(href)
    except ValueError:  # an author's slip such as `http://[x`; a browser does not follow it either
        return None
    if parts.scheme or parts.netloc or parts.path.startswith("/"):
        return None
    if not parts.path:
        return page_url, unquote(parts.fragment)
    joined = posixpath.normpath(posixpath.join("/" + posixpath.dirname(page_url), parts.path)).lstrip("/")
    is_folder = posixpath.basename(parts.path) in {"", ".", ".."}
    return unquote(joined + "/" if is_folder and joined else joined), unquote(parts.fragment)


class Addresses:
    """The site's pages and files by address."""

    def __init__(self, pages: Mapping[str, str], read: Callable[[str], bytes | None]) -> None:
        """`pages` gives ids by URL; `read` gives the content of the file at an address, or None."""
        spelled = {unquote(url): page for url, page in pages.items()}
        self._pages = {**{_index(url): page for url, page in spelled.items()}, **spelled}
        self._read = read
        self._digests: dict[str, str] = {}

    def link(self, page_url: str, href: str) -> str | None:
        """`page-id` or `page-id#anchor` for a link to a page, `/its/address` for one to anything else on the site.

        None for a link that leaves the site. An address is kept because it is part of what a text says, although only
        pages have ids.
        """
        found = target(page_url, href)
        if not found:
            return _from_the_root(href)
        page = self._pages.get(found[0])
        where = page if page is not None else f"/{found[0]}"
        query = urlsplit(href).query
        anchor = f"{found[1]}?{query}" if query else found[1]
        return f"{where}#{anchor}" if anchor else where

    def image(self, page_url: str, source: str) -> str | None:
        """The digest of the picture's content; None when the picture is not one of the site's files."""
        found = target(page_url, source)
        if not found:
            return None
        address = found[0]
        if address not in self._digests:
            content = self._read(address)
            self._digests[address] = hashlib.sha256(content).hexdigest() if content is not None else ""
        return self._digests[address] or None


def _from_the_root(href: str) -> str | None:
    """The address of a link that is the host's own but not told from this page; None for one to another host.

    Where the site lies on its host is not known while it is built, so this may be a page and is kept as an address.
    """
    try:
        parts = urlsplit(href)
    except ValueError:
        return None
    if parts.netloc or parts.scheme not in {"", "http", "https"} or href.startswith("//"):
        return None
    return f"/{unquote(href.partition(':')[2] if parts.scheme else href).lstrip('/')}"


def _index(url: str) -> str:
    return url + "index.html" if not url or url.endswith("/") else url
