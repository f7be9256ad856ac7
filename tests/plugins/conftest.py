"""Real builds, in this process: `built(folder)` builds the wiki there and gives what came out of it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.exceptions import Abort
from mkdocs_builds import Builder, Built


class _Listener(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.said: list[tuple[str, str]] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append((record.levelname, record.getMessage()))


@pytest.fixture
def listener() -> Iterator[_Listener]:
    listener, logger = _Listener(), logging.getLogger("mkdocs")
    level = logger.level
    logger.addHandler(listener)
    logger.setLevel(logging.INFO)
    yield listener
    logger.removeHandler(listener)
    logger.setLevel(level)


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, listener: _Listener) -> Builder:
    monkeypatch.setenv("KB_DATA_DIR", str(tmp_path / "data"))

    def of(folder: Path, *, name: str = "site", **settings: Any) -> Built:  # noqa: ANN401  -- any of MkDocs' settings
        listener.said.clear()
        result = Built(tmp_path / name)
        try:
            config = load_config(str(folder / "mkdocs.yml"), site_dir=str(result.site), **settings)
            config.plugins.on_startup(command="build", dirty=False)
            build(config)
        except Abort:
            result.stopped = True
        result.said = list(listener.said)
        return result

    return of


@pytest.fixture
def wiki(tmp_path: Path) -> Callable[..., Path]:
    """A wiki written on the spot: its pages by path, and more of its mkdocs.yml."""

    def written(pages: dict[str, str], *, more: str = "", teams: str = "") -> Path:
        home = tmp_path / "wiki"
        for path, text in pages.items():
            target = home / "docs" / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
        (home / "mkdocs.yml").write_text(f"{PLAIN}{more}\n", encoding="utf-8")
        if teams:
            (home / "teams.yml").write_text(teams, encoding="utf-8")
        return home

    return written


PLAIN = """site_name: A wiki
theme: {name: material, font: false}
plugins: [search, kb]
"""
