"""Mermaid fences, drawn while the site is built: the page carries pictures and loads no script from anywhere.

Each fence becomes two pictures, one for light and one for dark colours. Drawing takes about half a second each, so
pictures are kept in the data folder, by what they are made of.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import os
import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from .text import quoted

FENCE = "mermaid"
FOLDER = "assets/diagrams"
PENDING = "kb-diagram:"  # stands before a picture's name until the page it is on is known
PACKAGE = "mermaidx"

_INKS = {
    "light": ("#ffffff", "#f0f5f3", "#16211e", "#77857f", "#52605b", "#ddf1e8", "#e6edea"),
    "dark": ("#161c1a", "#1e2624", "#e6edea", "#7c8a85", "#a5b3ae", "#14382d", "#2a3431"),
}
_NAMES = (
    "background",
    "primaryColor",
    "primaryTextColor",
    "primaryBorderColor",
    "lineColor",
    "secondaryColor",
    "tertiaryColor",
)
_ACCESSIBLE = re.compile(r"^\s*acc(Title|Descr)\s*(?::\s*([^\n]*)|\{([^}]*)\})", re.MULTILINE)
_ROOT = re.compile(r'(<svg\b[^>]*?)\swidth="100%"([^>]*?viewBox="[-\d.]+ [-\d.]+ ([\d.]+) ([\d.]+)")')


class CannotDraw(Exception):  # noqa: N818  -- it says what happened
    """The fence cannot be drawn: the message says why, `fix` what to do.

    A slip in one diagram is worth a warning, as a broken link is; that none at all can be drawn `stops` the build.
    """

    def __init__(self, message: str, fix: str, *, stops: bool = False) -> None:
        super().__init__(message)
        self.fix, self.stops = fix, stops


@dataclass(slots=True)
class Diagrams:
    """All fences of a build. `files` are the pictures' content by name, `sources` the texts they were made of."""

    cache: Path
    files: dict[str, str] = field(default_factory=dict)
    sources: dict[str, str] = field(default_factory=dict)
    failures: list[tuple[str, CannotDraw]] = field(default_factory=list)

    def fence(self, source: str, *_: object, **__: object) -> str:
        """What Markdown shows for a fence; the signature is that of a formatter of `pymdownx.superfences`."""
        try:
            drawn = {theme: drawing(source, theme, self.cache) for theme in _INKS}
        except CannotDraw as why:
            self.failures.append((source, why))
            return f"<pre><code>{quoted(source)}</code></pre>"
        names = {theme: f"{_key(source, theme)[:16]}-{theme}.svg" for theme in drawn}
        self.files |= {names[theme]: svg for theme, svg in drawn.items()}
        self.sources |= dict.fromkeys(names.values(), source)
        return _shown(source, names, drawn["light"])

    def source_at(self, address: str) -> bytes | None:
        """What the picture at this address was made of; None for any other address."""
        folder, _, name = address.rpartition("/")
        source = self.sources.get(name) if folder == FOLDER else None
        return source.encode() if source is not None else None

    def take_failures(self) -> list[tuple[str, CannotDraw]]:
        """The fences that could not be drawn since this was last asked."""
        failed, self.failures = self.failures, []
        return failed


def drawing(source: str, theme: str, cache: Path) -> str:
    """The fence as SVG, from the cache where it has been drawn before. Raises CannotDraw."""
    kept, refused = (cache / f"{_key(source, theme)}.{suffix}" for suffix in ("svg", "txt"))
    if kept.is_file():
        return kept.read_text(encoding="utf-8")
    if refused.is_file():
        raise slip(refused.read_text(encoding="utf-8"))
    try:
        svg = _sized(_draw(source, theme))
    except RuntimeError as error:
        reason = " ".join(str(error).split())[:200]
        _keep(refused, reason)
        raise slip(reason) from error
    _keep(kept, svg)
    return svg


def slip(reason: str) -> CannotDraw:
    """What to say of a fence the drawing program does not understand."""
    return CannotDraw(f"the diagram cannot be drawn ({reason})", "Mend its Mermaid text.")


def _keep(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(f".{os.getpid()}")
    partial.write_text(text, encoding="utf-8")
    partial.replace(path)


def description(source: str) -> str:
    """What the diagram says to those who do not see it: its `accTitle` and `accDescr`."""
    found = [" ".join((line or several).split()) for _, line, several in _ACCESSIBLE.findall(source)]
    return ". ".join(text.rstrip(".") for text in found if text)


def placed(html: str, folder: str) -> str:
    """The page's content with the pictures' addresses, `folder` being `FOLDER` as seen from the page."""
    return html.replace(PENDING, f"{folder}/") if PENDING in html else html


def cache_folder(home: Path) -> Path:
    """Where drawn pictures are kept: below KB_DATA_DIR, or `.kb` beside mkdocs.yml."""
    return Path(os.environ.get("KB_DATA_DIR") or home / ".kb") / "cache" / "diagrams"


def _draw(source: str, theme: str) -> str:
    """The fence as the drawing program gives it. Raises RuntimeError for a slip in it, CannotDraw without a program."""
    try:
        import mermaidx  # noqa: PLC0415  -- an extra, and slow to load
    except ImportError as error:
        fix = "Install the package mermaidx, or take the fence out."
        raise CannotDraw("the diagram needs the package mermaidx", fix, stops=True) from error
    return str(mermaidx.render(source, theme="base", config=_config(theme)).svg())


def _config(theme: str) -> dict[str, Any]:
    inks = dict(zip(_NAMES, _INKS[theme], strict=True))
    look = {
        "darkMode": theme == "dark",
        "edgeLabelBackground": inks["background"],
        "fontFamily": "system-ui, sans-serif",
    }
    # The same source gives the same bytes: without seeds Mermaid draws its strokes by chance.
    fixed = {"handDrawnSeed": 1, "deterministicIds": True}
    return {**fixed, "themeVariables": {**inks, **look, "fontSize": "16px"}}


def _key(source: str, theme: str) -> str:
    made_of = json.dumps([source, _config(theme), _version()], sort_keys=True)
    return hashlib.sha256(made_of.encode()).hexdigest()


@cache
def _version() -> str:
    try:
        return importlib.metadata.version(PACKAGE)
    except importlib.metadata.PackageNotFoundError:
        return ""


def _sized(svg: str) -> str:
    """The drawing with its size at its root: without it a browser cannot tell how large the picture is."""
    return _ROOT.sub(
        lambda root: f'{root[1]} width="{_pixels(root[3])}" height="{_pixels(root[4])}"{root[2]}', svg, count=1
    )


def _pixels(length: str) -> int:
    return max(1, round(float(length)))


def _shown(source: str, names: dict[str, str], svg: str) -> str:
    found = re.search(r'<svg\b[^>]*?\swidth="(\d+)" height="(\d+)"', svg)
    size = f' width="{found[1]}" height="{found[2]}"' if found else ""
    alt = quoted(description(source))
    images = (
        f'<img src="{PENDING}{name}#only-{theme}" alt="{alt}"{size} loading="lazy">' for theme, name in names.items()
    )
    return f'<div class="kb-diagram">{"".join(images)}</div>'
