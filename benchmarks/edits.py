"""Edits of one passage, drawn by a fixed rule from the histories of public wikis, for `wording.py`.

An edit is a commit that replaced one line of a page's prose by one line, changed its readable words and its meaning,
and left at least seven words in ten where they were: of others nobody would claim that they say the same. Of edits that
exchange the same words one counts, and of a commit one. The order is that of a digest of commit, path and line, whose
last digit parts the edits to learn from (even) from those to report on (odd).
"""

from __future__ import annotations

import hashlib
import html as html_module
import re
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property
from pathlib import Path

import markdown
from following import git
from rendered import EXTENSIONS

from kb_server.pages.differences import pieces
from kb_server.pages.sections import Rendered, sections_of
from kb_server.pages.source import front_matter_lines

KEPT_WORDS = 0.7
FEWEST_WORDS = 5
_START = re.compile(r"^\s*(?:>\s*)*(?:[-*+]|\d+[.)])\s+")
_APART = re.compile(r"^\s*(?:#{1,6}\s|\||```|~~~|<|!!!|\?\?\?|:::|\[[^\]]+\]:|={3,}|-{3,})")
_HREF = re.compile(r'href="([^"]*)"')
_HUNK = re.compile(r"^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")


@dataclass(frozen=True)
class Edit:
    """A line of a page that a commit replaced."""

    repo: Path
    commit: str
    path: str
    line: int
    was: str
    now: str

    @property
    def key(self) -> str:
        """By which edits are ordered and drawn."""
        return hashlib.sha256(f"{self.commit}:{self.path}:{self.line}".encode()).hexdigest()

    @cached_property
    def passages(self) -> tuple[str, str] | None:
        """The block of Markdown the line stands in, before and after; None where it is no prose."""
        lines = git(self.repo, "show", f"{self.commit}:{self.path}").replace("\r\n", "\n").split("\n")
        at = self.line - 1
        if at < front_matter_lines("\n".join(lines)) or at >= len(lines) or lines[at].rstrip() != self.now.rstrip():
            return None
        fences = sum(line.lstrip().startswith(("```", "~~~")) for line in lines[:at])
        if fences % 2 or any(_APART.match(line) for line in (self.was, self.now)):
            return None
        first, last = _block(lines, at)
        before = [*lines[first:at], self.was, *lines[at + 1 : last]]
        return _dedented(before), _dedented(lines[first:last])

    @property
    def exchanged(self) -> tuple[str, ...]:
        """The words that went and came."""
        return tuple(piece.kind + piece.text for piece in pieces(self.was, self.now) if piece.kind != "same")


@dataclass(frozen=True)
class Said:
    """A passage as the program sees it."""

    text: str
    html: str
    meaning: str


def _block(lines: list[str], at: int) -> tuple[int, int]:
    first, last = at, at + 1
    while (
        first > 0 and not _START.match(lines[first]) and lines[first - 1].strip() and not _APART.match(lines[first - 1])
    ):
        first -= 1
    while last < len(lines) and lines[last].strip() and not (_START.match(lines[last]) or _APART.match(lines[last])):
        last += 1
    return first, last


def _dedented(lines: list[str]) -> str:
    return "\n".join(line.strip() for line in lines)


def _link(href: str) -> str | None:
    return None if "://" in href or href.startswith(("mailto:", "//")) else href


def said(source: str) -> Said:
    """What a passage of Markdown says."""
    html = markdown.Markdown(extensions=EXTENSIONS).convert(source)
    found: list[Rendered] = sections_of(html, link=_link)
    lasting = _HREF.sub(lambda one: f'href="{_lasting(html_module.unescape(one[1]))}"', html)
    return Said("\n".join(one.text for one in found), lasting, "\n".join(one.meaning for one in found))


def _lasting(href: str) -> str:
    return href if _link(href) is None else "{base}p/" + html_module.escape(href)


def edits(repo: Path) -> Iterator[Edit]:
    """The edits of a repository, in the order of the rule."""
    found = sorted(_single(repo), key=lambda one: one.key)
    seen: set[object] = set()
    for edit in found:
        if edit.commit in seen or edit.exchanged in seen or not _is_small(edit):
            continue
        seen |= {edit.commit, edit.exchanged}
        yield edit


def _is_small(edit: Edit) -> bool:
    was, now = edit.was.split(), edit.now.split()
    if min(len(was), len(now)) < FEWEST_WORDS:
        return False
    if SequenceMatcher(None, was, now, autojunk=False).ratio() < KEPT_WORDS or edit.passages is None:
        return False
    before, after = map(said, edit.passages)
    return before.text != after.text and before.meaning != after.meaning


def _single(repo: Path) -> Iterable[Edit]:
    command = ["git", "--git-dir", str(repo), "-c", "core.quotepath=off", "log", "--no-merges", "-p", "-U0"]
    command += ["--no-color", "--no-ext-diff", "--no-textconv", "--no-renames", "--format=%x01%H", "--", "*.md"]
    out = subprocess.run(command, check=True, capture_output=True).stdout.decode("utf-8", "replace")
    for whole in out.split("\x01")[1:]:
        commit, _, patch = whole.partition("\n")
        for part in re.split(r"(?m)^diff --git ", patch)[1:]:
            lines = part.split("\n")
            hunks = [at for at, line in enumerate(lines) if line.startswith("@@ ")]
            if len(hunks) == 1 and (edit := _edit(repo, commit, lines, hunks[0])):
                yield edit


def _edit(repo: Path, commit: str, lines: list[str], at: int) -> Edit | None:
    hunk = _HUNK.match(lines[at])
    changed = [line for line in lines[at + 1 :] if line[:1] in "+-" and line]
    path = next((line[6:] for line in lines if line.startswith("+++ b/")), "")
    if not hunk or hunk[2] or hunk[4] or len(changed) != 2 or not path or changed[0][0] + changed[1][0] != "-+":
        return None
    return Edit(repo, commit, path.rstrip("\t"), int(hunk[3]), changed[0][1:], changed[1][1:])
