"""Where words of the interface are used: the sources of the program, for the tests of its catalogue."""

from __future__ import annotations

from pathlib import Path

from kb_mkdocs.assets import HOME

ROOT = Path(__file__).parents[1]
CATALOGUE = ROOT / "kb_server" / "words"
STARTER = ROOT / "kb_server" / "wiki" / "starter"  # a new wiki's own pages, which its people rewrite

CODE = [path for folder in ("kb_server", "plugins") for path in sorted((ROOT / folder).rglob("*.py"))]
CODE = [path for path in CODE if path.parent != CATALOGUE]
MODULES = sorted((HOME / "js").rglob("*.js"))
TEMPLATES = [
    path for folder in ("kb_server", "plugins") for path in sorted((ROOT / folder).rglob("templates/**/*.html"))
]
TEMPLATES = [*TEMPLATES, *(ROOT / "plugins").rglob("*.md")]
SOURCES = [*CODE, *MODULES, *TEMPLATES]


def name_of(path: Path) -> str:
    """A source as people know it."""
    return path.relative_to(ROOT).as_posix()
