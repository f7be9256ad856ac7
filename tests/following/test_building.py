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
