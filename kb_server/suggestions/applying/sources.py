"""Where the texts are read into which a suggestion is put: at the forge, in the repository, or in the wiki's folder."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from kb_server.config import Settings
from kb_server.forges.choosing import path_in
from kb_server.forges.models import Forge
from kb_server.suggestions.applying.putting import Read
from kb_server.wiki import committing
from kb_server.wiki.git import GitError


@dataclass(frozen=True, slots=True)
class Source:
    """Where texts are read: at the commit ``start``, "" where that cannot be told."""

    read: Read
    start: str = ""


def of_forge(settings: Settings, forge: Forge) -> Source:
    """The texts as they stand now at the forge. Raises ForgeError."""
    start = forge.head(settings.branch)
    return Source(lambda path: forge.file(path_in(settings, path), start), start)


def of_folder(settings: Settings) -> Source | None:
    """The texts as they stand now on the wiki's branch, else in its folder; None where the server has neither."""
    home = settings.config_file.parent
    if not settings.config_file.is_file():
        return None
    try:
        start = committing.tip(home, settings.branch)
    except GitError:
        return Source(lambda path: _file(home, path))
    return Source(lambda path: committing.text(home, start, path), start)


def _file(home: Path, path: str) -> str | None:
    """The text of a file of the wiki's that is one, and where it says."""
    file = home / path
    if not file.is_file() or file.resolve() != home.resolve() / path:
        return None
    try:
        return file.read_bytes().decode()
    except ValueError:
        return None
