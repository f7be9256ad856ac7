"""Of a commit by anybody no more is laid out than is taken, however it is put together."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from pasts import Past

from kb_server.builds import taking
from kb_server.builds.taking import Most, Taken
from kb_server.errors import Invalid
from kb_server.wiki import git
from kb_server.wiki.past import written

TAKEN = Taken("docs")


@pytest.fixture
def past(tmp_path: Path) -> Past:
    past = Past(tmp_path / "wiki")
    (past.folder / "mkdocs.yml").write_text("site_name: A wiki\n")
    (past.docs / "own.css").write_text("ours")
    past.commit(index="# Home\n", gone="# Gone\n")
    past.git("checkout", "-q", "-b", "proposed")
    return past


def laid_over(past: Past, taken: Taken = TAKEN, most: Most | None = None, *, before: bool = False) -> dict[str, str]:
    """The files with what is proposed; `before`: where all of the trusted commit was laid out already."""
    tree = past.folder.parent / "tree"
    past.git("worktree", "add", "-q", "--detach", "--no-checkout", str(tree), "main")
    if before:
        taking.lay_out(tree, Path("mkdocs.yml"), "main")
    taking.lay_over(tree, taken, "main", "proposed", most=most)
    files = [path for path in tree.rglob("*") if path.is_file() and path.name != ".git"]
    return {path.relative_to(tree).as_posix(): path.read_text() for path in files}


@pytest.mark.parametrize("before", [False, True], ids=["alone", "over what is trusted"])
@pytest.mark.parametrize("docs", ["docs", "."])
def test_what_is_read_is_the_commits_and_all_else_the_trusted_ones(past: Past, docs: str, *, before: bool) -> None:
    (past.docs / "own.css").write_text("theirs")
    (past.docs / "new.css").write_text("theirs")
    past.commit(index="# Theirs\n", gone=None, new="# New\n")
    taken = Taken(docs, templates=("mkdocs.yml",))
    assert laid_over(past, taken, before=before) == {
        "mkdocs.yml": "site_name: A wiki\n",
        "docs/own.css": "ours",
        "docs/index.md": "# Theirs\n",
        "docs/new.md": "# New\n",
    }


def test_the_list_of_teams_and_the_written_history_are_taken_only_where_that_is_asked_for(past: Past) -> None:
    (past.folder / "teams.yml").write_text("theirs")
    (past.folder / written.FILE).write_text("theirs")
    past.commit()
    tree = past.folder.parent / "whole"
    past.git("worktree", "add", "-q", "--detach", "--no-checkout", str(tree), "main")
    found = taking.lay_out(tree, Path("mkdocs.yml"), "main")
    beside = {"teams.yml", written.FILE}
    for teams, there in ((True, beside), (False, set())):
        files = laid_over(past, taking.of(tree, found, teams=teams))
        assert beside & files.keys() == there
        past.git("worktree", "remove", "--force", "../tree")


def test_a_link_counts_as_the_file_that_is_written_in_its_place(past: Past) -> None:
    past.commit(index="x" * (600 << 10), gone=None)
    assert laid_over(past, most=Most(files=2, megabytes=1))
    past.git("worktree", "remove", "--force", "../tree")
    (past.docs / "same.md").symlink_to("index.md")
    past.commit()
    with pytest.raises(Invalid, match="at most 2 files of 1 MB"):
        laid_over(past, most=Most(files=2, megabytes=1))


def tree_of(past: Past, *lines: str) -> str:
    """A tree of these entries, however odd."""
    command = ["git", "-C", str(past.folder), "mktree"]
    made = subprocess.run(
        command, input="".join(f"{line}\n" for line in lines), check=True, capture_output=True, text=True
    )
    return made.stdout.strip()


def test_a_file_that_git_would_take_for_its_own_is_not_laid_out(past: Past) -> None:
    blob = past.git("rev-parse", "main:docs/index.md")
    within = tree_of(past, f"100644 blob {blob}\tconfig.md")
    docs = tree_of(past, f"040000 tree {within}\t.git", f"100644 blob {blob}\tindex.md", f"040000 tree {within}\t..")
    odd = past.git("commit-tree", "-m", "Odd", tree_of(past, f"040000 tree {docs}\tdocs"))
    past.git("update-ref", "refs/heads/proposed", odd)
    assert laid_over(past).keys() == {"mkdocs.yml", "docs/own.css", "docs/index.md"}


def test_a_link_may_not_make_a_program_of_a_text_and_only_so_many_are_followed(
    past: Past, monkeypatch: pytest.MonkeyPatch
) -> None:
    (past.docs / "new.txt").write_text("theirs")
    (past.docs / "run.MD").symlink_to("new.txt")
    (past.docs / "own.txt").symlink_to("own.css")
    (past.docs / "same.TXT").symlink_to("new.txt")
    past.commit(gone=None)
    assert laid_over(past).keys() == {
        "mkdocs.yml",
        *(f"docs/{name}" for name in ("own.css", "index.md", "new.txt", "same.TXT")),
    }
    past.git("worktree", "remove", "--force", "../tree")
    monkeypatch.setattr(taking, "MOST_LINKS", 0)
    assert "docs/same.TXT" not in laid_over(past)


def test_more_files_than_are_taken_are_not_even_listed(past: Past) -> None:
    """Six trees that hold each other ten times over are a million files, of which nobody has to push more than one."""
    made, kind, name = past.git("rev-parse", "main:docs/index.md"), "100644 blob", "{}.md"
    for _ in range(6):
        made = tree_of(past, *(f"{kind} {made}\t{name.format(number)}" for number in range(10)))
        kind, name = "040000 tree", "{}"
    with pytest.raises(Invalid, match="at most 20 files"):
        taking.entries(past.folder, made, most=Most(files=20, megabytes=1))
    with pytest.raises(git.TooLong):
        git.within(past.folder, "ls-tree", "-r", made, seconds=60, most=10_000)
    assert git.within(past.folder, "rev-parse", made, seconds=60, most=40 + 1) == made


def test_a_commit_without_any_text_is_not_built(past: Past) -> None:
    past.git("rm", "-q", "docs/index.md", "docs/gone.md")
    past.commit()
    with pytest.raises(Invalid, match="no text in docs/"):
        laid_over(past)
