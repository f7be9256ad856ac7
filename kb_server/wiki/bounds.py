"""Which files may be part of a wiki, and what is said of one that may not: while building, and by ``kb check``."""

from __future__ import annotations

import os
import re
from pathlib import Path

from kb_server.pages import layout
from kb_server.wiki.problems import Problem

_UNREADABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


def of_name(shown: str, address: str) -> Problem | None:
    """What is wrong with the name of a file that will lie at this address of the site."""
    if f"{address}/".startswith(f"{layout.INNER}/"):
        return Problem(readable(shown), None, f"'{layout.INNER}' is a name that kb needs for itself", "Rename it.")
    if _UNREADABLE.search(shown):
        return Problem(readable(shown), None, "the name has a character nobody can read", "Rename it.")
    return None


def outside(shown: str) -> Problem:
    """A file that only a link brings in."""
    message = "a link leads there out of the docs folder, in a circle, or nowhere"
    return Problem(readable(shown), None, message, "Bring the file itself into the docs folder.")


def endless(docs: Path) -> list[Path]:
    """Links to folders in which they lie themselves: who follows links as MkDocs does comes to no end there."""
    linked = (Path(folder, name) for folder, folders, _ in os.walk(docs) for name in folders)
    return sorted(path for path in linked if path.is_symlink() and _leads_up(path))


def readable(name: str) -> str:
    """The name, with what nobody can read spelt out."""
    return _UNREADABLE.sub(lambda found: f"\\x{ord(found[0]):02x}", name)


def is_within(named: Path, docs: Path, wiki: Path) -> bool:
    """Whether a file of the docs folder is there itself, or leads to another of it or to a page of the wiki."""
    path = Path(os.path.realpath(named))
    if path == named:
        return True
    inside = path.is_relative_to(docs) or (path.suffix == ".md" and path.is_relative_to(wiki))
    return inside and path.is_file() and not _goes_round(named)


def _leads_up(link: Path) -> bool:
    return Path(os.path.realpath(link.parent)).is_relative_to(os.path.realpath(link))


def _goes_round(named: Path) -> bool:
    """Whether a folder on the way to a file is a link to one it lies in."""
    folders = [os.path.realpath(folder) for folder in named.parents]
    return len(set(folders)) < len(folders)
