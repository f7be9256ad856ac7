"""Which branches there are, what is on them, and whether that is merged, whatever they are called."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from hashlib import sha256
from pathlib import Path

import pytest
from following.conftest import Hub
from previews.conftest import Branches
from stores import on_alone

from kb_server.config import Settings
from kb_server.following.remote import of
from kb_server.previews.repository import LONGEST_NAME, Repository, TooMuch
from kb_server.wiki import git
from kb_server.wiki.git import GitError

NAMES = ("-x", "--upload-pack=touch", "HEAD", "Draft", "draft", "aa/refs/heads/main", "\u00e9", "e\u0301", "5%2e%", "@")
TEXT = "# More\n\nOne.\n"
pytestmark = on_alone("sqlite")


@pytest.fixture
def repository(settings: Settings, tmp_path: Path) -> Repository:
    return Repository(of(settings), tmp_path / "previews")


def test_each_branch_is_itself_whatever_it_is_called(hub: Hub, branches: Branches, repository: Repository) -> None:
    """Git refuses some of these names where people type them, and takes each from whoever pushes."""
    branches.past.git("checkout", "-q", "-b", "work")
    wanted = {name: branches.past.commit(f"For {name}", more=f"# {name}\n") for name in NAMES}
    branches.past.git("push", "-q", "origin", "work")
    for name in (long := "x" * (LONGEST_NAME + 1), *NAMES):
        commit = wanted.get(name, wanted["@"])
        subprocess.run(["git", "-C", str(hub.bare), "update-ref", f"refs/heads/{name}", commit], check=True)
    heads = repository.heads()
    assert heads == wanted | {"work": wanted["@"]}
    assert long not in heads
    assert {tip.branch: tip.title for tip in repository.fetch(wanted)} == {name: f"For {name}" for name in NAMES}


def test_a_branch_that_is_gone_is_forgotten_and_one_that_was_rewritten_is_taken_as_it_is(
    branches: Branches, repository: Repository
) -> None:
    branches.push("draft", more=TEXT)
    assert [tip.branch for tip in repository.fetch(repository.heads())] == ["draft"]
    branches.past.git("branch", "-q", "-f", "draft", "main")
    commit = branches.push("draft", more="# Another\n")
    assert [tip.commit for tip in repository.fetch(repository.heads())] == [commit]
    branches.past.git("push", "-q", "origin", ":draft")
    assert repository.fetch(repository.heads()) == []
    assert git.ask(repository.clone, "for-each-ref", "refs/previews") == "", "nor is it kept by the clone"


def test_a_commit_from_the_future_is_as_new_as_any_and_no_newer(branches: Branches, repository: Repository) -> None:
    branches.past.time = 4_000_000_000  # 2096
    branches.push("z", more=TEXT)
    branches.push("a", more=TEXT)
    now = int(time.time())
    assert [(tip.branch, now <= tip.when <= int(time.time())) for tip in repository.fetch(repository.heads())] == [
        ("a", True),
        ("z", True),
    ]


@pytest.mark.parametrize("how", ["merge", "fast", "squash", "rebase"])
def test_a_branch_is_merged_however_that_was_done(
    hub: Hub, branches: Branches, repository: Repository, how: str
) -> None:
    past = branches.past
    tip = branches.push("draft", more=TEXT)
    before = past.git("rev-parse", "main")
    if how != "fast":
        past.commit("Beside it", other="# Other\n")
    commands = {
        "merge": [("merge", "-q", "--no-ff", "-m", "Merge", "draft")],
        "fast": [("merge", "-q", "--ff-only", "draft")],
        "squash": [("merge", "-q", "--squash", "draft"), ("commit", "-q", "-m", "Squash")],
        "rebase": [("cherry-pick", "draft")],
    }
    for command in commands[how]:
        past.git(*command)
    trusted = hub.push("After it")
    repository.fetch(repository.heads())
    assert repository.changes(before, tip, "docs")
    assert not repository.changes(trusted, tip, "docs")


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere it is not bounded")
def test_what_cannot_be_merged_by_the_memory_there_is_is_not_merged(
    hub: Hub, branches: Branches, repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that is pushed within a second, for it has nothing but line ends, can take all that a machine has."""
    lines = [f"{number}\n" for number in range(1000)]
    hub.push(more="".join(lines))
    tip = branches.push("draft", more="".join(lines) + "\n" * 2_000_000)
    branches.past.git("merge", "-q", "--squash", "draft")
    trusted = hub.push(more="".join(lines[1:]) + "\n" * 2_000_000)
    repository.fetch(repository.heads())
    assert not repository.changes(trusted, tip, "docs")
    monkeypatch.setattr(git, "MEMORY", 64 << 20)
    assert repository.changes(trusted, tip, "docs")


