"""A small wiki on disk, to be read as a proofreader reads it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from folders import Folder


@pytest.fixture
def wiki(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "wiki")


@pytest.fixture
def branch(wiki: Folder) -> Callable[..., Folder]:
    """The wiki in git, its pages on `main`, and a branch of it checked out."""

    def begun(**files: str) -> Folder:
        wiki.write(**files)
        wiki.git("init", "--quiet", "--initial-branch", "main")
        wiki.commit()
        wiki.git("switch", "--quiet", "--create", "edit")
        return wiki

    return begun
