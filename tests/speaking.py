"""Where words of the interface are used: the sources of the program, for the tests of its catalogue."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from functools import cache
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


@cache
def text_of(path: Path) -> str:
    """What stands in it; many tests look at the same sources, and each looks at all of them."""
    return path.read_text(encoding="utf-8")


def tree_of(path: Path) -> ast.Module:
    """A module of Python's, parsed: that is quick, and keeping hundreds is not."""
    return ast.parse(text_of(path))


def faults(paths: Iterable[Path], look: Callable[[Path], object]) -> dict[str, object]:
    """What `look` finds fault with, by source: one test says it of all, where a thousand would take a minute."""
    found = {name_of(path): look(path) for path in paths}
    assert found, "there is nothing to look at"
    return {name: fault for name, fault in found.items() if fault}
