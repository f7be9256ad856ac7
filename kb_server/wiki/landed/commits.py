"""The commits that came in between two of them and say something: each with all by which a copy of it is known.

A change may come in more than once: as it was made, rebased, squashed, picked from one branch onto another. Git gives
each of these another id, but the change itself (``git patch-id``) stays the same, and so does who made it when under
which title, mostly. So a copy is known by either (https://git-scm.com/docs/git-patch-id).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kb_server.wiki import git
from kb_server.wiki.git import GitError
from kb_server.wiki.landed import trailers
from kb_server.wiki.landed.trailers import Said

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

MOST_MERGED = 5_000
"""Commits of one merge that are looked at when it is taken back."""
MOST_UNKNOWN = 1_000
"""Commits that are looked at where the one that was looked at last is not there any more."""
PATCH = "patch "
"""How the id of what a commit changes begins, by which copies are known."""
_MERGED = 2
"""Parents of a merge, which changes nothing itself."""
_AT_ONCE = 100
_SECONDS = 60
_FIELDS = ("%H", "%P", "%ae", "%aI", "%B")


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit that says something. ``ids`` are what a copy of it shares with it, its own id first.

    ``at`` is when it was made (ISO 8601 with its zone), ``email`` its author's address. ``takes_back`` has the ids of
    all commits that it reverts, those of a reverted merge included, and what copies of these share with them.
    """

    id: str
    parents: tuple[str, ...]
    email: str
    at: str
    title: str
    said: Said
    ids: tuple[str, ...]
    takes_back: frozenset[str] = frozenset()


def between(folder: Path, last: str, head: str) -> tuple[list[Commit], bool]:
    """The commits that `head` has and `last` has not, parents first, that say something of suggestions or of others.

    And whether history goes on from `last`, or was rewritten. Where git does not know `last` (that, or the clone is
    shallow), these are the newest of `head`. Raises GitError.
    """
    is_known = _is_there(folder, last)
    which = (f"{last}..{head}",) if is_known else (f"--max-count={MOST_UNKNOWN}", head)
    found = [commit for commit in _logged(folder, "--topo-order", *which) if commit.said]
    patches = _patches(folder, [commit.id for commit in found if len(commit.parents) < _MERGED])
    told = [_with_copies(folder, commit, patches.get(commit.id, "")) for commit in reversed(found)]
    return told, is_known and is_part(folder, last, head)


def lacks(folder: Path, last: str, head: str) -> bool:
    """Whether the clone is shallow, and may lack commits that came in after `last`. Raises GitError."""
    if git.ask(folder, "rev-parse", "--is-shallow-repository") != "true":
        return False
    if not _is_there(folder, last):
        return True
    there = frozenset(git.ask(folder, "rev-list", f"{last}..{head}", seconds=_SECONDS).split())
    file = folder / git.ask(folder, "rev-parse", "--git-path", "shallow")
    return not there.isdisjoint(file.read_text(encoding="ascii").split())


def titled(folder: Path, title: str, head: str) -> Commit:
    """What a merge or a squash of `head` says by its title, that of a pull request. It has no id yet: that is ""."""
    line = title.split("\n", 1)[0]
    made = Commit("", (head,), "", "", trailers.title(line), trailers.said(line), (f"title {line}",))
    return _with_copies(folder, made, "")


def is_within(folder: Path, commit: str, branch: str) -> bool:
    """Whether a branch of this name, here or as it was last fetched, has the commit."""
    for ref in (f"refs/heads/{branch}", f"refs/remotes/origin/{branch}"):
        if _is_there(folder, ref) and _does(folder, "merge-base", "--is-ancestor", commit, ref):
            return True
    return False


def is_part(folder: Path, commit: str, of: str) -> bool:
    """Whether a commit is one of those that another one has."""
    return bool(of) and _does(folder, "merge-base", "--is-ancestor", commit, of)


def _logged(folder: Path, *which: str) -> Iterator[Commit]:
    """The commits of a range, as git logs them."""
    text = git.ask(folder, "log", "-z", f"--format={'%x00'.join(_FIELDS)}", *which, "--", seconds=_SECONDS)
    parts = text.split("\0")
    for at in range(0, len(parts) - len(_FIELDS) + 1, len(_FIELDS)):
        name, parents, email, made, message = parts[at : at + len(_FIELDS)]
        title = trailers.title(message)
        ids = (name, _made(email, made, title))
        yield Commit(name, tuple(parents.split()), email, made, title, trailers.said(message), ids)


def _with_copies(folder: Path, commit: Commit, patch: str) -> Commit:
    """With what only git can tell of it: the id of its change, and all that it takes back."""
    ids = (*commit.ids, *([f"{PATCH}{patch}"] if patch else []))
    back = frozenset(_taken_back(folder, commit))
    return replace(commit, ids=ids, takes_back=back)


def _taken_back(folder: Path, commit: Commit) -> Iterator[str]:
    named, against = list(commit.said.reverts), dict(commit.said.against)
    if commit.said.undoes:
        named += _titled(folder, commit)
    for name in named:
        yield name
        for one in _merged_by(folder, name, against.get(name, "")):
            yield from one.ids


def _merged_by(folder: Path, name: str, kept: str) -> Iterable[Commit]:
    """A commit and, of a merge, all that it brought to the parent that is kept: its first one if none is named."""
    try:
        whole = git.ask(folder, "rev-parse", "--verify", "--quiet", f"{name}^{{commit}}")
        parents = git.ask(folder, "rev-parse", f"{whole}^@").split()
        parent = next((one for one in parents if kept and one.startswith(kept)), next(iter(parents), ""))
        brought = (f"--max-count={MOST_MERGED}", whole, f"^{parent}") if parent else (whole,)
        return list(_logged(folder, *brought))
    except GitError:
        return []


def _titled(folder: Path, commit: Commit) -> list[str]:
    """The last commit of that title before this one: some forges name no other when they take a change back."""
    wanted, start = commit.said.undoes, commit.parents[:1]
    if not start:
        return []
    try:
        found = _logged(folder, "--fixed-strings", f"--grep={wanted}", f"--max-count={MOST_UNKNOWN}", *start)
        return next(([one.id] for one in found if one.title == wanted), [])
    except GitError:  # too much history to look through; what else came in is told all the same
        return []


def _patches(folder: Path, names: list[str]) -> dict[str, str]:
    """The ids of what commits change, of those that change anything."""
    found: dict[str, str] = {}
    options = ("--stdin", "--root", "--patch", "--full-index", "--no-ext-diff")
    for at in range(0, len(names), _AT_ONCE):
        some = "".join(f"{name}\n" for name in names[at : at + _AT_ONCE])
        try:
            change = git.ask(folder, "diff-tree", *options, seconds=_SECONDS, given=some)
            said = git.ask(folder, "patch-id", "--stable", seconds=_SECONDS, given=change + "\n")
        except GitError:
            continue
        found |= {name: patch for patch, _, name in (line.partition(" ") for line in said.splitlines())}
    return found


def _made(email: str, at: str, title: str) -> str:
    return f"made {email} {at} {title}"


def _is_there(folder: Path, name: str) -> bool:
    return bool(name) and _does(folder, "rev-parse", "--verify", "--quiet", f"{name}^{{commit}}")


def _does(folder: Path, *arguments: str) -> bool:
    try:
        git.ask(folder, *arguments, seconds=_SECONDS)
    except GitError:
        return False
    return True
