"""What a commit changed, as people read it: the paragraphs that went and those that came, page by page."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby, islice
from typing import TYPE_CHECKING

from kb_server.wiki import git
from kb_server.wiki.git import GitError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kb_server.wiki.landed.commits import Commit

MOST_PAGES = 200
"""Pages of a change that are looked at for what people read."""
MOST = 3_000
"""Paragraphs that two texts may differ in; beyond that nobody reads what became of which."""
_SECONDS = 30
_NOTHING = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
"""Git's name for a tree without files, before the first commit."""


@dataclass(frozen=True, slots=True)
class Passage:
    """Paragraphs of a page before and after a change, in Markdown; one of them is "" where there was or is none.

    ``path`` is that of the page after the change, or its last one; ``line`` counts that file's lines from 1, and is
    where the passage begins after the change.
    """

    path: str
    before: str
    after: str
    line: int


def passages(folder: Path, commit: Commit, most: int | None = None) -> list[Passage]:
    """What a commit changed of the Markdown below `folder`, in order; nothing where git cannot tell.

    Of a shallow clone's first commit nothing is known: what it changed was left behind.

    Of a merge: all that it brought in.
    """
    before = commit.parents[0] if commit.parents else _NOTHING
    found: list[Passage] = []
    try:
        if not commit.parents and "\nparent " in _head(git.ask(folder, "cat-file", "commit", commit.id)):
            return []
        for was, now in islice(_changed(folder, before, commit.id), MOST_PAGES):
            old, new = _text(folder, before, was), _text(folder, commit.id, now)
            found += [Passage(now or was, *differing) for differing in differences(old, new)]
            if most and len(found) >= most:
                break
    except GitError:
        return found[:most]
    return found[:most]


def _head(commit: str) -> str:
    """What git says of a commit, without its message."""
    return commit.partition("\n\n")[0]


def differences(before: str, after: str) -> Iterator[tuple[str, str, int]]:
    """The paragraphs in which two texts differ, each with the line of the later text at which it begins."""
    old, new = _paragraphs(before), _paragraphs(after)
    start, end = _same(old, new)
    here, there = old[start : len(old) - end], new[start : len(new) - end]
    if len(here) > MOST or len(there) > MOST:
        return
    last = after.count("\n") + 1
    matched = SequenceMatcher(None, [text for _, text in here], [text for _, text in there])
    for tag, first, until, to, upto in matched.get_opcodes():
        if tag != "equal":
            line = next((number for number, _ in new[start + to :]), last)
            yield _joined(here[first:until]), _joined(there[to:upto]), line


def _paragraphs(text: str) -> list[tuple[int, str]]:
    """The paragraphs of a text with the numbers of their first lines."""
    lines = enumerate(text.splitlines(), 1)
    parts = [list(part) for is_text, part in groupby(lines, key=lambda line: bool(line[1].strip())) if is_text]
    return [(part[0][0], "\n".join(line for _, line in part)) for part in parts]


def _same(old: list[tuple[int, str]], new: list[tuple[int, str]]) -> tuple[int, int]:
    """How many paragraphs are the same at the beginning and at the end."""
    most = min(len(old), len(new))
    start = next((at for at in range(most) if old[at][1] != new[at][1]), most)
    end = next((at for at in range(most - start) if old[-1 - at][1] != new[-1 - at][1]), most - start)
    return start, end


def _joined(paragraphs: list[tuple[int, str]]) -> str:
    return "\n\n".join(text for _, text in paragraphs)


def _changed(folder: Path, before: str, after: str) -> Iterator[tuple[str, str]]:
    """The pages that differ, by their paths before and after; "" where there is none."""
    options = ("--name-status", "--find-renames", "-z", "--no-ext-diff", "--relative")
    parts = iter(git.ask(folder, "diff", *options, before, after, "--", "*.md", seconds=_SECONDS).split("\0"))
    for status in parts:
        if status[:1] in {"R", "C"}:
            yield next(parts), next(parts)
        elif status[:1] in {"M", "A", "D"}:
            path = next(parts)
            yield ("" if status[0] == "A" else path), ("" if status[0] == "D" else path)


def _text(folder: Path, commit: str, path: str) -> str:
    """What a page says; without the one sign that no database of ours keeps in a text."""
    return git.ask(folder, "show", f"{commit}:./{path}", seconds=_SECONDS).replace("\0", "\ufffd") if path else ""
