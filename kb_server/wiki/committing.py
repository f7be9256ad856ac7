"""A commit on a branch of its own, made of texts alone: no file of the checkout, no index and no hook has part in it.

So it can be made beside somebody's unfinished work. Trees are written anew along the paths of the texts, entry by entry
(https://git-scm.com/docs/git-mktree); everything else in the commit is what the one before has.
"""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kb_server.errors import Conflict, Invalid
from kb_server.wiki import git
from kb_server.wiki.git import GitError
from kb_server.words import t

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from pathlib import Path

_SECONDS = 60
_FILES = (b"100644", b"100755")
_FOLDER = b"040000"
_NOBODY = "kb"
_BRANCH = re.compile(r"(?!refs/|HEAD$)[A-Za-z0-9][A-Za-z0-9_.-]*(?:/[A-Za-z0-9][A-Za-z0-9_.-]*)*")
_ODD = re.compile(r"[\x00-\x1f\x7f<>]+")


@dataclass(frozen=True, slots=True)
class Commit:
    """What is to be committed after the commit ``start``: whole texts by their paths below the wiki's folder.

    ``new`` are the paths at which there must be nothing yet; at the others there must be a file.
    """

    start: str
    files: Mapping[str, str]
    new: frozenset[str]
    message: str
    author_name: str
    author_email: str
    at: datetime


@dataclass(frozen=True, slots=True)
class _Entry:
    mode: bytes
    id: bytes


def tip(folder: Path, branch: str) -> str:
    """The last commit of a branch, or else of what is checked out. Raises GitError."""
    for ref in (f"refs/heads/{branch}", "HEAD"):
        try:
            return git.ask(folder, "rev-parse", "--verify", "--quiet", f"{ref}^{{commit}}", seconds=_SECONDS)
        except GitError:
            if ref == "HEAD":
                raise
    return ""


def text(folder: Path, commit: str, path: str) -> str | None:
    """The text of a file below the wiki's folder, as a commit has it; None where it has none. Raises GitError."""
    tree = _tree(folder, commit)
    *folders, name = _parts(folder, path)
    for part in folders:
        entry = _entries(folder, tree).get(part)
        if entry is None or entry.mode != _FOLDER:
            return None
        tree = entry.id.decode()
    entry = _entries(folder, tree).get(name)
    if entry is None or entry.mode not in _FILES:
        return None
    try:
        return _asked(folder, "cat-file", "blob", entry.id.decode()).decode()
    except UnicodeDecodeError:
        return None


def named(folder: Path, commit: str, page_id: str) -> str:
    """The path of the one Markdown file that a commit has with this id in it; "" where it has none or several."""
    pattern = rf"^id:[[:space:]]*[\"']?{re.escape(page_id)}[\"']?[[:space:]]*$"
    try:
        found = git.ask(folder, "grep", "-l", "-z", "-E", "-e", pattern, commit, "--", "*.md", "*.markdown")
    except GitError:  # that is how it says that there is none
        return ""
    paths = [path.removeprefix(f"{commit}:") for path in found.split("\0") if path]
    return paths[0] if len(paths) == 1 else ""


def commit(folder: Path, branch: str, wanted: Commit) -> str:
    """Make the branch with the commit; gives the commit's id. Raises Invalid, Conflict, GitError."""
    refuse_branch(branch)
    tree = _tree(folder, wanted.start)
    for path, content in wanted.files.items():
        blob = _asked(folder, "hash-object", "-w", "--stdin", given=content.encode()).strip()
        tree = _with(folder, tree, _parts(folder, path), blob, is_new=path in wanted.new)
    made = _asked(folder, "hash-object", "-t", "commit", "-w", "--stdin", given=_written(folder, tree, wanted))
    name = made.decode().strip()
    try:  # all noughts: only where there is no such branch
        git.ask(folder, "update-ref", "-m", "kb apply", f"refs/heads/{branch}", name, "0" * len(name))
    except GitError as error:
        raise Conflict(f"The branch {branch} is there already, or in the way. Name another with --branch.") from error
    return name


