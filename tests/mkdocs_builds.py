"""What came of building a wiki with MkDocs, for the tests of the plugin."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass
class Built:
    """A built site: its folder, what was said while building, and why it stopped, if it did."""

    site: Path
    said: list[tuple[str, str]] = field(default_factory=list)
    stopped: bool = False

    def lines(self, *levels: str) -> list[str]:
        return [text for level, text in self.said if level in levels]

    def text(self, name: str) -> str:
        return (self.site / name).read_text(encoding="utf-8")

    def shell(self, name: str) -> str:
        return self.text(f"_kb/shells/{name}.html")

    @property
    def manifest(self) -> dict[str, Any]:
        manifest: dict[str, Any] = json.loads(self.text("_kb/manifest.json"))
        return manifest

    def page(self, source_path: str) -> dict[str, Any]:
        return next(page for page in self.manifest["pages"] if page["source_path"] == source_path)


Builder = Callable[..., Built]
