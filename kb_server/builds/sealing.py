"""Sealing: a finished build gets a list of its files and an id that is a digest of them all."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import replace
from pathlib import Path

from kb_server.pages import manifest as manifests
from kb_server.web import layout

ID_LENGTH = 12


def seal(root: Path) -> str:
    """Write the list of files into the build in `root`; gives its id. The same files always give the same id."""
    files = {name: _entry(path) for name, path in _files(root)}
    manifest = manifests.read(root / layout.MANIFEST)
    build_id = _digest([files, manifests.dumps(manifest), *_inner(root)])[:ID_LENGTH]
    manifests.write(replace(manifest, build=build_id), root / layout.MANIFEST)
    _write(
        root / layout.SEAL, {"schema": layout.SEAL_SCHEMA, "id": build_id, "commit": manifest.commit, "files": files}
    )
    return build_id


def _files(root: Path) -> list[tuple[str, Path]]:
    """The files of the site by name, sorted. A link is not followed: it could lead out of the site."""
    found = []
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if Path(folder) != root or name != layout.INNER)
        for name in names:
            path = Path(folder, name)
            if path.is_file() and not path.is_symlink():
                found.append((path.relative_to(root).as_posix(), path))
    return sorted(found)


def _inner(root: Path) -> list[str]:
    """Shells and policy are part of what a build is; manifest and seal are handled apart."""
    apart = (layout.MANIFEST, layout.SEAL)
    paths = sorted(path for path in (root / layout.INNER).rglob("*") if path.is_file())
    return [path.read_text("utf-8") for path in paths if path.relative_to(root).as_posix() not in apart]


def _entry(path: Path) -> dict[str, object]:
    content = path.read_bytes()
    return {"digest": hashlib.sha256(content).hexdigest(), "size": len(content)}


def _digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()


def _write(path: Path, value: object) -> None:
    with path.open("w", encoding="utf-8") as out:
        json.dump(value, out, sort_keys=True, separators=(",", ":"))
        out.flush()
        os.fsync(out.fileno())
