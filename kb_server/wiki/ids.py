"""Ids from names and paths, for pages and teams that were given none. Such an id lasts as long as the name does."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Container

_SPELT = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "æ": "ae", "œ": "oe", "ø": "oe", "å": "aa"}
    | {"ł": "l", "đ": "d", "ð": "d", "þ": "th", "\u0131": "i", "ŋ": "ng", "ħ": "h"}
)
_OTHERS = re.compile(r"[^a-z0-9]+")
_LONGEST = 80


def slug(name: str) -> str:
    """`name` in a-z, 0-9 and single hyphens; "" if nothing is left. Other alphabets become a digest."""
    spelt = unicodedata.normalize("NFC", name).lower().translate(_SPELT)
    plain = "".join(mark for mark in unicodedata.normalize("NFKD", spelt) if not unicodedata.combining(mark))
    kept = _OTHERS.sub("-", plain).strip("-")
    if len(kept) > _LONGEST or any(letter.isalnum() and not letter.isascii() for letter in plain):
        digest = hashlib.sha256(unicodedata.normalize("NFC", name).encode("utf-8", "surrogatepass")).hexdigest()[:8]
        kept = f"{kept[:_LONGEST].strip('-')}-{digest}".lstrip("-")
    return kept


def derived_id(source_path: str) -> str:
    """An id for the page at this path in the docs folder: ``teams/index.md`` is ``teams``, ``index.md`` is ``home``."""
    parts = source_path.replace("\\", "/").rsplit(".", 1)[0].split("/")
    if parts[-1].lower() in {"index", "readme"}:
        parts.pop()
    return slug("-".join(parts)) or ("home" if not parts else "page")


def unique(wanted: str, taken: Container[str]) -> str:
    """`wanted`, or with the first number behind it that is not taken. Ask in a fixed order to get fixed ids."""
    number, candidate = 1, wanted
    while candidate in taken:
        number += 1
        candidate = f"{wanted}-{number}"
    return candidate
