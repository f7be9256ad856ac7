"""Compressing at publishing, once, instead of at every request; and seeing that every file still is what was sealed."""

from __future__ import annotations

import gzip
import hashlib
import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from kb_server.web import layout
from kb_server.web.build import Build, BuildError, File

TEXT = (".html", ".css", ".js", ".mjs", ".json", ".svg", ".xml", ".txt", ".map", ".webmanifest", ".md", ".csv", ".ics")
SMALLEST = 700  # bytes; below that a packet is a packet


def pack(build: Build, before: Build | None = None) -> None:
    """Verify and compress the files of a build. What `before` holds unchanged is linked, not compressed again.

    Raises BuildError naming the first file that is not what was sealed.
    """
    done = {file.digest: file.gzip for file in (before.files.values() if before else ()) if file.gzip}
    packed = build.root / layout.GZIP
    with ThreadPoolExecutor(os.cpu_count()) as workers:  # zlib lets go of the interpreter
        for name in workers.map(lambda item: _pack(packed, item[0], item[1], done), build.files.items()):
            if name:
                raise BuildError(f"Build {build.id} is damaged: {name} is not what was built. Run `kb build` again.")


def _pack(packed: Path, name: str, file: File, done: Mapping[str, Path | None]) -> str:
    """Compress one file; gives its name if it is damaged, else ""."""
    try:
        content = file.path.read_bytes()
    except OSError:
        return name
    if hashlib.sha256(content).hexdigest() != file.digest:
        return name
    if name.endswith(TEXT) and file.size >= SMALLEST and file.gzip is None:
        _compress(content, packed / name, done.get(file.digest))
    return ""


def _compress(content: bytes, target: Path, same: Path | None) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(f"{target.name}.{os.getpid()}.partial")
    try:
        os.link(same or "", partial)
    except OSError:  # nothing to link, or a file system without links
        partial.write_bytes(gzip.compress(content, 6, mtime=0))
    partial.replace(target)
