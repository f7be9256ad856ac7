"""The wheel carries everything the installed program needs."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NEEDED = (
    "kb_server/db/migrations/versions/0001_builds_documents_activity.py",
    "kb_server/search/templates/search/results.html",
    "kb_server/web/templates/web/message.html",
    "kb_server/wiki/starter/mkdocs.yml.j2",
    "kb_server/wiki/kinds/note.md",
    "kb_server/wiki/pipelines/github/check.yml",
    "kb_server/wiki/pipelines/gitlab/gitlab-ci.yml",
    "kb_server/wiki/pipelines/git/post-receive",
    "kb_server/proofreading/given_names.txt",
    "kb_mkdocs/templates/home.html",
    "kb_mkdocs/assets/js/kb.js",
    "kb_mkdocs/assets/js/search-worker.js",
    "kb_mkdocs/plugin.py",
)


@pytest.mark.slow
def test_the_wheel_carries_templates_assets_and_migrations(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    assert set(NEEDED) <= names
    assert {name.split("/")[0] for name in names if not name.startswith("common_ground-")} == {"kb_server", "kb_mkdocs"}
