"""Whoever begins a page is offered as its owner."""

from __future__ import annotations

from pathlib import Path

from folders import Folder

from kb_server.proofreading.beginning import Draft


def test_whoever_git_knows_at_work_is_offered_as_the_owner_of_a_page(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.put("docs/index.md", "# Home\n")
    assert Draft(folder.file).myself() == ""
    folder.git("init", "-q")
    folder.git("config", "user.email", "Sam@Hollin.com")
    assert Draft(folder.file).myself() == "sam"
