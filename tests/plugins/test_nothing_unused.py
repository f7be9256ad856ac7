"""The look holds no part that nothing shows: what a feature needs comes with it."""

from __future__ import annotations

import re

import pytest
from speaking import ROOT, SOURCES

from kb_mkdocs.assets import HOME
from kb_server.pages import icons

CSS = "\n".join(re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL) for path in (HOME / "css").glob("*.css"))
LIST = ROOT / "kb_server" / "pages" / "icons.py"
PAGES = [*(ROOT / "docs").rglob("*.md"), *(ROOT / "kb_server" / "wiki" / "starter").rglob("*.j2")]
SHOWN = "\n".join(path.read_text(encoding="utf-8") for path in [*SOURCES, *PAGES] if path != LIST)


@pytest.mark.parametrize("name", sorted(set(re.findall(r"\.((?:kb|is)-[\w-]+)", CSS))))
def test_every_class_of_the_look_is_on_some_page(name: str) -> None:
    written = "kb-hue-" if name.startswith("kb-hue-") else name  # a team's hue is put together
    assert re.search(rf"(?<![\w-]){re.escape(written)}", SHOWN)


@pytest.mark.parametrize("name", sorted(set(re.findall(r"(--kb-[\w-]+)\s*:", CSS))))
def test_every_value_of_the_look_is_used(name: str) -> None:
    theirs = (ROOT / "docs" / "assets" / "wiki.css").read_text()
    assert re.search(rf"var\({name}[,)]", CSS + theirs) or "late" in name  # red waits for answers that can be late


@pytest.mark.parametrize("name", icons.NAMES)
def test_every_icon_a_build_brings_along_is_shown(name: str) -> None:
    assert f'"{name}"' in SHOWN