def test_a_branch_that_changes_no_text_is_nothing_to_see(branches: Branches, repository: Repository) -> None:
    past = branches.past
    main = past.git("rev-parse", "main")
    (past.folder / "program.py").write_text("")
    tip = branches.push("program")
    past.git("checkout", "-q", "--orphan", "pages")
    past.git("rm", "-rq", "--cached", ".")
    past.git("commit", "-q", "--allow-empty", "-m", "A site")
    site = past.git("rev-parse", "HEAD")
    past.git("push", "-q", "origin", "pages")
    repository.fetch(repository.heads())
    assert not repository.changes(main, tip, "docs")
    assert not repository.changes(main, site, "docs")


def test_a_branch_that_goes_while_it_is_fetched_costs_no_other_one_anything(
    branches: Branches, repository: Repository
) -> None:
    for name in ("one", "other"):
        branches.push(name, more=f"# {name}\n")
    heads = repository.heads()
    branches.past.git("push", "-q", "origin", ":one")
    kept = repository.clone / "kept"
    kept.touch()
    assert [tip.branch for tip in repository.fetch(heads)] == ["other"]
    assert kept.exists(), "the clone is whole, and need not be made anew"


def test_a_branch_whose_pages_are_merged_is_merged_though_its_programs_are_not(
    branches: Branches, repository: Repository, hub: Hub
) -> None:
    (branches.past.folder / "program.py").write_text("")
    tip = branches.push("draft", more=TEXT)
    trusted = hub.push("The page of it", more=TEXT)
    repository.fetch(repository.heads())
    assert not repository.changes(trusted, tip, "docs")
    assert repository.changes(trusted, tip, "."), "where the docs folder is all of the repository"
    assert sorted(repository.changed(f"{trusted}~1", tip, ".")) == ["docs/more.md", "program.py"]


def test_what_no_branch_has_any_more_takes_no_room_and_what_all_have_is_bounded(
    branches: Branches, repository: Repository
) -> None:
    heavy = "".join(f"{sha256(str(number).encode()).hexdigest()}\n" for number in range(40_000))
    branches.push("draft", more=heavy)
    repository.fetch(repository.heads())
    with pytest.raises(TooMuch):
        repository.keep_within(0)
    assert not repository.clone.exists()
    repository.fetch(repository.heads())
    branches.past.git("branch", "-q", "-f", "draft", "main")
    branches.push("draft", more=TEXT)
    assert [tip.branch for tip in repository.fetch(repository.heads())] == ["draft"]
    repository.keep_within(0)
    assert repository.clone.exists()


def test_a_clone_that_cannot_be_used_is_made_anew(branches: Branches, repository: Repository, hub: Hub) -> None:
    repository.fetch({"draft": branches.push("draft", more=TEXT)})
    shutil.rmtree(repository.clone / "objects")
    commit = branches.push("draft", more="# Changed\n")
    assert [tip.commit for tip in repository.fetch({"draft": commit})] == [commit]
    hub.bare.rename(hub.bare.with_name("away"))
    with pytest.raises(GitError):
        repository.heads()


def test_what_is_laid_out_does_not_say_where_it_lies(branches: Branches, repository: Repository) -> None:
    tip = branches.push("draft", more=TEXT)
    repository.fetch(repository.heads())
    tree = repository.work_tree(tip)
    assert (tree / ".git").read_text() == f"gitdir: ../../clone/worktrees/{tip[:12]}\n"
    assert git.ask(tree, "rev-parse", "HEAD", "--show-toplevel") == f"{tip}\n{tree}"
    assert repository.work_tree(tip) == tree
