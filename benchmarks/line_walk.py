"""The truth for `history.py`: where each line of a wiki's past stands today, followed through every commit by git diff.

Independent of the program: not texts are compared but single lines handed on, from the old side of each hunk to the
new. A line that was edited hands its number on to the one in its place that is most like it; a line that turns up again
elsewhere with the very same words keeps its number.
"""

from __future__ import annotations

import difflib
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

KNOWN_AGAIN = 40  # characters: a shorter line may stand anywhere by chance
EDITED = 0.6
_HUNK = re.compile(r"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")


@dataclass
class File:
    """One file's part of a commit's diff."""

    old: str = ""
    new: str = ""
    hunks: list[tuple[int, int, int, int]] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    added: list[str] = field(default_factory=list)


class Walk:
    """The lines of all pages as numbers, commit by commit along the first parents."""

    def __init__(self, repo: Path) -> None:
        self.repo = repo
        self.lines: dict[str, list[int]] = {}
        self._known: dict[str, int] = {}
        self._next = 0

    def commits(self) -> Iterator[str]:
        """Each commit, oldest first, when its changes have been taken in."""
        command = ["git", "-C", str(self.repo), "-c", "core.quotePath=false", "log", "--first-parent", "-m", "-p"]
        command += ["--reverse", "-U0", "-M40%", "-l4000", "--no-color", "--no-ext-diff", "--no-textconv", "--root"]
        command += ["--format=%x01%H", "HEAD", "--", "*.md"]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
            assert process.stdout
            for record in _records(process.stdout):
                commit, _, diff = record.partition("\n")
                self._take(list(_files(diff)))
                yield commit

    def _take(self, files: list[File]) -> None:
        removed: dict[str, int] = {}
        before = {file.old: self.lines.get(file.old, []) for file in files if file.old}
        for file in files:
            gone = [
                number
                for start, count, _, _ in file.hunks
                for number in before.get(file.old, [])[start : start + count]
            ]
            removed |= {text: number for text, number in zip(file.removed, gone, strict=False) if text.strip()}
        for file in files:
            if file.old and file.old != file.new:
                self.lines.pop(file.old, None)
        for file in files:
            if file.new:
                self.lines[file.new] = self._applied(before.get(file.old, []), file, removed)

    def _applied(self, old: list[int], file: File, removed: dict[str, int]) -> list[int]:
        new: list[int] = []
        at = minus = plus = 0
        for start, count, _, added in file.hunks:
            new += old[at:start]
            here = list(zip(file.removed[minus : minus + count], old[start : start + count], strict=False))
            new += self._numbers(file.added[plus : plus + added], here, removed)
            at, minus, plus = start + count, minus + count, plus + added
        return new + old[at:]

    def _numbers(self, added: list[str], here: list[tuple[str, int]], removed: dict[str, int]) -> list[int]:
        numbers = []
        for text in added:
            plain = " ".join(text.split())
            number = self._known.get(plain) if len(plain) >= KNOWN_AGAIN else removed.get(text)
            if number is None and plain:
                number = _edited(plain, here)
            if number is None:
                self._next += 1
                number = self._next
            if len(plain) >= KNOWN_AGAIN:
                self._known[plain] = number
            numbers.append(number)
        return numbers


def _edited(text: str, here: list[tuple[str, int]]) -> int | None:
    """The number of the removed line this one was made of."""
    best, found = EDITED, None
    for at, (old, _) in enumerate(here[:60]):
        if bool(old.startswith("#")) != text.startswith("#"):
            continue
        matcher = difflib.SequenceMatcher(None, old, text, autojunk=False) if len(text) < 300 else None
        if matcher is None:
            one, other = set(old.split()), set(text.split())
            score = 2 * len(one & other) / max(1, len(one) + len(other))
        else:
            score = matcher.ratio() if matcher.real_quick_ratio() > best and matcher.quick_ratio() > best else 0
        if score > best:
            best, found = score, at
    return here.pop(found)[1] if found is not None else None


def _records(pipe: object) -> Iterator[str]:
    rest = b""
    while chunk := pipe.read(1 << 20):  # type: ignore[attr-defined]
        *whole, rest = (rest + chunk).split(b"\x01")
        yield from (one.decode("utf-8", "replace") for one in whole if one)
    if rest:
        yield rest.decode("utf-8", "replace")


def _files(diff: str) -> Iterator[File]:
    for part in re.split(r"^diff --git ", diff, flags=re.MULTILINE)[1:]:
        yield _file(part.split("\n"))


def _file(lines: list[str]) -> File:
    file, names = File(), True
    for line in lines[1:]:
        if names and line.startswith(("--- ", "rename from ")):
            file.old = _name(line, "--- ", "rename from ", "a/")
        elif names and line.startswith(("+++ ", "rename to ")):
            file.new = _name(line, "+++ ", "rename to ", "b/")
        elif hunk := _HUNK.match(line):
            names = False
            start, count, begins, added = (int(one) if one is not None else 1 for one in hunk.groups())
            file.hunks.append((start - 1 if count else start, count, begins, added))
        elif not names and line[:1] == "-":
            file.removed.append(line[1:])
        elif not names and line[:1] == "+":
            file.added.append(line[1:])
    return file


def _name(line: str, with_letter: str, without: str, letter: str) -> str:
    if not line.startswith(with_letter):
        return line.removeprefix(without)
    name = line.removeprefix(with_letter).rstrip("\t")
    return "" if name == "/dev/null" else name.removeprefix(letter)