def refuse_branch(name: str) -> None:
    """Raise Invalid for a name that is no plain name of a branch, whatever git would take."""
    if not _BRANCH.fullmatch(name) or ".." in name or len(name) > 200 or re.search(r"\.(lock)?(/|$)", name):  # noqa: PLR2004
        raise Invalid(f"{name!r} is no name for a branch. Use letters, digits, hyphens and slashes.")


def _written(folder: Path, tree: str, wanted: Commit) -> bytes:
    """The commit as git keeps it (https://git-scm.com/docs/git-commit-tree)."""
    moment = f"{int(wanted.at.timestamp())} +0000"
    lines = [
        f"tree {tree}",
        f"parent {wanted.start}",
        f"author {_plain(wanted.author_name)} <{_plain(wanted.author_email)}> {moment}",
        f"committer {_own(folder, 'user.name')} <{_own(folder, 'user.email')}> {moment}",
    ]
    return ("\n".join(lines) + f"\n\n{wanted.message.strip()}\n").encode()


def _plain(name: str) -> str:
    return " ".join(_ODD.sub(" ", name).split()) or _NOBODY


def _own(folder: Path, key: str) -> str:
    """How whoever is at work here is called."""
    try:
        return _plain(git.ask(folder, "config", key, seconds=_SECONDS))
    except GitError:
        return _NOBODY


def _tree(folder: Path, commit: str) -> str:
    return git.ask(folder, "rev-parse", "--verify", "--quiet", f"{commit}^{{tree}}", seconds=_SECONDS)


def _parts(folder: Path, path: str) -> list[bytes]:
    """The names on the way to a file, from the top of the repository. Raises Invalid where one leads elsewhere."""
    prefix = git.ask(folder, "rev-parse", "--show-prefix", seconds=_SECONDS)
    names = path.split("/")
    if any(name in ("", ".", "..") or name.casefold() == ".git" or "\\" in name or "\0" in name for name in names):
        raise _refused(path)
    return [name.encode() for name in [*filter(None, prefix.split("/")), *names]]


def _with(folder: Path, tree: str, path: list[bytes], blob: bytes, *, is_new: bool) -> str:
    """A tree with a file in it. Raises Invalid where something else than files and folders is on the way to it."""
    name, *rest = path
    entries = _entries(folder, tree) if tree else {}
    there = entries.get(name)
    if there is None and (not is_new or name.lower() in {one.lower() for one in entries}):
        raise _refused(name.decode())
    if rest:
        if there and there.mode != _FOLDER:  # a link, a file, another repository
            raise _refused(name.decode())
        inner = _with(folder, there.id.decode() if there else "", rest, blob, is_new=is_new)
        entries[name] = _Entry(_FOLDER, inner.encode())
    else:
        if there and (is_new or there.mode not in _FILES):
            raise _refused(name.decode())
        entries[name] = _Entry(there.mode if there else _FILES[0], blob)
    listed = b"".join(
        b"%s %s %s\t%s\0" % (one.mode, _kind(one.mode), one.id, called) for called, one in entries.items()
    )
    return _asked(folder, "mktree", "-z", "--missing", given=listed).decode().strip()


def _kind(mode: bytes) -> bytes:
    return {_FOLDER: b"tree", b"160000": b"commit"}.get(mode, b"blob")


def _entries(folder: Path, tree: str) -> dict[bytes, _Entry]:
    """What is in a tree, by name."""
    found = {}
    for line in _asked(folder, "ls-tree", "-z", "--full-tree", tree).split(b"\0"):
        if line:
            facts, _, name = line.partition(b"\t")
            mode, _kind, object_id = facts.split()
            found[name] = _Entry(mode, object_id)
    return found


def _asked(folder: Path, *arguments: str, given: bytes = b"") -> bytes:
    """What git answers, byte for byte. Raises GitError."""
    with git.start(folder, *arguments, stdin=subprocess.PIPE) as process:
        try:
            out, _ = process.communicate(given, timeout=_SECONDS)
        except subprocess.TimeoutExpired as error:
            process.kill()
            raise GitError(f"git {arguments[0]} took longer than {_SECONDS} s") from error
    if process.returncode:
        raise GitError(f"git {arguments[0]} does not do it")
    return out


def _refused(path: str) -> Invalid:
    return Invalid(t("edit.refused.path", path=path))
