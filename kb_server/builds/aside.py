"""Commits checked out and built in a temporary folder, to be looked at: nothing of them is published or stays.

A change that somebody proposes may come from anybody. So of its tree only what people read is taken: the docs folder,
the list of teams and the history that was written down. All that MkDocs would run (its configuration, hooks, templates,
programs beside them) is that of the trusted commit. Symbolic links are written as the small texts they are in git, so
that none leads out of the tree.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from kb_server.builds.making import build
from kb_server.config import Settings
from kb_server.errors import Invalid
from kb_server.proofreading import configuration
from kb_server.web.build import Build, load
from kb_server.wiki import git
from kb_server.wiki.git import GitError
from kb_server.wiki.past import written

_CACHE = "cache"
_FILE = "100"  # how git's modes of files begin
_PLAIN = ("-c", "core.symlinks=false")
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
        self._readable: tuple[str, ...] = ()
        known = settings.data_dir / _CACHE
        if known.is_dir():  # the past need not be read again
            with suppress(OSError, shutil.Error):
                shutil.copytree(known, folder / "data" / _CACHE, symlinks=True)

    def commit(self, name: str) -> str:
        """The full id of a commit. Raises Invalid where there is none."""
        try:
            return git.ask(self.home, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
        except GitError as error:
            said = f"There is no branch or commit {name!r} here. In CI, fetch it first, with all of its history."
            raise Invalid(said) from error

    def merged(self, base: str, head: str) -> str:
        """The commit that there would be if `head` were merged into `base`. Raises Invalid where git cannot."""
        if self._has(head, base):
            return head
        tree = self._tree("merging", base)
        try:
            git.ask(tree, *_PLAIN, "merge", "--quiet", "--no-edit", "--no-gpg-sign", "--no-verify-signatures", head)
        except GitError as error:
            raise Invalid(f"It cannot be merged as it is: merge {base[:10]} into it first. {error}") from error
        return _git(tree, "rev-parse", "HEAD")

    def made(self, commit: str, trusted: str = "") -> Made:
        """A commit as it is built; with the configuration of the `trusted` commit where one is named.

        Raises Invalid, BuildFailed, BuildError.
        """
        tree = self._tree(f"{commit[:10]}-{len(self._trees)}", commit, checkout=not trusted)
        if trusted:
            _git(tree, "read-tree", trusted)
            _git(tree, *_PLAIN, "checkout-index", "--all", "--force")
            self._take_readable(tree, commit)
        config = tree / self._config
        if not config.is_file():
            raise Invalid(f"There is no {self._config} in {trusted or commit}: nothing can be built.")
        aside = replace(self._settings, config_file=config, data_dir=self._folder / "data")
        return Made(load(aside.data_dir / "builds" / build(aside, strict=False)), config.parent)

    def touches_more(self, base: str, commit: str) -> bool:
        """Whether a commit differs from `base` in what `made` took from the trusted one and MkDocs may use."""
        changed = _git(self.home, "diff", "--name-only", "--no-renames", "-z", base, commit).split("\0")
        return any(
            path and not path.startswith((".", *self._readable)) and not path.endswith(_PROSE) for path in changed
        )

    def leave(self) -> None:
        """Let the repository forget what was checked out."""
        for tree in self._trees:
            with suppress(GitError):
                git.ask(self.home, "worktree", "remove", "--force", str(tree))

    def _take_readable(self, tree: Path, commit: str) -> None:
        """Put in place of the trusted commit's texts those of this one."""
        found = configuration.read(tree / self._config)
        docs, teams = (_inside(tree, path) for path in (found.docs, found.teams_file))
        history = (self._config.parent / written.FILE).as_posix()
        self._readable = (f"{docs}/", teams, history)
        texts = _git(tree, "rev-parse", "--verify", f"{commit}:{docs}")
        _git(tree, "rm", "-r", "--force", "--quiet", "--ignore-unmatch", "--", docs)
        _git(tree, "read-tree", f"--prefix={docs}/", texts)
        for path in (teams, history):
            about = _git(tree, "ls-tree", "--full-tree", commit, "--", path).split()
            _git(tree, "rm", "--force", "--quiet", "--ignore-unmatch", "--", path)
            if about and about[0].startswith(_FILE):
                _git(tree, "update-index", "--add", "--cacheinfo", f"{about[0]},{about[2]},{path}")
        _git(tree, *_PLAIN, "checkout-index", "--all", "--force")

    def _tree(self, name: str, commit: str, *, checkout: bool = True) -> Path:
        tree = self._folder / name
        flags = ["--quiet", "--detach", *([] if checkout else ["--no-checkout"])]
        _git(self.home, *_PLAIN, "worktree", "add", *flags, str(tree), commit)
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


def _inside(tree: Path, path: Path) -> str:
    try:
        return path.resolve().relative_to(tree).as_posix()
    except ValueError as error:
        raise Invalid(f"{path.name} lies outside the repository, so no commit tells what it was.") from error


def _git(folder: Path, *arguments: str) -> str:
    try:
        return git.ask(folder, *arguments)
    except GitError as error:
        raise Invalid(f"The change cannot be looked at. {error}") from error
