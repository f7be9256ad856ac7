"""What is kept of the history between builds, so that only new commits are read.

A ledger is kept under its commit and our rules, and taken up again only if that commit is on the line HEAD stands on:
then what comes out is the same as when all is read at once. History that was rewritten, another branch, other rules, a
damaged file: all is read anew. A few are kept, since people change branches.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from kb_server.wiki import outline
from kb_server.wiki.past.ledger import Ledger, from_data, to_data

if TYPE_CHECKING:
    from pathlib import Path

    from kb_server.wiki.past.reading import Repository
    from kb_server.wiki.past.today import Digested

RULES = 3
"""Raised when the same commits would be written down otherwise than before."""

_KEPT = 3


def read(folder: Path, repository: Repository) -> Ledger:
    """The ledger to go on from, or an empty one. Its ``bodies`` are read by `read_bodies`, when commits are new."""
    kind = _kind(repository)
    kept = {path.name.removeprefix(kind).removesuffix(".json"): path for path in folder.glob(f"{kind}*.json")}
    for commit in repository.mainline() if kept else ():
        if commit in kept and (ledger := _ledger(kept[commit])):
            return ledger
    return Ledger()


def read_bodies(folder: Path, repository: Repository, ledger: Ledger) -> Ledger:
    """The ledger with its bodies; an empty one if they are damaged."""
    if ledger.commit:
        bodies = _data(_bodies(folder, repository, ledger.commit))
        if not isinstance(bodies, dict):
            return Ledger()
        ledger.bodies = bodies
    return ledger


def write(folder: Path, repository: Repository, ledger: Ledger) -> None:
    """Keep the ledger, and forget the oldest of those that are kept."""
    kind = _kind(repository)
    _write(_bodies(folder, repository, ledger.commit), ledger.bodies)
    _write(folder / f"{kind}{ledger.commit}.json", to_data(ledger) | {"bodies": {}})
    kept = sorted(folder.glob("ledger-*.json"), key=lambda path: path.stat().st_mtime_ns, reverse=True)
    for path in kept[_KEPT:]:
        path.unlink(missing_ok=True)
        path.with_suffix(".bodies").unlink(missing_ok=True)


def read_today(folder: Path) -> Digested:
    """What was kept of the pages of the build before."""
    data = _data(folder / f"{_today()}")
    return data if isinstance(data, dict) else {}


def write_today(folder: Path, digested: Digested) -> None:
    """Keep what is known of today's pages."""
    _write(folder / f"{_today()}", digested)


def _today() -> str:
    return f"today-{RULES}.{outline.RULES}.json"


def _kind(repository: Repository) -> str:
    shallow = "-shallow" if repository.shallow else ""  # a clone that was deepened has more to say
    return f"ledger-{RULES}.{outline.RULES}{shallow}-"


def _bodies(folder: Path, repository: Repository, commit: str) -> Path:
    return folder / f"{_kind(repository)}{commit}.bodies"


def _ledger(path: Path) -> Ledger | None:
    try:
        return from_data(_data(path))
    except (TypeError, KeyError, ValueError, AttributeError):
        return None


def _data(path: Path) -> Any:  # noqa: ANN401  -- whatever JSON gives
    """What the file holds, or None if it is not there, or damaged: then it is made anew."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def _write(path: Path, data: Any) -> None:  # noqa: ANN401  -- whatever JSON takes
    """Write the file, whole or not at all. A cache that cannot be written costs time and nothing else."""
    partial = path.with_name(f"{path.name}.{os.getpid()}")
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        partial.write_text(json.dumps(data, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
        partial.replace(path)
