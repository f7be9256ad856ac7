"""The branches of the repository that is followed, in a clone that can be removed at any time.

It borrows what the clone of the trusted branch has, and writes nothing there. A branch is kept under a digest of its
name, so that no name, however it is made, is taken for an option, a path, another branch or a commit.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from kb_server.following.remote import ASKING, FETCHING, LOCAL, LOOSE, Remote
from kb_server.previews.shelf import megabytes
from kb_server.wiki import git
from kb_server.wiki.git import GitError

MOST_BRANCHES = 1000
"""So many branches are looked at, by their names."""
LONGEST_NAME = 200
TIDY = ("gc.auto=1000", "gc.autoPackLimit=20", "gc.autoDetach=false", "gc.pruneExpire=now")
"""When the clone is packed anew. What no branch has any more goes at once: nobody else writes here."""
_ID = 100
"""Bytes that are enough for an id."""
_LEADS = "gitdir: "
_HEADS, _OURS = "refs/heads/", "refs/previews/"
_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_UNREADABLE = re.compile("[\x00-\x20\x7f-\x9f\ufffd\ud800-\udfff]")
_FORMAT = "%(refname)%00%(objectname)%00%(committerdate:unix)%00%(contents:subject)"


class TooMuch(GitError):  # noqa: N818  -- it reads as what the branches have
    """The branches have more than is kept of them."""


@dataclass(frozen=True, slots=True)
class Tip:
    """The last commit of a branch, its title, and when it was made: seconds since 1970, never later than now."""

    branch: str
    commit: str
    title: str
    when: int


@dataclass(frozen=True, slots=True)
class Repository:
    """The repository that is followed."""

    remote: Remote
    home: Path

    @property
    def clone(self) -> Path:
        """The clone: a bare one."""
        return self.home / "clone"

    @property
    def _trees(self) -> Path:
        return self.home / "trees"

    def heads(self) -> dict[str, str]:
        """The commits of all branches but the trusted one, by their names. Raises GitError."""
        self._begin()
        asked = ("ls-remote", "--quiet", "--heads", "--", self.remote.url)
        said = git.reach(self.clone, *asked, seconds=ASKING, ends=self.remote.ends)
        lines = (line.partition("\t") for line in said.split("\n"))
        found = {ref.removeprefix(_HEADS): commit for commit, _, ref in lines if ref.startswith(_HEADS)}
        usable = sorted(name for name, commit in found.items() if _is_usable(name) and _COMMIT.fullmatch(commit))
        return {name: found[name] for name in usable if name != self.remote.branch}

    def fetch(self, heads: Mapping[str, str]) -> list[Tip]:
        """Fetch what is new of these branches; gives their last commits, the newest first. Raises GitError."""
        try:
            return self._fetched(heads)
        except GitError:
            now = self.heads()  # the remote is there
        if now != heads:  # a branch went this very moment, as most do once they are merged
            with suppress(GitError):
                return self._fetched(now)
        self.leave()  # so it is the clone, or what it borrows from was made anew
        return self._fetched(now)

    def require(self, trusted: str) -> None:
        """See that the trusted commit is here. Raises GitError."""
        try:
            git.ask(self.clone, "cat-file", "-e", f"{trusted}^{{commit}}", seconds=LOCAL)
        except GitError:
            self._fetch({})

    def changes(self, trusted: str, tip: str, docs: str) -> bool:
        """Whether a branch changes what is in `docs` and is not merged, however that was done. Raises GitError."""
        base, there = self._asked("merge-base", trusted, tip), self._tree(tip, docs)
        if not there or base == tip or (base and self._tree(base, docs) == there):
            return False
        merged = self._merged(trusted, tip)
        return not merged or self._tree(merged, docs) != self._tree(trusted, docs)

    def changed(self, trusted: str, tip: str, docs: str) -> list[str]:
        """The files of `docs` that a branch adds or changes. Raises GitError."""
        base = self._asked("merge-base", trusted, tip) or trusted
        where = f":(top,literal){_inside(docs)}"
        named = ("--name-only", "--no-renames", "--diff-filter=d", "-z", base, tip, "--", where)
        return [path for path in git.ask(self.clone, "diff", *named, seconds=LOCAL).split("\0") if path]

    def work_tree(self, commit: str) -> Path:
        """A fresh work tree of a commit without any file; the one before goes. Raises GitError."""
        self.clear_trees()
        tree = self._trees / commit[:12]
        tree.parent.mkdir(mode=0o700, parents=True)
        git.plain(self.clone, "worktree", "prune", seconds=LOCAL)
        flags = ("--quiet", "--detach", "--force", "--no-checkout")
        git.plain(self.clone, "worktree", "add", *flags, str(tree), commit, seconds=LOCAL)
        link = tree / ".git"  # a text may show it, by a snippet: where it lies on this machine is no part of a wiki
        there = link.read_text(encoding="utf-8").strip().removeprefix(_LEADS)
        link.write_text(f"{_LEADS}{os.path.relpath(there, tree.resolve())}\n", encoding="utf-8")
        return tree

    def clear_trees(self) -> None:
        """Remove what was laid out."""
        shutil.rmtree(self._trees, ignore_errors=True)

    def keep_within(self, most: int) -> None:
        """Let go of what no branch has any more. Raises GitError, TooMuch where they have more megabytes than `most`.

        There always is something: to see whether a branch is merged, git writes what the merge would make.
        """
        try:
            self._tidy("--auto")
            if megabytes(self.clone) > most:
                self._tidy()
            if megabytes(self.clone) > most:
                raise TooMuch(f"The branches hold more than {most:,} MB besides what is merged.")
        except GitError:
            self.leave()
            raise

    def leave(self) -> None:
        """Remove the clone: the next one is made anew."""
        shutil.rmtree(self.clone, ignore_errors=True)

    def _tidy(self, *how: str) -> None:
        settings = [part for one in TIDY for part in ("-c", one)]
        git.plain(self.clone, *settings, "gc", *how, "--quiet", seconds=FETCHING)

    def _fetched(self, heads: Mapping[str, str]) -> list[Tip]:
        self._begin()
        names = {_ref(name): name for name in list(heads)[:MOST_BRANCHES]}
        there = {ref: tip.commit for ref, tip in self._tips(names)}
        if {ref: heads[name] for ref, name in names.items()} != there:
            self._fetch(names)
        return sorted((tip for _, tip in self._tips(names)), key=lambda tip: (-tip.when, tip.branch))

    def _fetch(self, names: Mapping[str, str]) -> None:
        refs = [f"+{_HEADS}{name}:{ref}" for ref, name in {"refs/trusted": self.remote.branch, **names}.items()]
        git.reach(self.clone, "fetch", *LOOSE, "--", self.remote.url, *refs, seconds=FETCHING, ends=self.remote.ends)

    def _tips(self, names: Mapping[str, str]) -> list[tuple[str, Tip]]:
        """What is here of the branches, by where it is kept; what is here of others is forgotten."""
        said = git.ask(self.clone, "for-each-ref", f"--format={_FORMAT}", _OURS, seconds=LOCAL)
        rows = [line.split("\0") for line in said.split("\n") if line.count("\0") == _FORMAT.count("%00")]
        for ref in (row[0] for row in rows if row[0] not in names):
            git.ask(self.clone, "update-ref", "-d", ref, seconds=LOCAL)
        now = int(time.time())
        known = [row for row in rows if row[0] in names and row[2].isdigit()]
        return [(ref, Tip(names[ref], commit, title, min(int(when), now))) for ref, commit, when, title in known]

    def _tree(self, commit: str, folder: str) -> str:
        """The id of what lies in a folder of a commit, be that all of it; "" where there is none."""
        return self._asked("rev-parse", "--verify", "--quiet", "--end-of-options", f"{commit}:{_inside(folder)}")

    def _merged(self, trusted: str, tip: str) -> str:
        """The id of what a merge would make; "" where there are conflicts, or it is too much to be found out."""
        try:
            return git.within(self.clone, "merge-tree", "--write-tree", trusted, tip, seconds=LOCAL, most=_ID)
        except GitError:
            return ""

    def _asked(self, *arguments: str) -> str:
        """What git says; "" where it has no answer."""
        try:
            return git.ask(self.clone, *arguments, seconds=LOCAL)
        except GitError:
            return ""

    def _begin(self) -> None:
        """Make the clone, unless it is there."""
        if (self.clone / "HEAD").is_file():
            return
        self.leave()
        self.clone.mkdir(mode=0o700, parents=True)
        git.plain(self.clone, "init", "--quiet", "--bare", "--template=", ".", seconds=LOCAL)
        borrowed = self.clone / "objects" / "info" / "alternates"
        borrowed.parent.mkdir(parents=True, exist_ok=True)
        borrowed.write_text(f"{(self.remote.clone / 'objects').resolve()}\n", encoding="utf-8")


def _inside(folder: str) -> str:
    """A folder as a bare clone knows it: there, a dot means nothing."""
    return "" if folder == "." else folder


def _ref(branch: str) -> str:
    return _OURS + hashlib.sha256(branch.encode()).hexdigest()


def _is_usable(branch: str) -> bool:
    """Whether a name can stand in an address and a line: git allows nearly all, and a remote may say anything."""
    parts = branch.split("/")
    return 0 < len(branch) <= LONGEST_NAME and not _UNREADABLE.search(branch) and not {"", ".", ".."} & set(parts)
