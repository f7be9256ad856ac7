"""Commits checked out and built in a temporary folder, to be looked at: nothing of them is published or stays.

A change that somebody proposes may come from anybody. So of its tree only what people read is taken, with the list of
teams and the history that was written down (`taking`). All that MkDocs would run is that of the trusted commit.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from kb_server.builds import taking
from kb_server.builds.making import build
from kb_server.builds.taking import PLAIN, Taken
from kb_server.config import Settings
from kb_server.errors import Invalid
from kb_server.web.build import Build, load
from kb_server.wiki import git
from kb_server.wiki.git import GitError

_CACHE = "cache"
_MERGING = ("--quiet", "--no-edit", "--ff", "--no-gpg-sign", "--no-verify-signatures")  # however somebody likes it
_NO_LFS = ("-c", "filter.lfs.smudge=", "-c", "filter.lfs.process=", "-c", "filter.lfs.required=false")
"""A branch can say from which machine large files are to be got, and to merge it nobody needs them."""
_PROSE = (".md", ".txt")


@dataclass(frozen=True, slots=True)
class Made:
    """A build, and the folder of its `mkdocs.yml` in a checkout of its commit."""

    build: Build
    home: Path


class Aside:
    """A folder aside, in which commits of a wiki's repository are built."""

    def __init__(self, settings: Settings, folder: Path) -> None:
        self._settings, self._folder = settings, folder
        self.home = settings.config_file.resolve().parent
        self._config = settings.config_file.resolve().relative_to(_git(self.home, "rev-parse", "--show-toplevel"))
        self._trees: list[Path] = []
        self._taken: Taken | None = None
        known = settings.data_dir / _CACHE
        if known.is_dir():  # the past need not be read again
            with suppress(OSError, shutil.Error):
                shutil.copytree(known, folder / "data" / _CACHE, symlinks=True)

    def commit(self, name: str) -> str:
        """The full id of a commit. Raises Invalid where there is none."""
        try:
            return git.ask(self.home, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
        except GitError as error:
            raise Invalid(git.UNKNOWN.format(name=name)) from error

    def merged(self, base: str, head: str) -> str:
        """The commit that there would be if `head` were merged into `base`. Raises Invalid where git cannot."""
        if self._has(head, base):
            return head
        tree = self._tree("merging", base)
        try:
            git.ask(tree, *PLAIN, *_NO_LFS, "merge", *_MERGING, head)
        except GitError as error:
            raise Invalid(f"It cannot be merged as it is: merge {base[:10]} into it first. {error}") from error
        return _git(tree, "rev-parse", "HEAD")

    def made(self, commit: str, trusted: str = "") -> Made:
        """A commit as it is built; with the configuration of the `trusted` commit where one is named.

        Raises Invalid, BuildFailed, BuildError.
        """
        tree = self._tree(f"{commit[:10]}-{len(self._trees)}", commit, checkout=False)
        config = tree / self._config
        with _explained():
            found = taking.lay_out(tree, self._config, trusted or commit)
            if trusted:
                self._taken = taking.of(tree, found, teams=True)
                taking.lay_over(tree, self._taken, trusted, commit)
        aside = replace(self._settings, config_file=config, data_dir=self._folder / "data")
        return Made(load(aside.data_dir / "builds" / build(aside, strict=False, others=bool(trusted))), config.parent)

    def touches_more(self, base: str, commit: str) -> bool:
        """Whether a commit differs from `base` in what `made` took from the trusted one and MkDocs may use."""
        changed = _git(self.home, "diff", "--name-only", "--no-renames", "-z", base, commit).split("\0")
        others = [path for path in changed if path and not (self._taken and self._taken.has(path))]
        return any(not path.startswith(".") and not path.endswith(_PROSE) for path in others)

    def leave(self) -> None:
        """Let the repository forget what was checked out."""
        for tree in self._trees:
            with suppress(GitError):
                git.ask(self.home, "worktree", "remove", "--force", str(tree))

    def _tree(self, name: str, commit: str, *, checkout: bool = True) -> Path:
        tree = self._folder / name
        flags = ["--quiet", "--detach", *([] if checkout else ["--no-checkout"])]
        _git(self.home, *PLAIN, "worktree", "add", *flags, str(tree), commit)
        self._trees.append(tree)
        return tree

    def _has(self, commit: str, part: str) -> bool:
        try:
            git.ask(self.home, "merge-base", "--is-ancestor", part, commit)
        except GitError:
            return False
        return True


@contextmanager
def aside(settings: Settings) -> Iterator[Aside]:
    """A folder aside for as long as the block lasts. Raises Invalid where the wiki is in no repository."""
    with tempfile.TemporaryDirectory(prefix="kb-") as folder:
        here = Aside(settings, Path(folder).resolve())
        try:
            yield here
        finally:
            here.leave()


@contextmanager
def merged(settings: Settings, branch: str) -> Iterator[Build]:
    """The build of the wiki with `branch`, any name of a commit, merged into what is checked out.

    It is made by the configuration of what is checked out. Raises Invalid where git cannot merge it, BuildFailed,
    BuildError.
    """
    with aside(settings) as here:
        trusted = here.commit("HEAD")
        yield here.made(here.merged(trusted, here.commit(branch)), trusted).build


@contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except GitError as error:
        raise Invalid(f"The change cannot be looked at. {error}") from error


def _git(folder: Path, *arguments: str) -> str:
    with _explained():
        return git.ask(folder, *arguments)
