"""Small readings of a page's HTML that several modules share, without a parser: 900 pages must stay cheap."""

from __future__ import annotations

import re
from html import escape, unescape

_TAG = re.compile(r"<!--.*?-->|</?[a-zA-Z][^>]*>", re.DOTALL)


def plain(html: str) -> str:
    """The words of a fragment of HTML, on one line."""
    return " ".join(unescape(_TAG.sub("", html)).split())


def quoted(text: str) -> str:
    """The text, ready to stand in an attribute or between tags."""
    return escape(text, quote=True)


def times(count: int, one: str, many: str) -> str:
    """`1 page`, `2 pages`."""
    return f"{count} {one if count == 1 else many}"


def line_of(source: str, sign: str) -> int:
    """The first line in which `sign` stands, whatever its case; 1 where it does not stand as such."""
    at = source.lower().find(sign.lower())
    return source.count("\n", 0, at) + 1 if at >= 0 else 1
