"""What is told of a build that does not end by itself."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from kb_server.following import building

HANGS = """
import pathlib, sys, threading
print("Reading {folder}/docs/index.md", file=sys.stderr, flush=True)
pathlib.Path("{marker}").touch()
threading.Event().wait()
"""


@pytest.mark.slow
def test_a_build_that_hangs_is_ended_and_says_what_it_did_without_the_servers_folders(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    marker, wiki = tmp_path / "began", tmp_path / "wiki"
    (wiki / "docs").mkdir(parents=True)
    (wiki / "mkdocs.yml").write_text("site_name: A wiki\ntheme: {name: material}\nplugins: [kb]\nhooks: [hook.py]\n")
    (wiki / "hook.py").write_text(HANGS.format(folder=wiki, marker=marker))
    monkeypatch.setattr(building, "time", SimpleNamespace(monotonic=lambda: 1e6 if marker.exists() else 0.0))
    with pytest.raises(building.Broken) as broken:
        building.build(wiki / "mkdocs.yml", tmp_path / "data", lambda: False, strict=False)
    assert broken.value.said == (
        "Reading docs/index.md",
        "The build took longer than 60 minutes and was ended.",
    )


FAILS = """
import sys
print(f"{sys.prefix}/lib/one.py:3: Something is old", file=sys.stderr, flush=True)
try:
    open("docs/gone.md")
except OSError as error:
    raise ValueError("docs/gone.md is not there") from error
"""


@pytest.mark.slow
def test_where_a_build_failed_in_a_program_is_for_the_log_and_nobody_else(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "mkdocs.yml").write_text(
        "site_name: A wiki\ntheme: {name: material}\nplugins: [kb]\nhooks: [hook.py]\n"
    )
    (tmp_path / "hook.py").write_text(FAILS)
    with pytest.raises(building.Broken) as broken:
        building.build(tmp_path / "mkdocs.yml", tmp_path / "data", lambda: False, strict=False)
    assert broken.value.said == (
        "lib/one.py:3: Something is old",
        "FileNotFoundError: [Errno 2] No such file or directory: 'docs/gone.md'",
        "ValueError: docs/gone.md is not there",
    )
    assert 'hook.py", line 5' in caplog.text
