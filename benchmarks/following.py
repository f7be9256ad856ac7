"""What became of lines of Markdown, followed through every commit: the truth that `anchors.py` measures against.

It knows nothing of the code it judges, and sees more than that: each single change. A line a commit does not touch is
followed by counting. Where a commit does, the passage's words must stand in what the commit puts in their place, all of
them or nearly so; else in what it adds elsewhere; else it is gone. Who is followed only with a doubt is said to be.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import lru_cache
from pathlib import Path

import plainly

SAME_PLACE, OTHER_PLACE = 0.6, 0.75
"""How much alike a passage and its successor must be, where it replaces the passage and where it does not."""
DOUBT = 0.4
_HUNK = re.compile(r"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")
_ITEM = re.compile(r"^\s*(?:>\s*)*(?:[-*+]|\d+[.)])\s+")


@dataclass
class Hunk:
    """Lines that a commit replaces: from line ``old`` on those of ``minus``, by those of ``plus`` from ``new`` on."""

    old: int
    new: int
    minus: list[str] = field(default_factory=list)
    plus: list[str] = field(default_factory=list)


@dataclass
class Change:
    """What a commit does to a file."""

    old: str
    new: str
    hunks: list[Hunk] = field(default_factory=list)


@dataclass
class Followed:
    """Lines ``first`` to ``last`` of a file, which say ``words``; ``doubt`` is how little alike a step ever was."""

    path: str
    first: int
    last: int
    text: list[str]
    words: list[str]
    alive: bool = True
    doubt: float = 1.0
    why: str = ""


Place = tuple[str, int, int, list[str], list[str], float]


def git(repo: Path, *arguments: str) -> str:
    done = subprocess.run(["git", "--git-dir", str(repo), *arguments], capture_output=True, check=False)
    return done.stdout.decode("utf-8", "replace")


def changes(repo: Path, since: str, until: str) -> Iterator[tuple[str, list[Change]]]:
    """Each commit of the main line between, and what it changed in Markdown."""
    command = ["git", "--git-dir", str(repo), "-c", "core.quotepath=off", "log", "--first-parent", "-m", "--reverse"]
    command += ["-p", "-U0", "-M", "-l4000", "--no-color", "--no-ext-diff", "--no-textconv", "--format=%x01%H"]
    with subprocess.Popen([*command, f"{since}..{until}", "--", "*.md"], stdout=subprocess.PIPE) as process:
        assert process.stdout
        commit, found, patch = "", list[Change](), _Patch()
        for raw in process.stdout:
            line = raw.decode("utf-8", "replace").rstrip("\n")
            if line.startswith("\x01"):
                if commit:
                    yield commit, found
                commit, found = line[1:], []
            else:
                patch.read(line, found)
        if commit:
            yield commit, found


class _Patch:
    """Reads what `git log -p` prints of a commit, line by line; so many lines of the last hunk are still to come."""

    def __init__(self) -> None:
        self.minus = self.plus = 0

    def read(self, line: str, found: list[Change]) -> None:
        """Put what a line says into what was found so far."""
        if (self.minus or self.plus) and line[:1] in "-+":
            self._changed(line, found[-1].hunks[-1])
        elif line.startswith("diff --git "):
            old, _, new = line.removeprefix("diff --git a/").partition(" b/")
            found.append(Change(old, new))
        elif line.startswith("rename from "):
            found[-1].old = line.removeprefix("rename from ")
        elif line.startswith("rename to "):
            found[-1].new = line.removeprefix("rename to ")
        elif line.startswith("deleted file"):
            found[-1].new = ""
        elif line.startswith("new file"):
            found[-1].old = ""
        elif match := _HUNK.match(line):
            old, minus, new, plus = (1 if number is None else int(number) for number in match.groups())
            found[-1].hunks.append(Hunk(old + (minus == 0), new + (plus == 0)))
            self.minus, self.plus = minus, plus

    def _changed(self, line: str, hunk: Hunk) -> None:
        if line[0] == "-" and self.minus:
            hunk.minus.append(line[1:])
            self.minus -= 1
        elif self.plus:
            hunk.plus.append(line[1:])
            self.plus -= 1


@lru_cache(maxsize=500_000)
def words_of(line: str) -> list[str]:
    return re.findall(r"\w+", plainly.plain(_ITEM.sub("", line)).lower())


class Follower:
    """Follows passages from commit to commit."""

    def __init__(self, repo: Path, passages: list[Followed]) -> None:
        self.repo = repo
        self.passages = passages

    def through(self, since: str, until: str) -> None:
        """Follow them all from one commit to another."""
        for commit, found in changes(self.repo, since, until):
            self._step(commit, found)

    def _step(self, commit: str, found: list[Change]) -> None:
        by_path = {change.old: change for change in found if change.old}
        added = {change.new: change for change in found if change.new}
        for one in self.passages:
            if one.alive and one.path in by_path:
                self._followed(one, by_path[one.path], found, commit)
            elif not one.alive and one.path in added and len(one.words) >= 5:
                self._revived(one, added[one.path])

    def _followed(self, one: Followed, change: Change, found: list[Change], commit: str) -> None:
        touched = [h for h in change.hunks if _touches(h, one.first, one.last)]
        shift = sum(len(h.plus) - len(h.minus) for h in change.hunks if h not in touched and h.old <= one.first)
        if not touched:
            one.path, one.first, one.last = change.new or one.path, one.first + shift, one.last + shift
            return
        region = _region(one, touched, shift)
        place = _sought(one.words, change.new, region, SAME_PLACE) if change.new else None
        if place is None or place[5] < 0.9:
            other = self._elsewhere(one, touched, found)
            place = other if other and (place is None or other[5] > place[5]) else place
        place = place or self._copied(one, touched, commit)
        if place:
            one.path, one.first, one.last, one.text, one.words = place[:5]
            one.doubt = min(one.doubt, place[5])
        else:
            best = _sought(one.words, change.new, region, DOUBT) if change.new else None
            one.alive, one.why, one.doubt = False, commit[:10], 0.5 if best else one.doubt

    def _elsewhere(self, one: Followed, touched: list[Hunk], found: list[Change]) -> Place | None:
        if len(one.words) < 3:
            return None
        places = []
        wanted = set(one.words)
        minus = {line.strip() for hunk in touched for line in hunk.minus if len(line.strip()) > 3}
        for change in found:
            for hunk in change.hunks:
                if hunk in touched or not change.new:
                    continue
                region = [(hunk.new + at, line) for at, line in enumerate(hunk.plus)]
                said = {word for _, line in region for word in words_of(line)}
                if len(wanted & said) < OTHER_PLACE * len(wanted):
                    continue
                if place := _sought(one.words, change.new, region, OTHER_PLACE):
                    shared = len(minus & {line.strip() for line in hunk.plus})
                    places.append((place[5] == 1, shared, place[5], place))
        places.sort(key=lambda row: row[:3], reverse=True)
        if not places or (len(one.words) < 5 and places[0][1] < 2):
            return None
        return places[0][3]

    def _copied(self, one: Followed, touched: list[Hunk], commit: str) -> Place | None:
        """Where a copy made earlier stands, if most of what is removed with the passage stands there, too."""
        line = max(one.text, key=len, default="").strip()
        minus = {row.strip() for hunk in touched for row in hunk.minus if len(row.strip()) > 20}
        if len(line) < 30 or len(minus) < 3:
            return None
        files = git(self.repo, "grep", "-l", "-F", "-e", line, commit, "--", "*.md").split("\n")
        hits = []
        for path in [name.partition(":")[2] for name in files if name]:
            lines = git(self.repo, "show", f"{commit}:{path}").split("\n")
            share = len(minus & {row.strip() for row in lines}) / len(minus)
            if share >= 0.6 and (place := _sought(one.words, path, list(enumerate(lines, 1)), 1.0)):
                hits.append((share, place))
        hits.sort(key=lambda row: row[0], reverse=True)
        if not hits or (len(hits) > 1 and hits[1][0] == hits[0][0]):
            return None
        return (*hits[0][1][:5], 0.7)

    def _revived(self, one: Followed, change: Change) -> None:
        for hunk in change.hunks:
            place = _sought(one.words, change.new, [(hunk.new + at, row) for at, row in enumerate(hunk.plus)], 1.0)
            if place:
                one.path, one.first, one.last, one.text, one.words = place[:5]
                one.alive = True
                return


def _touches(hunk: Hunk, first: int, last: int) -> bool:
    if not hunk.minus:
        return first < hunk.old <= last
    return hunk.old <= last and hunk.old + len(hunk.minus) > first


def _region(one: Followed, touched: list[Hunk], shift: int) -> list[tuple[int, str]]:
    """What stands in the passage's place after a commit: its lines that were left, and those put there."""
    region: list[tuple[int, str]] = []
    for hunk in touched:
        region += [(hunk.new + at, line) for at, line in enumerate(hunk.plus)]
    gone = {hunk.old + at for hunk in touched for at in range(len(hunk.minus))}
    for at in range(one.first, one.last + 1):
        if at not in gone:
            moved = sum(len(h.plus) - len(h.minus) for h in touched if h.old <= at)
            region.append((at + shift + moved, one.text[at - one.first] if at - one.first < len(one.text) else ""))
    return sorted(region)


