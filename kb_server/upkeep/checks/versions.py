"""Which versions run here, and what is known against them."""

from __future__ import annotations

import platform
import sqlite3
from collections.abc import Iterator
from importlib import metadata

from kb_server.upkeep.models import Check, Installation, ok

PACKAGES = {
    "kb": "common-ground",
    "MkDocs": "mkdocs",
    "Material": "mkdocs-material",
    "Whoosh": "whoosh",
    "Flask": "flask",
    "SQLAlchemy": "sqlalchemy",
    "waitress": "waitress",
}
RACE_MENDED = (3, 51, 3)


def versions(_installation: Installation) -> Iterator[Check]:
    """Every version that matters, and a remark on SQLite's."""
    yield ok("versions", ", ".join(f"{name} {version}" for name, version in installed().items()) + ".")
    if sqlite3.sqlite_version_info < RACE_MENDED:
        yield ok(
            "sqlite",
            f"SQLite {sqlite3.sqlite_version} has a rare race between writing and checkpointing (mended in 3.51.3). "
            "kb is out of its reach: one connection does both.",
        )


def installed() -> dict[str, str]:
    """The versions of what runs here."""
    found = {name: _version(package) for name, package in PACKAGES.items()}
    return found | {"Python": platform.python_version(), "SQLite": sqlite3.sqlite_version}


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "missing"
