"""A commit of texts changes these texts on a branch of its own, and nothing that anybody sees of the repository."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pasts import Past

from kb_server.errors import Conflict, Invalid
from kb_server.wiki import committing
from kb_server.wiki.committing import Commit

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)


@pytest.fixture
def past(tmp_path: Path) -> Past:
    made = Past(tmp_path / "wiki")
    (made.folder / "docs" / "link.md").symlink_to("/etc/passwd")
    (made.folder / "docs" / "elsewhere").symlink_to("/tmp")
    with (made.docs / b"\xe4.txt".decode(errors="surrogateescape")).open("w") as file:
        file.write("a name that is no UTF-8")
    made.commit("First", a="A\r\ntext without an end", deep__b="# B\n")
    made.git("update-index", "--add", "--cacheinfo", f"160000,{made.git('rev-parse', 'HEAD')},docs/other")
    made.git("update-index", "--chmod=+x", "docs/deep/b.md")
    made.git("commit", "-q", "-m", "Second")
    made.git("config", "user.name", "Ada")
    made.git("config", "user.email", "ada@example.com")
    for hook in ("post-commit", "reference-transaction", "post-index-change", "pre-commit", "commit-msg"):
        file = made.folder / ".git" / "hooks" / hook
        file.write_text("#!/bin/sh\ntouch ../hook-ran hook-ran\nexit 1\n")
        file.chmod(0o755)
    (made.docs / "a.md").write_text("unfinished work")
    (made.docs / "new.md").write_text("not added")
    return made


@pytest.fixture
def wanted(past: Past) -> Commit:
    files = {"docs/deep/b.md": "# B, better — ä\r\n", "docs/x/y.md": "# New"}
    start = committing.tip(past.folder, "main")
    return Commit(
        start, files, frozenset({"docs/x/y.md"}), "Say it\n\nCloses: S-1\n", "Zoë <x>\n", "zoe@example.com", NOW
    )


def look(past: Past) -> tuple[object, ...]:
    """All that somebody who works there sees."""
    everything = sorted(path for path in past.docs.rglob("*") if path.is_file() and not path.is_symlink())
    index = (past.folder / ".git" / "index").read_bytes()
    return (
        [path.read_bytes() for path in everything],
        index,
        past.git("rev-parse", "HEAD"),
        past.git("--no-optional-locks", "status", "-s"),
    )


def test_the_texts_are_on_the_branch_with_who_wrote_them_and_nobody_sees_anything_else(
    past: Past, wanted: Commit
) -> None:
    before = look(past)
    made = committing.commit(past.folder, "suggestion/S-1", wanted)
    assert look(past) == before
    assert not list(past.folder.parent.rglob("hook-ran"))
    assert past.git("log", "--format=%H %an %ae %cn %ce", "main..suggestion/S-1") == (
        f"{made} Zoë x zoe@example.com Ada ada@example.com"
    )
    assert past.git("diff", "--raw", "--abbrev=1", "main", made).split("\n")[0].startswith(":100755 100755")
    assert past.git("diff", "--name-only", "main", made).split() == ["docs/deep/b.md", "docs/x/y.md"]
    assert {path: committing.text(past.folder, made, path) for path in wanted.files} == wanted.files
    assert past.git("log", "-1", "--format=%B", made) == "Say it\n\nCloses: S-1"
    past.git("fsck", "--strict")


def test_a_wiki_in_a_folder_of_a_repository_is_changed_there(past: Past, wanted: Commit) -> None:
    inner = replace(wanted, files={"deep/b.md": "x"}, new=frozenset())
    made = committing.commit(past.docs, "b", inner)
    assert past.git("diff", "--name-only", "main", made) == "docs/deep/b.md"
    assert committing.text(past.docs, made, "deep/b.md") == "x"


def test_a_text_is_read_as_it_was_committed_and_links_lead_nowhere(past: Past, wanted: Commit) -> None:
    assert committing.text(past.folder, wanted.start, "docs/a.md") == "A\r\ntext without an end"
    for path in ("docs/link.md", "docs/elsewhere/x.md", "docs/other/a.md", "docs/new.md", "docs", "docs/deep"):
        assert committing.text(past.folder, wanted.start, path) is None
    with pytest.raises(Invalid):
        committing.text(past.folder, wanted.start, "docs/../../x.md")


@pytest.mark.parametrize(
    "path",
    [
        *("docs/link.md", "docs/elsewhere/x.md", "docs/other", "docs/other/a.md", "docs/none.md", "docs/deep"),
        *("../x.md", "/etc/passwd", "docs/../x.md", ".git/config", "docs/.GIT/x.md", "docs//a.md", "", "docs\\a.md"),
        *("docs/A.md", "DOCS/a.md", "docs/a.md/b.md"),
    ],
)
def test_what_is_no_file_of_the_wiki_is_not_written(past: Past, wanted: Commit, path: str) -> None:
    before = (look(past), past.git("for-each-ref"))
    for new in (frozenset(), frozenset({path})):
        if new and path == "docs/none.md":
            continue
        with pytest.raises(Invalid):
            committing.commit(past.folder, "b", replace(wanted, files={path: "x"}, new=new))
    assert (look(past), past.git("for-each-ref")) == before


@pytest.mark.parametrize(
    "name",
    [
        *("-f", "--help", "a..b", "a@{1}", "refs/heads/x", "HEAD", "a b", "a.lock", "a.lock/b", "a/", "/a", "a//b"),
        *("a/.b", "a.", "a~1", "a^", "a:b", "a?", "a*", "a[", "a\\b", "a\n", "", "@", "x" * 201, "ä"),
    ],
)
def test_a_name_with_tricks_is_no_branch(past: Past, wanted: Commit, name: str) -> None:
    with pytest.raises(Invalid, match="is no name for a branch"):
        committing.commit(past.folder, name, wanted)


def test_a_branch_that_is_there_stays_where_it_is(past: Past, wanted: Commit) -> None:
    made = committing.commit(past.folder, "suggestion/S-1", wanted)
    for name in ("suggestion/S-1", "suggestion", "main"):
        with pytest.raises(Conflict, match="is there already"):
            committing.commit(past.folder, name, replace(wanted, message="other"))
    assert past.git("rev-parse", "suggestion/S-1") == made


def test_what_a_clone_has_set_is_not_run(past: Past, wanted: Commit, tmp_path: Path) -> None:
    script = tmp_path / "script"
    script.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\ncat\n")
    script.chmod(0o755)
    for key in ("core.fsmonitor", "filter.x.clean", "filter.x.smudge", "gpg.program", "diff.external"):
        past.git("config", key, str(script))
    past.git("config", "commit.gpgSign", "true")
    (past.folder / ".git" / "info").mkdir(exist_ok=True)
    (past.folder / ".git" / "info" / "attributes").write_text("* filter=x text=auto eol=lf\n")
    made = committing.commit(past.folder, "b", wanted)
    assert committing.text(past.folder, made, "docs/deep/b.md") == "# B, better — ä\r\n"
    assert not (tmp_path / "ran").exists()
    subprocess.run(["git", "-C", past.folder, "cat-file", "-e", made], check=True)