def _sought(words: list[str], path: str, region: list[tuple[int, str]], least: float) -> Place | None:
    """The part of a text that is these words, or at least so much alike."""
    said = [(word, line) for line, text in region for word in words_of(text)]
    plain = [word for word, _ in said]
    size = len(words)
    best: tuple[float, int, int] = (0.0, 0, 0)
    joined, wanted = f" {' '.join(plain)} ", f" {' '.join(words)} "
    at = joined.find(wanted)
    if at >= 0 and words:
        start = joined.count(" ", 0, at + 1) - 1
        best = (1.0, start, start + size)
    elif least < 1 and words:
        best = _best(words, plain)
    score, start, end = best
    if score < least or end <= start:
        return None
    lines = sorted({line for _, line in said[start:end]})
    texts = dict(region)
    kept = [texts.get(line, "") for line in range(lines[0], lines[-1] + 1)]
    return path, lines[0], lines[-1], kept, plain[start:end], score


def _best(words: list[str], plain: list[str]) -> tuple[float, int, int]:
    matcher = SequenceMatcher(None, words, plain, autojunk=False)
    blocks = [one for one in matcher.get_matching_blocks() if one.size]
    best = (0.0, 0, 0)
    for first in range(len(blocks)):
        total = 0
        for last in range(first, len(blocks)):
            total += blocks[last].size
            start, end = blocks[first].b, blocks[last].b + blocks[last].size
            best = max(best, (2 * total / (len(words) + end - start), start, end))
    return best
