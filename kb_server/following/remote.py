"""The followed branch, and a clone of it that is the program's own: nobody's work tree is ever touched.

The clone has no hooks and fetches one branch. A commit is laid out in a fresh folder, by no filter and without
submodules. What is wrong with the clone itself (a process was killed while it wrote) is mended by cloning anew.
"""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from kb_server.config import Settings, values
from kb_server.errors import Invalid
from kb_server.wiki import git
from kb_server.wiki.git import GitError

ASKING, FETCHING, LOCAL = 60.0, 900.0, 300.0  # seconds
LOOSE = ("--no-tags", "--no-recurse-submodules", "--no-write-fetch-head", "--no-auto-maintenance", "--quiet")

TIDY = ("gc.auto=1000", "gc.autoPackLimit=20", "gc.autoDetach=false", "gc.pruneExpire=2.weeks.ago")
"""When the clone is packed anew, and when what no branch has any more is let go of."""

log = logging.getLogger("kb.follow")


@dataclass(frozen=True, slots=True)
class Tip:
    """The last commit of the branch: who made it, by their address, and its title."""

    commit: str
    email: str
    title: str


@dataclass(frozen=True, slots=True)
class Remote:
    """A branch of a repository elsewhere, and the folder in which all that is kept of it lies.

    ``config`` is the path of the wiki's `mkdocs.yml` in the repository. Reaching it is given up as soon as ``ends``
    says so.
    """

    url: str
    branch: str
    home: Path
    config: Path
    ends: Callable[[], bool] = lambda: False

    @property
    def clone(self) -> Path:
        """The clone: a bare one."""
        return self.home / "clone"

    def head(self) -> str:
        """The commit the branch is at now. Raises GitError where the remote is away, or has no such branch."""
        self._begin()
        wanted = f"refs/heads/{self.branch}"
        said = git.reach(self.clone, "ls-remote", "--quiet", "--", self.url, wanted, seconds=ASKING, ends=self.ends)
        refs = {ref: name for name, _, ref in (line.partition("\t") for line in said.splitlines())}
        if wanted not in refs:  # git gives all that end so, such as the branch `x/refs/heads/main`
            raise GitError(f"there is no branch {self.branch} in the repository that is followed (KB_BRANCH)")
        return refs[wanted]

    def fetch(self) -> Tip:
        """Fetch the branch, whatever became of it since; gives its last commit. Raises GitError."""
        try:
            return self._fetched()
        except GitError:
            self.head()  # the remote is there, so it is the clone: of a process that was killed, a lock may be left
            shutil.rmtree(self.clone, ignore_errors=True)
            return self._fetched()

    def laid_out(self, commit: str) -> Path:
        """The wiki's `mkdocs.yml` of a commit, in a fresh folder with all that stands there. Raises GitError, Invalid.

        What was laid out before goes.
        """
        tree = self._tree(commit)
        shutil.rmtree(tree.parent, ignore_errors=True)
        tree.parent.mkdir(mode=0o700, parents=True)
        git.ask(self.clone, "worktree", "prune", seconds=LOCAL)
        git.plain(self.clone, "worktree", "add", "--quiet", "--detach", "--force", str(tree), commit, seconds=LOCAL)
        config = self.config_of(commit)
        if not config.is_file() or not config.resolve().is_relative_to(tree.resolve()):
            raise Invalid(f"There is no {self.config} in commit {commit[:10]} of {self.branch}.")
        return config

    def config_of(self, commit: str) -> Path:
        """Where the wiki's `mkdocs.yml` of a commit is, once it is laid out."""
        return self._tree(commit) / self.config

    def _tree(self, commit: str) -> Path:
        return self.home / "trees" / commit[:12]

    def _fetched(self) -> Tip:
        self._begin()
        refs = f"+refs/heads/{self.branch}:refs/remotes/origin/{self.branch}"
        git.reach(self.clone, "fetch", *LOOSE, "--", self.url, refs, seconds=FETCHING, ends=self.ends)
        self._tidy()
        here = f"refs/remotes/origin/{self.branch}"
        said = git.ask(self.clone, "log", "-1", "--format=%H%n%ae%n%s", here, "--", seconds=LOCAL)
        commit, email, *title = said.split("\n", 2)
        return Tip(commit, email, "".join(title))

    def _tidy(self) -> None:
        """Pack what was fetched bit by bit, and let go of what no branch has had for two weeks, where it has grown."""
        settings = [part for one in TIDY for part in ("-c", one)]
        try:
            git.plain(self.clone, *settings, "gc", "--auto", "--quiet", seconds=FETCHING)
        except GitError as error:
            log.warning("The clone could not be tidied, and grows: %s.", error)

    def _begin(self) -> None:
        """Make the clone, unless it is there."""
        if (self.clone / "HEAD").is_file():
            return
        shutil.rmtree(self.clone, ignore_errors=True)
        self.clone.mkdir(mode=0o700, parents=True)
        git.plain(self.clone, "init", "--quiet", "--bare", "--template=", ".", seconds=LOCAL)


def of(settings: Settings) -> Remote:
    """What is to be followed by these settings. Raises Invalid where they do not say it."""
    wiki = settings.config_file.parent
    folder = _asked(wiki, "rev-parse", "--show-prefix") if not settings.forge_folder else settings.forge_folder
    url = settings.follow_url or _origin(wiki)
    home = settings.data_dir / "follow"
    return Remote(url, settings.branch, home, Path(folder) / settings.config_file.name)


def _origin(wiki: Path) -> str:
    url = _asked(wiki, "config", "--get", "remote.origin.url")
    try:
        return values.remote(url)
    except ValueError:
        said = "is no address that can be followed" if url else "has no remote called origin"
        raise Invalid(f"The wiki's repository {said}. Name the one to follow in KB_FOLLOW_URL.") from None


def _asked(folder: Path, *arguments: str) -> str:
    try:
        return git.ask(folder, *arguments, seconds=LOCAL) if folder.is_dir() else ""
    except GitError:
        return ""
