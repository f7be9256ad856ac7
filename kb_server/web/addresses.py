"""Where to go next, when somebody else has a say in it."""

from __future__ import annotations

from urllib.parse import urlsplit

LONGEST = 2000


def local(path: str) -> str:
    """`path` if it leads to a place of this wiki, else its home: never to another site, however it is written.

    Browsers take a backslash for a slash and skip control characters, so neither may be in it.
    """
    plain = len(path) <= LONGEST and path.startswith("/") and path.isprintable() and "\\" not in path
    if not plain or path.startswith("//"):
        return "/"
    parts = urlsplit(path)
    return "/" if parts.scheme or parts.netloc or ".." in parts.path.split("/") else path
