"""Seeing that every file still is what was sealed; and compressing at publishing, once, instead of at every request."""

from __future__ import annotations

import gzip
import hashlib
import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from kb_server.pages import layout
from kb_server.web.build import Build, BuildError, File

TEXT = (".html", ".css", ".js", ".mjs", ".json", ".svg", ".xml", ".txt", ".map", ".webmanifest", ".md", ".csv", ".ics")
SMALLEST = 700  # bytes; below that a packet is a packet


def verify(build: Build) -> None:
    """Read every file of a build. Raises BuildError naming the first that is not what was sealed."""
    with ThreadPoolExecutor(os.cpu_count()) as workers:  # hashing lets go of the interpreter
        for name, same in workers.map(_is_same, (build.files | build.inner).items()):
            if not same:
                raise BuildError(f"Build {build.id} is damaged: {name} is not what was built. Run `kb build` again.")


def pack(build: Build, before: Build | None = None) -> None:
    """Compress the text files of a build. What `before` holds unchanged is linked, not compressed again."""
    done = {file.digest: file.gzip for file in (before.files.values() if before else ()) if file.gzip}
    with ThreadPoolExecutor(os.cpu_count()) as workers:  # so does zlib
        list(workers.map(lambda item: _pack(build.root / layout.GZIP, item[0], item[1], done), _worth_it(build)))


def _is_same(item: tuple[str, File]) -> tuple[str, bool]:
    name, file = item
    try:
        return name, hashlib.sha256(file.path.read_bytes()).hexdigest() == file.digest
    except OSError:
        return name, False


def _worth_it(build: Build) -> list[tuple[str, File]]:
    return [
        (name, file)
        for name, file in build.files.items()
        if name.endswith(TEXT) and file.size >= SMALLEST and file.gzip is None
    ]


def _pack(packed: Path, name: str, file: File, done: Mapping[str, Path | None]) -> None:
    target = packed / name
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(f"{target.name}.{os.getpid()}.partial")
    try:
        try:
            os.link(done.get(file.digest) or "", partial)
        except OSError:  # nothing to link, or a file system without links
            partial.write_bytes(gzip.compress(file.path.read_bytes(), 6, mtime=0))
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)  # on a full disk a part of it would only take more room
