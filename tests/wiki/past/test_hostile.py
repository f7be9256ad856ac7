"""Whatever a repository holds, and however it is set up, the past is read: nobody can stop builds with a commit."""

from __future__ import annotations

import itertools
import subprocess
import time
from typing import TYPE_CHECKING

import pytest
from pasts import Past, prose, url_of

from kb_server.pages.history import Target
from kb_server.wiki import outline
from kb_server.wiki.past import history
from kb_server.wiki.past.renames import Page, renamed

if TYPE_CHECKING:
    from pathlib import Path

LEADS = f"# Leads\n\n{prose(1)}\n\n## Criteria\n\n{prose(2)}\n"


@pytest.fixture
def past(tmp_path: Path) -> Past:
    past = Past(tmp_path / "wiki")
    past.commit(index="# Home\n", old=LEADS)
    return past


def read_in(past: Past, stream: str) -> None:
    """Let git take in a history of thousands of commits at once."""
    command = ["git", "-C", str(past.folder), "fast-import", "--quiet", "--force"]
    subprocess.run(command, input=stream, text=True, check=True, capture_output=True)
    past.git("reset", "-q", "--hard", "main")


def committed(at: int, changes: str) -> str:
    return f"commit refs/heads/main\ncommitter Sam <s@example.com> {at} +0000\ndata 4\nWork\n{changes}\n"


def forge(past: Past, *headers: str) -> None:
    """Commit what is there with these lines instead of an author's and a committer's."""
    past.git("add", "-A")
    parents = f"tree {past.git('write-tree')}\nparent {past.git('rev-parse', 'HEAD')}"
    text = "\n".join([parents, *headers, "", "Take it away", ""])
    command = ["git", "-C", str(past.folder), "hash-object", "-t", "commit", "-w", "--stdin", "--literally"]
    made = subprocess.run(command, input=text, text=True, check=True, capture_output=True).stdout.strip()
    past.git("update-ref", "refs/heads/main", made)


@pytest.mark.slow
def test_a_page_that_had_hundreds_of_names_is_found_at_the_first(past: Past) -> None:
    names = [f"docs/name-{at}.md" for at in range(1_000)]
    steps = [f"R {one} {other}" for one, other in zip(["docs/old.md", *names], names, strict=False)]
    begun = f"from {past.git('rev-parse', 'main')}\n"
    read_in(past, "".join(committed(at + 1, step if at else begun + step) for at, step in enumerate(steps)))
    assert past.page("old/") == "name-999"


@pytest.mark.slow
def test_a_chain_of_symbolic_links_keeps_the_anchors_at_its_end(past: Past) -> None:
    names = ["old", *(f"link-{at}" for at in range(1_200))]
    for target, name in itertools.pairwise(names):
        (past.docs / f"{name}.md").symlink_to(f"{target}.md")
    past.commit()
    for name in names[1:]:
        (past.docs / f"{name}.md").unlink()
    past.commit()
    assert past.section("link-1199/", "criteria") == "old#criteria"


@pytest.mark.parametrize("seconds", ["253402300800", "9" * 30, "-5", "soon"])
def test_a_day_that_no_calendar_has_is_not_told(past: Past, seconds: str) -> None:
    past.write(old=None)
    forge(past, f"author Sam <s@example.com> {seconds} +0000", f"committer Sam <s@example.com> {seconds} +0000")
    removed = past.address("old/").removed
    assert removed
    assert (removed.why, removed.on) == ("Take it away", "")


@pytest.mark.parametrize(
    "headers",
    [
        [],
        ["committer"],
        ["author a", "committer b"],
        ["author S <s@x> 5 +0", "committer S <s@x> 5 +0", "encoding UTF-16"],
    ],
)
def test_a_commit_that_does_not_say_who_made_it_and_when_stops_nothing(past: Past, headers: list[str]) -> None:
    past.write(old=None)
    forge(past, *headers)
    assert past.address("old/").removed


@pytest.mark.parametrize(
    "setting", [("diff.relative", "true"), ("diff.orderFile", "/nowhere"), ("color.ui", "always"), ("log.follow", "1")]
)
def test_how_somebody_likes_their_git_changes_nothing(past: Past, setting: tuple[str, str], tmp_path: Path) -> None:
    past.git("mv", "docs/old.md", "docs/new.md")
    past.commit()
    past.git("config", *setting)
    found = history(past.docs, ".", past.pages(), url_of, tmp_path / "cache")  # the wiki is a folder of the repository
    assert found.addresses["old/"].now == Target("new")


@pytest.mark.parametrize("fetching", ["uploadpack", "ext"])
def test_reading_a_partial_clone_starts_no_program_that_the_clone_names(
    past: Past, tmp_path: Path, fetching: str
) -> None:
    past.commit(old=None, new=f"{LEADS}\n\nSince then there is more to say.\n")
    past.git("config", "uploadpack.allowFilter", "true")
    command = ["git", "clone", "-q", "--filter=blob:none", "--no-local", past.folder.as_uri(), str(tmp_path / "part")]
    subprocess.run(command, check=True, capture_output=True)
    program, started = tmp_path / "program.sh", tmp_path / "started"
    program.write_text(f"#!/bin/sh\ntouch {started}\n")
    program.chmod(0o755)
    ext = ["protocol.ext.allow=always", f"remote.origin.url=ext::{program}"]
    for setting in ext if fetching == "ext" else ["protocol.file.allow=always", f"remote.origin.uploadpack={program}"]:
        subprocess.run(["git", "-C", str(tmp_path / "part"), "config", *setting.split("=", 1)], check=True)
    found = history(tmp_path / "part", "docs", past.pages(), url_of, tmp_path / "cache")
    assert found.addresses["new/"].now == Target("new")
    assert not started.exists()


def test_thousands_of_equal_pages_that_move_at_once_are_found_by_their_names() -> None:
    page = Page("a blob", outline.read(LEADS), LEADS)
    old = {f"docs/part-{at}/README.md": page for at in range(3_000)}
    new = {path.replace("docs/", "docs/parts/").replace("part-7/", "late/"): page for path in old}
    started = time.thread_time()
    found = renamed(old, new)
    assert time.thread_time() - started < 5  # all with all would be millions
    assert len(found) == 3_000
    assert found["docs/part-1234/README.md"] == "docs/parts/part-1234/README.md"
    assert found["docs/part-7/README.md"] == "docs/parts/late/README.md"
