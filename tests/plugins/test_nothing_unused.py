"""The look holds no part that nothing shows: what a feature needs comes with it."""

from __future__ import annotations

import re

from speaking import ROOT, SOURCES

from kb_mkdocs.assets import HOME
from kb_server.pages import icons

CSS = "\n".join(re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL) for path in (HOME / "css").glob("*.css"))
LIST = ROOT / "kb_server" / "pages" / "icons.py"
PAGES = [*(ROOT / "docs").rglob("*.md"), *(ROOT / "kb_server" / "wiki" / "starter").rglob("*.j2")]
SHOWN = "\n".join(path.read_text(encoding="utf-8") for path in [*SOURCES, *PAGES] if path != LIST)


def test_every_class_of_the_look_is_on_some_page() -> None:
    shown = sorted(set(re.findall(r"(?<![\w-])(?:kb|is)-[\w-]*", SHOWN)))
    styled = sorted(set(re.findall(r"\.((?:kb|is)-[\w-]+)", CSS)))
    # A team's hue is put together.
    written = {name: "kb-hue-" if name.startswith("kb-hue-") else name for name in styled}
    assert written
    assert [name for name, text in written.items() if not any(word.startswith(text) for word in shown)] == []


def test_every_value_of_the_look_is_used() -> None:
    names = sorted(set(re.findall(r"(--kb-[\w-]+)\s*:", CSS)))
    used = re.findall(r"var\((--kb-[\w-]+)[,)]", CSS + (ROOT / "docs" / "assets" / "wiki.css").read_text())
    assert names
    # Red waits for answers that can be late.
    assert [name for name in names if name not in used and "late" not in name] == []


def test_every_icon_a_build_brings_along_is_shown() -> None:
    assert icons.NAMES
    assert [name for name in icons.NAMES if f'"{name}"' not in SHOWN] == []
