"""Where a rendered link or picture leads: MkDocs has turned each `.md` link into a URL relative to its page.

Links are remembered by page id, so that they outlive a page's move; pictures by their content, so that a changed
picture changes what a text means.
"""

from __future__ import annotations

import hashlib
import posixpath
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, unquote, urlsplit, urlunsplit

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

    def __init__(self, pages: Mapping[str, str], read: Callable[[str], bytes | None], home: str = "") -> None:
        """`pages` gives ids by URL; `read` gives the content of the file at an address, or None.

        `home` is the site's own address in full, as far as it is known (`site_url`).
        """
        self._home = home.rstrip("/") + "/" if home else ""
        spelled = {unquote(url): page for url, page in pages.items()}
        self._pages = {**{_index(url): page for url, page in spelled.items()}, **spelled}
        self._read = read
        self._digests: dict[str, str] = {}

    def link(self, page_url: str, href: str) -> str | None:
        """`page-id` or `page-id#anchor` for a link to a page, `/its/address` for one to anything else on the site.

        None for a link that leaves the site. An address is kept because it is part of what a text says, although only
        pages have ids.
        """
        href = self._from_here(page_url, href)
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
        found = target(page_url, self._from_here(page_url, source))
        if not found:
            return None
        address = found[0]
        if address not in self._digests:
            content = self._read(address)
            self._digests[address] = hashlib.sha256(content).hexdigest() if content is not None else ""
        return self._digests[address] or None

    def _from_here(self, page_url: str, href: str) -> str:
        """A full address on the wiki's own host, as it would be told from this page; any other as it is."""
        if not self._home or "//" not in href[:8]:
            return href
        try:
            there, home = urlsplit(href), urlsplit(self._home)
            is_ours = there.scheme in {"", "http", "https"} and _host(there) == _host(home)
        except ValueError:
            return href
        if not is_ours:
            return href
        path = posixpath.normpath(there.path or "/") + "/" * there.path.endswith("/")
        if f"{path}/".startswith(home.path):
            path = "../" * page_url.count("/") + (path[len(home.path) :] or ".")
        return urlunsplit(("", "", path, there.query, there.fragment))


def _host(parts: SplitResult) -> tuple[str, int | None]:
    """Host and port, which is none where the scheme says it."""
    return (parts.hostname or "").rstrip("."), None if parts.port in {80, 443} else parts.port


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
