"""What a branch would make of the wiki is looked at aside: it changes nothing here, whatever stands in the branch."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pasts import Past

from kb_server.builds.aside import aside, merged
from kb_server.builds.making import BuildFailed
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
        assert build.manifest.site_name == "A wiki"
    assert precious.read_text() == "Not yours."


def test_what_the_configuration_inherits_from_the_docs_folder_is_not_the_branchs(past: Past, here: Settings) -> None:
    past.git("checkout", "-q", "main")
    here.config_file.write_text("INHERIT: docs/base.yml\n")
    (past.docs / "base.yml").write_text(CONFIG)
    past.commit()
    past.git("checkout", "-q", "-B", "proposed")
    (past.docs / "base.yml").write_text(CONFIG.replace("A wiki", "Theirs"))
    past.commit(more="# More\n")
    past.git("checkout", "-q", "main")
    with merged(here, "proposed") as build:
        assert (build.manifest.site_name, "more/" in build.urls.values()) == ("A wiki", True)


def test_a_folder_that_a_branch_makes_a_link_is_not_written_into(past: Past, here: Settings, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    past.git("rm", "-rq", ".")
    (past.folder.parent / "wiki").symlink_to(tmp_path / "elsewhere")
    repository = Past.__new__(Past)
    repository.folder, repository.time = past.folder.parent, past.time
    repository.commit()
    repository.git("checkout", "-q", "main")
    with pytest.raises(Invalid, match="no text in wiki/docs"), merged(here, "proposed"):
        pass
    assert not list((tmp_path / "elsewhere").iterdir())


def test_no_machine_is_asked_for_large_files_that_a_branch_names(past: Past, here: Settings, tmp_path: Path) -> None:
    (past.folder.parent / ".gitattributes").write_text("*.md filter=lfs\n")
    (past.folder.parent / ".lfsconfig").write_text("[lfs]\n\turl = https://evil.example.com/\n")
    (past.docs / "more.md").write_text("# More\n")
    past.git("add", "--all", str(past.folder.parent))
    past.commit()
    past.git("checkout", "-q", "main")
    past.commit(other="# Other\n")
    past.git("config", "filter.lfs.required", "true")
    for key in ("smudge", "process"):
        past.git("config", f"filter.lfs.{key}", f"touch {tmp_path / 'asked'}; cat")
    with aside(here) as folder:
        assert folder.merged(folder.commit("main"), folder.commit("proposed"))
    assert not (tmp_path / "asked").exists()
    assert len(past.git("worktree", "list").splitlines()) == 1, "the repository remembers nothing of it"


@pytest.mark.parametrize(
    ("name", "is_more"), [("wiki/mkdocs.yml", True), ("hook.py", True), ("README.md", False), (".github/ci.yml", False)]
)
def test_only_what_mkdocs_may_use_is_more_than_pages(past: Past, here: Settings, name: str, *, is_more: bool) -> None:
    before = past.git("rev-parse", "HEAD")
    path = past.folder.parent / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("changed: true\n")
    after = past.commit()
    with aside(here) as folder:
        assert folder.touches_more(before, after) is is_more


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


def test_nothing_that_would_be_run_or_rendered_is_the_branchs_though_it_lies_in_docs(
    past: Past, here: Settings, tmp_path: Path
) -> None:
    ran = tmp_path / "ran"
    past.git("checkout", "-q", "main")
    here.config_file.write_text(
        f"{CONFIG.replace('font: false', 'font: false, custom_dir: docs/looks')}hooks: [docs/hook.py]\n"
        "extra_templates: [more.txt]\nextra_css: [own.css]\n"
    )
    theirs = {"hook.py": "", "looks/main.html": '{% extends "base.html" %}', "own.css": "", "more.txt": "Ours."}
    for name, text in theirs.items():
        (past.docs / name).parent.mkdir(exist_ok=True)
        (past.docs / name).write_text(text)
    past.commit()
    past.git("checkout", "-q", "-B", "proposed")
    program = "{{ cycler.__init__.__globals__.os.system('touch " + str(ran) + "') }}"
    (past.docs / "hook.py").write_text(f"open({str(ran)!r}, 'w').close()\n")
    for name in ("looks/main.html", "looks/evil.txt", "more.txt"):
        (past.docs / name).write_text(program)
    (past.docs / "own.css").write_text("body { display: none }")
    past.commit(page="---\ntemplate: evil.txt\n---\n# Page\n", index="# Home\n\nTheir text.\n")
    past.git("checkout", "-q", "main")
    with pytest.raises(BuildFailed), merged(here, "proposed"):  # there is no such template
        pass
    past.git("checkout", "-q", "proposed")
    past.commit(page="# Page\n")
    past.git("checkout", "-q", "main")
    with merged(here, "proposed") as build:
        assert "Their text." in (build.root / "index.html").read_text()
        assert (build.root / "more.txt").read_text() == "Ours."
        assert (build.root / "own.css").read_text() == ""
    assert not ran.exists()


def test_a_link_counts_as_the_file_it_leads_to_in_the_repository_and_any_other_as_nothing(
    past: Past, here: Settings, tmp_path: Path
) -> None:
    (tmp_path / "secret.md").write_text("# Secret\n")
    (past.docs / "same.md").symlink_to("index.md")
    (past.docs / "secret.md").symlink_to(tmp_path / "secret.md")
    (past.docs / "up.md").symlink_to("../../../secret.md")
    (past.docs / "folder").symlink_to(tmp_path)
    past.commit()
    past.git("checkout", "-q", "main")
    with merged(here, "proposed") as build:
        assert {page.url for page in build.manifest.pages} - {"search/"} == {"", "same/"}
