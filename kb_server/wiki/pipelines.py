"""Ready pipeline files for a wiki's repository, by where it lies: ``kb init --pipeline github``."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

from kb_server.errors import Conflict, Invalid

if TYPE_CHECKING:
    from pathlib import Path

FILES = {
    "github": {"check.yml": ".github/workflows/check.yml", "impact.yml": ".github/workflows/impact.yml"},
    "gitlab": {"gitlab-ci.yml": ".gitlab-ci.yml"},
    "git": {"post-receive": "hooks/post-receive", "Makefile": "Makefile"},
}
"""Of each kind the files by their names here, with where they go."""
_RUN = {"post-receive"}


def write(folder: Path, kind: str) -> list[Path]:
    """Write the pipeline of this kind into the wiki in `folder`; gives the files. Raises Conflict, Invalid.

    Nothing is written over: a pipeline that is there was made by somebody.
    """
    places = {name: folder / place for name, place in FILES[kind].items()}
    if there := next((place for place in places.values() if place.exists() or place.is_symlink()), None):
        raise Conflict(f"{there} is there already. Take it away first, or take from ours what you want of it.")
    try:
        return [_write(kind, name, place) for name, place in places.items()]
    except OSError as error:
        raise Invalid(f"{folder} cannot be written ({error.strerror}). Name another folder.") from error


def text(kind: str, name: str) -> str:
    """What one of these files says."""
    return (files("kb_server.wiki") / "pipelines" / kind / name).read_text(encoding="utf-8")


def _write(kind: str, name: str, place: Path) -> Path:
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text(kind, name), encoding="utf-8", newline="\n")
    if name in _RUN:
        place.chmod(place.stat().st_mode | 0o111)
    return place
