"""Sealing: a finished build gets a list of its files and an id that is a digest of them all."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import replace
from pathlib import Path

from kb_server.errors import KbError
from kb_server.pages import layout
from kb_server.pages import manifest as manifests

ID_LENGTH = 12


def seal(root: Path) -> str:
    """Write the list of files into the build in `root`; gives its id. The same files always give the same id.

    What the server needs besides the site stands in the list of its own, so that it is verified but never served.
    Raises KbError when the plugin has not been there.
    """
    try:
        manifest = manifests.read(root / layout.MANIFEST)
    except manifests.ManifestError as error:
        raise KbError("The wiki was built without us: add a line `- kb` below `plugins:` in its mkdocs.yml.") from error
    site, inner = _entries(root, within=False), _entries(root, within=True)
    build_id = _digest([site, inner, manifests.dumps(manifest)])[:ID_LENGTH]
    manifests.write(replace(manifest, build=build_id), root / layout.MANIFEST)
    inner[layout.MANIFEST] = _entry(root / layout.MANIFEST)
    _write(root / layout.SEAL, {"schema": layout.SEAL_SCHEMA, "id": build_id, "files": site, "inner": inner})
    return build_id


def _entries(root: Path, *, within: bool) -> dict[str, dict[str, object]]:
    """Digest and size of the files by name: of the site, or `within` the part that is never served."""
    return {name: _entry(path) for name, path in _files(root) if _is_inner(name) == within and name not in _APART}


_APART = (layout.MANIFEST, layout.SEAL)


def _is_inner(name: str) -> bool:
    return name.startswith(f"{layout.INNER}/")


def _files(root: Path) -> list[tuple[str, Path]]:
    """The files by name, sorted. A link is not followed: it could lead out of the site."""
    found = []
    for folder, _, names in os.walk(root):
        for name in names:
            path = Path(folder, name)
            if path.is_file() and not path.is_symlink():
                found.append((path.relative_to(root).as_posix(), path))
    return sorted(found)


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
