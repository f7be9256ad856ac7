"""What a branch would make of the wiki is looked at aside: it changes nothing here, whatever stands in the branch."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pasts import Past

from kb_server.builds.proposing import merged
from kb_server.config import load
from kb_server.errors import Invalid

if TYPE_CHECKING:
    from pathlib import Path

    from kb_server.config import Settings

pytestmark = pytest.mark.slow
CONFIG = "site_name: A wiki\ntheme: {name: material, font: false}\nplugins: [search, kb]\n"


@pytest.fixture
def past(tmp_path: Path) -> Past:
    """A wiki in a folder of its repository, with a branch that is checked out."""
    past = Past(tmp_path / "repository" / "wiki")
    (past.folder / ".git").rename(tmp_path / "repository" / ".git")
    (past.folder / "mkdocs.yml").write_text(CONFIG)
    past.commit(index="# Home\n")
    past.git("checkout", "-q", "-b", "proposed")
    return past


@pytest.fixture
def here(past: Past, tmp_path: Path) -> Settings:
    return load({"KB_DATA_DIR": str(tmp_path / "data")}, {"config_file": str(past.folder / "mkdocs.yml")})


def test_a_settings_file_that_a_branch_makes_a_link_is_not_written_through(
    past: Past, here: Settings, tmp_path: Path
) -> None:
    precious = tmp_path / "precious"
    precious.write_text("Not yours.")
    here.config_file.unlink()
    here.config_file.symlink_to(precious)
    past.commit()
    past.git("checkout", "-q", "main")
    with merged(here, "proposed") as build:
        assert build.manifest.pages
    assert precious.read_text() == "Not yours."


def test_a_folder_that_a_branch_makes_a_link_is_not_written_into(past: Past, here: Settings, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    past.git("rm", "-rq", ".")
    (past.folder.parent / "wiki").symlink_to(tmp_path / "elsewhere")
    repository = Past.__new__(Past)
    repository.folder, repository.time = past.folder.parent, past.time
    repository.commit()
    repository.git("checkout", "-q", "main")
    with pytest.raises(Invalid, match="symbolic link"), merged(here, "proposed"):
        pass
    assert not list((tmp_path / "elsewhere").iterdir())


@pytest.mark.parametrize("setting", ["commit.gpgSign=true", "merge.ff=only", "merge.verifySignatures=true", "hook"])
def test_how_somebody_likes_to_merge_stops_nothing(past: Past, here: Settings, setting: str) -> None:
    past.commit(more="# More\n")
    past.git("checkout", "-q", "main")
    past.commit(other="# Other\n")
    past.git("config", "gpg.program", "false")
    if setting == "hook":
        hook = past.folder.parent / ".git" / "hooks" / "commit-msg"
        hook.write_text("#!/bin/sh\nexit 1\n")
        hook.chmod(0o755)
    else:
        past.git("config", *setting.split("="))
    with merged(here, "proposed") as build:
        assert {"more/", "other/"} <= {page.url for page in build.manifest.pages}
