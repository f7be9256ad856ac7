"""A build of the wiki as it would be with a branch merged into it: made aside, looked at, and thrown away."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from kb_server.builds.making import build
from kb_server.config import Settings
from kb_server.errors import Invalid
from kb_server.web.build import Build, load
from kb_server.wiki import git
from kb_server.wiki.git import GitError


@contextmanager
def merged(settings: Settings, branch: str) -> Iterator[Build]:
    """The build of the wiki with `branch`, any name of a commit, merged into what is checked out.

    It is made by the `mkdocs.yml` that is here. Raises Invalid where git cannot merge it, BuildFailed, BuildError.
    """
    home = settings.config_file.resolve().parent
    top = Path(_git(home, "rev-parse", "--show-toplevel"))
    commit = _commit(home, branch)
    with tempfile.TemporaryDirectory(prefix="kb-") as folder:
        tree = Path(folder) / "wiki"
        _git(home, "worktree", "add", "--quiet", "--detach", str(tree), "HEAD")
        try:
            _git(tree, "merge", "--quiet", "--no-edit", "--ff", "--no-gpg-sign", "--no-verify-signatures", commit)
            config = tree / settings.config_file.resolve().relative_to(top)
            _put(settings.config_file, config, tree)
            aside = replace(settings, config_file=config, data_dir=Path(folder) / "data")
            yield load(aside.data_dir / "builds" / build(aside, strict=False))
        finally:
            _git(home, "worktree", "remove", "--force", str(tree))


def _put(config_file: Path, place: Path, tree: Path) -> None:
    """Copy it to its place in the merged tree. Raises Invalid where the branch leads that elsewhere by a link."""
    if not place.parent.resolve().is_relative_to(tree.resolve()):
        raise Invalid(f"The branch makes a symbolic link of the folder that {config_file.name} is in.")
    place.parent.mkdir(parents=True, exist_ok=True)
    place.unlink(missing_ok=True)  # as a link it would be followed
    shutil.copyfile(config_file, place)


def _commit(home: Path, branch: str) -> str:
    try:
        return git.ask(home, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{branch}^{{commit}}")
    except GitError as error:
        said = f"There is no branch or commit {branch!r} here. `git branch --all` lists those there are."
        raise Invalid(said) from error


def _git(folder: Path, *arguments: str) -> str:
    try:
        return git.ask(folder, *arguments)
    except GitError as error:
        raise Invalid(f"The branch cannot be looked at. {error}") from error
