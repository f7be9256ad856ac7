"""The note of a failed backup: a file, because the server writes it and `kb doctor`, another process, reads it."""

from __future__ import annotations

import logging
from pathlib import Path

log = logging.getLogger("kb.upkeep")
NOTE = "backup-failed.txt"


def note(data_dir: Path, text: str) -> None:
    """Remember when and why the server's backup failed."""
    try:
        (data_dir / NOTE).write_text(text, encoding="utf-8")
    except OSError as error:  # a full disk, as a rule: that is what it would have said
        log.warning("The failed backup cannot be noted either: %s", error)


def noted(data_dir: Path) -> str:
    """When and why the server's last backup failed; "" when none has failed since the last good one."""
    try:
        return (data_dir / NOTE).read_text(encoding="utf-8").strip()
    except OSError:
        return ""


def problems(data_dir: Path) -> list[str]:
    """The same for everybody to see: no path, no reason."""
    return ["The last backup by the server failed; `kb doctor` tells why."] if noted(data_dir) else []


def clear(data_dir: Path) -> None:
    """Forget it: there is a good backup again."""
    (data_dir / NOTE).unlink(missing_ok=True)
