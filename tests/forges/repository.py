"""A bare repository, as a forge keeps it, and its pull requests."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from pasts import IDENTITY

FILE, LINK = "100644", "120000"
Who = Mapping[str, str]
BOT: Who = {"name": "Wiki Bot", "email": "wiki-bot@example.com"}


@dataclass
class PullRequest:
    number: int
    head: str
    base: str
    title: str
    body: str
    state: str = "open"
    is_of_fork: bool = False


class Repository:
    """What stands on `main` first are these files; `modes` are those that are no plain ones."""

    def __init__(self, folder: Path, files: Mapping[str, str], modes: Mapping[str, str] | None = None) -> None:
        self.folder = folder
        self.requests: list[PullRequest] = []
        subprocess.run(["git", "init", "-q", "--bare", "-b", "main", str(folder)], check=True)
        tree = self.tree("", {path: ((modes or {}).get(path, FILE), text) for path, text in files.items()})
        assert self.branch("main", self.commit(tree, (), "Begin", BOT, BOT))

    def git(self, *arguments: str, send: bytes = b"", **environment: str) -> str:
        return self._git(*arguments, send=send, **environment).decode().strip()

    def _git(self, *arguments: str, send: bytes = b"", **environment: str) -> bytes:
        command, known = ["git", "-C", str(self.folder), *arguments], os.environ | IDENTITY | environment
        return subprocess.run(command, input=send, check=True, capture_output=True, env=known).stdout

    def kind(self, name: str) -> str:
        """What an object is, "" where there is none."""
        try:
            return self.git("cat-file", "-t", name)
        except subprocess.CalledProcessError:
            return ""

    def tip(self, branch: str) -> str:
        """The last commit of a branch, "" where there is no such branch."""
        return self.git("for-each-ref", "--format=%(objectname)", f"refs/heads/{branch}").partition("\n")[0]

    def at(self, ref: str) -> str:
        """The commit of a branch, or that has this id; "" for none."""
        return self.tip(ref) or (ref if self.kind(ref) == "commit" else "")

    def entries(self, tree: str) -> list[tuple[str, str, str, str]]:
        """What is in a folder: mode, kind, id and name of each."""
        lines = self._git("ls-tree", "-z", tree).decode().split("\0")
        return [(*line.partition("\t")[0].split(" "), line.partition("\t")[2]) for line in lines if line]  # type: ignore[misc]

    def entry(self, commit: str, path: str) -> tuple[str, str, str]:
        """Mode, kind and id of what has a path, empty for nothing."""
        found = self._git("ls-tree", "-z", commit, "--", path).decode().partition("\t")[0].split(" ")
        return (found[0], found[1], found[2]) if len(found) > 1 else ("", "", "")

    def blob(self, blob: str) -> str:
        return self._git("cat-file", "blob", blob).decode()

    def files(self, ref: str) -> dict[str, str]:
        names = self._git("ls-tree", "-rz", "--name-only", self.at(ref)).decode().split("\0")
        return {name: self.blob(f"{self.at(ref)}:{name}") for name in names if name}

    def tree(self, base: str, files: Mapping[str, tuple[str, str]]) -> str:
        """A tree with these files in it, each by its mode and text; gives its id."""
        with TemporaryDirectory() as folder:
            index = {"GIT_INDEX_FILE": f"{folder}/index"}
            if base:
                self.git("read-tree", base, **index)
            for path, (mode, text) in files.items():
                blob = self.git("hash-object", "-w", "--stdin", send=text.encode())
                self.git("update-index", "--add", "--cacheinfo", f"{mode},{blob},{path}", **index)
            return self.git("write-tree", **index)

    def commit(self, tree: str, parents: Sequence[str], message: str, author: Who, committer: Who) -> str:
        who = {f"GIT_AUTHOR_{key.upper()}": value for key, value in author.items() if key != "date"}
        who |= {f"GIT_COMMITTER_{key.upper()}": value for key, value in committer.items() if key != "date"}
        options = [option for parent in parents for option in ("-p", parent)]
        return self.git("commit-tree", tree, *options, send=message.encode(), **who)

    def branch(self, name: str, commit: str) -> bool:
        """Make a branch; not one that is there, nor one that git knows no name for."""
        try:
            self.git("check-ref-format", f"refs/heads/{name}")
            self.git("update-ref", f"refs/heads/{name}", commit, "0" * 40)
        except subprocess.CalledProcessError:
            return False
        return True

    def change(self, path: str, text: str, branch: str = "main") -> str:
        """Somebody else's commit; gives its id."""
        before = self.tip(branch)
        made = self.commit(self.tree(before, {path: (FILE, text)}), (before,), "Meanwhile", BOT, BOT)
        self.git("update-ref", f"refs/heads/{branch}", made)
        return made

    def said(self, ref: str) -> dict[str, str]:
        """What the last commit says: parents, author, committer, message."""
        lines = self.git("log", "-1", "--format=%P%x00%an <%ae>%x00%cn%x00%B", self.at(ref)).split("\0")
        return dict(zip(("parents", "author", "committer", "message"), lines, strict=True))

    def ask(self, head: str, base: str, title: str, body: str) -> PullRequest | None:
        """Open a pull request; None where there is nothing to merge."""
        if not self.tip(head) or not self.tip(base) or not self.git("rev-list", f"{self.tip(base)}..{self.tip(head)}"):
            return None
        self.requests.append(PullRequest(len(self.requests) + 1, head, base, title, body))
        return self.requests[-1]

    def asked(self, head: str, base: str) -> list[PullRequest]:
        """The pull requests from one branch into another, the latest first."""
        return [one for one in reversed(self.requests) if (one.head, one.base) == (head, base)]

    def opened(self, head: str, base: str) -> bool:
        return any(one.state == "open" and not one.is_of_fork for one in self.asked(head, base))

    def merge(self, one: PullRequest, message: str, *, squash: bool) -> None:
        """Merge what begins at the end of the base branch."""
        base, head = self.tip(one.base), self.tip(one.head)
        assert self.git("merge-base", base, head) == base
        parents = (base,) if squash else (base, head)
        made = self.commit(f"{head}^{{tree}}", parents, message, BOT, BOT)
        self.git("update-ref", f"refs/heads/{one.base}", made)
        one.state = "merged"
