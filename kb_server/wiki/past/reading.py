"""What git has of the past, in two processes: one lists every commit with its changes, one hands out texts.

Every commit is read, side branches too, since a rename may stand in one of them only. They come in the order in which
they arrived on the branch: what a merge brought stands before the merge. So a history read in two goes gives the same
as one read at once.
"""

from __future__ import annotations

import datetime as dt
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kb_server.wiki import git
from kb_server.wiki.git import GitError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path
    from typing import Self

_FORMAT = "%x00%x00%x00%H,%ct,%P%x00:%s"  # only NUL can stand in no subject and no path
_NOTHING = "0" * 40
_LINK = "120000"
_FILES = ("100644", "100755", _LINK)
_LAST = 253_402_300_799  # seconds: the end of the year 9999
_AT_ONCE = 200  # ids asked for in one go: their answer may wait in the pipe, the question may not


@dataclass(frozen=True, slots=True)
class Change:
    """What a commit did to one file: blobs before (of a merge: one for each parent) and after, "" where there is none.

    ``link`` tells that what stands there now is a symbolic link; its blob is the path it leads to.
    """

    path: str
    old: tuple[str, ...]
    new: str
    link: bool = False


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit; ``seconds`` since 1970, 0 where it does not say when it was made."""

    id: str
    seconds: int
    subject: str
    parents: tuple[str, ...]
    changes: tuple[Change, ...]

    @property
    def day(self) -> str:
        """The day it was made, ISO 8601, UTC; "" where no calendar has it: git takes whatever a clock says."""
        if not 0 < self.seconds <= _LAST:
            return ""
        return dt.datetime.fromtimestamp(self.seconds, dt.UTC).date().isoformat()


class Repository:
    """The repository `folder` is in. Raises GitError where there is none, or nothing committed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.head = git.ask(self._folder, "rev-parse", "--verify", "--quiet", "HEAD^{commit}")
        self.prefix = git.ask(self._folder, "rev-parse", "--show-prefix").strip("/")
        self.shallow = git.ask(self._folder, "rev-parse", "--is-shallow-repository") == "true"

    def has(self, commit: str) -> bool:
        """Whether this commit is known here."""
        try:
            return bool(git.ask(self._folder, "rev-parse", "--verify", "--quiet", f"{commit}^{{commit}}"))
        except GitError:
            return False

    def mainline(self) -> list[str]:
        """The commits HEAD stands on, each the first parent of the one before."""
        return git.ask(self._folder, "rev-list", "--first-parent", "HEAD").split()

    def tree(self) -> dict[str, str]:
        """The files of HEAD with their blobs."""
        listed = git.ask(self._folder, "ls-tree", "-r", "-z", "--full-tree", "HEAD").split("\0")
        rows = [row.partition("\t") for row in listed if row]
        return {path: about.split()[2] for about, _, path in rows if about.split()[1] == "blob"}

    def commits(self, wanted: Callable[[str], bool], since: str = "") -> list[Commit]:
        """All commits HEAD has and `since` has not, oldest first, with the changes to paths that are `wanted`."""
        span = [f"{since}..HEAD"] if since else ["HEAD"]
        found = {commit.id: commit for commit in self._listed(wanted, span)}
        return list(_as_they_arrived(found, self.head))

    def _listed(self, wanted: Callable[[str], bool], span: Sequence[str]) -> Iterator[Commit]:
        options = ("--raw", "-c", "-z", "--no-renames", "--no-abbrev", "--root", "-O/dev/null", f"--format={_FORMAT}")
        process = git.start(self._folder, "log", *options, *span, "--")
        pipe = process.stdout
        assert pipe  # noqa: S101  -- it was asked for
        with process:
            for record in _records(iter(lambda: pipe.read(1 << 20), b"")):
                yield _commit(record, wanted)
        if process.returncode:
            raise GitError("git log failed")

    def texts(self) -> Texts:
        """The texts of this repository's blobs."""
        return Texts(git.start(self._folder, "cat-file", "--batch", stdin=subprocess.PIPE))


class Texts:
    """Texts by their blob's id. Raises GitError at one that git lacks, as a partial clone does."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()

    def read(self, blobs: Iterable[str]) -> Iterator[tuple[str, str]]:
        """These blobs, each with its text."""
        wanted = list(dict.fromkeys(blobs))
        for start in range(0, len(wanted), _AT_ONCE):
            asked = wanted[start : start + _AT_ONCE]
            yield from zip(asked, self._answers(asked), strict=True)

    def _answers(self, blobs: Sequence[str]) -> Iterator[str]:
        pipe, answers = self._process.stdin, self._process.stdout
        assert pipe  # noqa: S101  -- both are pipes
        assert answers  # noqa: S101
        with suppress(BrokenPipeError):  # it gave up at a blob that a partial clone lacks
            pipe.write("".join(f"{blob}\n" for blob in blobs).encode())
            pipe.flush()
        for _ in blobs:
            kind, _, size = answers.readline().decode().rpartition(" ")
            if not kind.endswith(" blob"):
                raise GitError("the clone lacks texts")
            yield answers.read(int(size) + 1)[:-1].decode("utf-8", "replace")


def _records(chunks: Iterable[bytes]) -> Iterator[str]:
    """What git log wrote, cut into commits."""
    rest = b""
    for chunk in chunks:
        *whole, rest = (rest + chunk).split(b"\0\0\0")
        yield from (one.decode("utf-8", "replace") for one in whole if one.strip(b"\0\n"))
    if rest.strip(b"\0\n"):
        yield rest.decode("utf-8", "replace")


def _commit(record: str, wanted: Callable[[str], bool]) -> Commit:
    about, _, rest = record.lstrip("\0\n").partition("\0")
    subject, _, raw = rest.partition("\0")
    name, seconds, parents = about.split(",")
    made = int(seconds) if seconds.isdecimal() else 0
    return Commit(name, made, subject[1:].strip(), tuple(parents.split()), tuple(_changes(raw, wanted)))


def _changes(raw: str, wanted: Callable[[str], bool]) -> Iterator[Change]:
    """The changes in git's raw format: ``:modes blobs letters NUL path NUL``, of a merge with a colon per parent."""
    parts = raw.lstrip("\n\0").split("\0")
    for about, path in zip(parts[::2], parts[1::2], strict=False):
        if not wanted(path):
            continue
        words = about.split()
        count = words[0].count(":")
        modes = (words[0].lstrip(":"), *words[1 : count + 1])
        blobs = [
            blob if mode in _FILES and blob != _NOTHING else ""
            for mode, blob in zip(modes, words[count + 1 : 2 * count + 2], strict=True)
        ]
        # A link's blob is no text of a page.
        old = tuple("" if mode == _LINK else blob for mode, blob in zip(modes[:-1], blobs[:-1], strict=True))
        yield Change(path, old, blobs[-1], link=modes[-1] == _LINK)


def _as_they_arrived(commits: dict[str, Commit], head: str) -> Iterator[Commit]:
    """The commits, each after its parents, and those of a side branch directly before the merge that brought them."""
    done: set[str] = set()
    waiting = [head]
    while waiting:
        commit = commits.get(waiting[-1])
        open_parents = [one for one in commit.parents if one in commits and one not in done] if commit else []
        if commit and open_parents and commit.id not in done:
            waiting.append(open_parents[0])  # the first parent first, and all that is behind it
            continue
        waiting.pop()
        if commit and commit.id not in done:
            done.add(commit.id)
            yield commit
