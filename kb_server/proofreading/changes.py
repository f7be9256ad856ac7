"""What a change touched: the lines that are not as they were where its branch left the trusted one.

Only these are looked at by default. Whoever mends one sentence is not to be told of the two hundred around it.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from kb_server.errors import Invalid
from kb_server.wiki import git
from kb_server.wiki.git import GitError
from kb_server.wiki.past.reading import Texts

_TRUSTED = ("origin/HEAD", "origin/main", "origin/master", "main", "master")
_HUNK = re.compile(r"@@ -\S+ \+(\d+)(?:,(\d+))? @@")
_LARGE = ("-c", "core.bigFileThreshold=4m")  # of a larger file no lines are told
WHOLE = ((1, 1 << 60),)

Spans = tuple[tuple[int, int], ...]
"""Ranges of lines, from 1 and inclusive."""


@dataclass(frozen=True, slots=True)
class Changes:
    """Lines by file, as told from the folder of mkdocs.yml; `renamed` gives the new path of a moved file.

    `gone` are paths where a file was and none is; `old` gives the blob a file had. `base` is the commit it is compared
    with, and `branch` the name by which that was found.
    """

    base: str
    lines: Mapping[str, Spans] = field(default_factory=dict)
    old: Mapping[str, str] = field(default_factory=dict)
    renamed: Mapping[str, str] = field(default_factory=dict)
    gone: frozenset[str] = frozenset()
    folder: Path = Path()
    branch: str = ""

    def touches(self, path: str, line: int = 0) -> bool:
        """Whether the change touched this line; with line 0, whether it touched the file."""
        spans = self.lines.get(path)
        if spans is None:
            return False
        return not line or any(start <= line <= end for start, end in spans)

    def moved(self, path: str) -> bool:
        """Whether the file lies elsewhere than before, so that its links lead elsewhere."""
        return path in self.renamed.values()

    def before(self) -> dict[str, str]:
        """The texts of changed pages as they were, by the path they have now."""
        asked = {path: blob for path, blob in self.old.items() if path.endswith(".md")}
        if not asked:
            return {}
        with Texts(git.start(self.folder, "cat-file", "--batch", stdin=subprocess.PIPE)) as texts:
            known = dict(texts.read(asked.values()))
        return {path: known[blob].replace("\r\n", "\n") for path, blob in asked.items()}


def since(folder: Path, name: str | None) -> Changes | None:
    """What is not as it was where `name`, or the trusted branch, was left; None where `folder` is in no repository.

    Raises Invalid where there is no such commit, or the clone does not reach back to it.
    """
    try:
        git.ask(folder, "rev-parse", "--verify", "--quiet", "HEAD^{commit}")
    except GitError:
        if name:
            raise Invalid(
                f"{folder} is in no git repository that has a commit: --since has nothing to go by."
            ) from None
        return None
    base, branch = _base(folder, name)
    listed = git.ask(folder, "diff", "--raw", "-z", *_OPTIONS, base, "--", ".")
    patch = git.ask(folder, *_LARGE, "diff", "--unified=0", "--no-color", *_OPTIONS, base, "--", ".")
    found = _touched(listed, patch)
    fresh = git.ask(folder, "ls-files", "--others", "--exclude-standard", "-z", "--", ".").split("\0")
    lines = {**found.lines, **dict.fromkeys(filter(None, fresh), WHOLE)}
    return replace(found, base=base, lines=lines, folder=folder, branch=branch)


_OPTIONS = (
    "--relative",
    "--find-renames",
    "--no-ext-diff",
    "--no-textconv",
    "--no-abbrev",
    "--diff-algorithm=histogram",
)


def _base(folder: Path, name: str | None) -> tuple[str, str]:
    """The commit at which HEAD left the branch, and what that is called. Raises Invalid."""
    commit, branch = _commit(folder, [name] if name else _TRUSTED)
    if not commit and name:
        raise Invalid(git.UNKNOWN.format(name=name))
    if not commit:
        return "HEAD", "HEAD"
    try:
        return git.ask(folder, "merge-base", commit, "HEAD"), branch
    except GitError:
        raise Invalid(
            "This clone does not reach back to where the branch began. Fetch all of the history (on GitHub: "
            "fetch-depth: 0), or look at everything with --all."
        ) from None


def _commit(folder: Path, names: Iterable[str]) -> tuple[str, str]:
    for name in names:
        try:
            return git.ask(folder, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}"), name
        except GitError:
            continue
    return "", ""


def _touched(listed: str, patch: str) -> Changes:
    """What these outputs of git say. Both name the files in the same order."""
    lines: dict[str, Spans] = {}
    old: dict[str, str] = {}
    renamed: dict[str, str] = {}
    gone: set[str] = set()
    hunks = iter(_hunks(patch))
    parts = iter(listed.split("\0"))
    for about in parts:
        if not about.startswith(":"):
            continue
        (_, _, blob, _, status), path = about.split(), next(parts)
        spans = next(hunks, WHOLE)
        if status[0] in "DR":
            gone.add(path)
        if status[0] == "R":
            renamed[path] = path = next(parts)
        if status[0] in "MR":
            old[path] = blob
        if status[0] != "D":
            lines[path] = WHOLE if status[0] in "AT" else spans
    return Changes("", lines, old, renamed, frozenset(gone))


def _hunks(patch: str) -> Iterator[Spans]:
    """The touched lines of each file of a patch; a line that was taken out touches its neighbours."""
    current: list[tuple[int, int]] | None = None
    for line in patch.split("\n"):
        if line.startswith("diff --git "):
            if current is not None:
                yield tuple(current)
            current = []
        elif current is not None and (found := _HUNK.match(line)):
            start, count = int(found[1]), int(found[2] or 1)
            current.append((start, start + count - 1) if count else (start, start + 1))
    if current is not None:
        yield tuple(current)
