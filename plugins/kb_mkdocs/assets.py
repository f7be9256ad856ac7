"""The plugin's own styles and modules, published under a name that changes with their content.

A folder named by its content may be cached for ever, and a new version of the plugin never meets an old style sheet.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from kb_server.words import ENGLISH, used_in

HOME = Path(__file__).parent / "assets"
THEME = "1*.css"  # the part files that give Material our colours and type; a site may keep its own (`look: false`)
STYLES, ENTRY, WORKER, WORDS, LED = "kb.css", "kb.js", "search-worker.js", "words.js", "led.js"


@dataclass(frozen=True, slots=True)
class Bundle:
    """What is published: the folder, relative to the site's root, and the content of each file in it by name."""

    folder: str
    files: dict[str, bytes]

    def url(self, name: str) -> str:
        """Where the file of this name is, relative to the site's root; "" when the bundle has no such file."""
        return f"{self.folder}/{name}" if name in self.files else ""


def bundle(home: Path = HOME, *, look: bool = True) -> Bundle:
    """The style sheet made of all parts below `home`/css, and everything below `home`/js as it stands."""
    files = {STYLES: _styles(home / "css", look=look)}
    modules = {
        path.relative_to(home / "js").as_posix(): path.read_text(encoding="utf-8") for path in _files(home / "js")
    }
    files |= {name: text.encode() for name, text in _with_words(modules).items()}
    return Bundle(f"assets/kb-{_digest(files)}", files)


def _with_words(modules: dict[str, str]) -> dict[str, str]:
    """The modules, and in the one that says the words those that the others name."""
    if WORDS not in modules:
        return modules
    keys = sorted(key for name, text in modules.items() if name != WORDS for key in used_in(text))
    texts = json.dumps({key: ENGLISH[key] for key in keys}, ensure_ascii=False)
    return modules | {WORDS: modules[WORDS].replace("const texts = {}", f"const texts = {texts}")}


def _styles(folder: Path, *, look: bool) -> bytes:
    parts = [path for path in _files(folder) if path.suffix == ".css" and (look or not path.match(THEME))]
    return b"\n".join(path.read_bytes().rstrip() for path in parts) + b"\n"


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("."))


def _digest(files: dict[str, bytes]) -> str:
    total = hashlib.sha256()
    for name, content in sorted(files.items()):
        total.update(f"{name}\0{len(content)}\0".encode() + content)
    return total.hexdigest()[:8]
