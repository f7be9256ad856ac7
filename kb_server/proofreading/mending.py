"""Putting mends into files: all of a file at once, its own line ends kept, its rights too; nothing through a link."""

from __future__ import annotations

import os
import re
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kb_server.errors import Conflict
from kb_server.proofreading import wiki as sources
from kb_server.proofreading.changes import Spans
from kb_server.proofreading.configuration import Configuration
from kb_server.proofreading.models import Edit, Finding
from kb_server.proofreading.page import Page
from kb_server.proofreading.wiki import Wiki

_SHOWN = 60
_END = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class Mend:
    """What was mended: where, by which rule, what stood there and what stands there now; `lines` is how many more."""

    path: str
    line: int
    rule: str
    old: str
    new: str

    @property
    def lines(self) -> int:
        """How many lines there are more than before."""
        return self.new.count("\n") - self.old.count("\n")

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {_short(self.old)} → {_short(self.new)} [{self.rule}]"


def _short(text: str) -> str:
    plain = " ⏎ ".join(text.split("\n")).strip()
    return f"'{plain[:_SHOWN]}{'…' if len(plain) > _SHOWN else ''}'" if plain else "nothing"


def mend(wiki: Wiki, found: Sequence[Finding]) -> list[Mend]:
    """Put the edits of these findings into the pages of `wiki`, as far as they do not overlap; gives what was done."""
    by_path: dict[str, list[Finding]] = defaultdict(list)
    for one in found:
        by_path[one.path].append(one)
    done: list[Mend] = []
    for path, page in wiki.pages.items():
        if chosen := list(_apart(by_path.get(page.shown, []))):
            done += [
                Mend(page.shown, page.place(edit.start)[0], rule, page.text[edit.start : edit.end], edit.text)
                for rule, edit in chosen
            ]
            text = page.text
            for _, edit in reversed(chosen):
                text = text[: edit.start] + edit.text + text[edit.end :]
            wiki.pages[path] = Page(path, page.shown, text, page.meta | sources.meta_of(text))
    return done


def mend_navigation(configuration: Configuration, found: Sequence[Finding]) -> tuple[list[Mend], str]:
    """What is mended of the entries of the navigation, and the text of ``mkdocs.yml`` with that in it."""
    text, done = configuration.text, []
    for rule, edit in reversed([*_apart([one for one in found if one.path == configuration.file.name])]):
        line = text.count("\n", 0, edit.start) + 1
        done.append(Mend(configuration.file.name, line, rule, text[edit.start : edit.end], edit.text))
        text = text[: edit.start] + edit.text + text[edit.end :]
    return done[::-1], text


def _apart(found: Sequence[Finding]) -> Iterator[tuple[str, Edit]]:
    """Rule and edit of those that do not overlap, in order; of two that do, the longer waits for the next round."""
    chosen: list[tuple[str, Edit]] = []
    for one in sorted(found, key=lambda one: (one.edit.end - one.edit.start, one.edit.start) if one.edit else (0, 0)):
        edit = one.edit
        if edit and all(_is_apart(edit, other) for _, other in chosen):
            chosen.append((one.rule, edit))
    yield from sorted(chosen, key=lambda pair: pair[1].start)


def _is_apart(one: Edit, other: Edit) -> bool:
    return one.start != other.start and (one.end <= other.start or other.end <= one.start)


def moved_on(lines: Mapping[str, Spans], done: Sequence[Mend]) -> dict[str, Spans]:
    """The touched lines as they are counted after these mends; the mended ones are touched, too."""
    moved = dict(lines)
    for one in reversed(done):
        spans = moved.get(one.path, ())
        moved[one.path] = tuple(
            (start + (one.lines if start > one.line else 0), end + (one.lines if end >= one.line else 0))
            for start, end in spans
        )
    return moved


def write(path: Path, was: str, text: str) -> None:
    """Write the page's text in place of what it `was`. Raises Conflict where the file has changed meanwhile."""
    if path.is_symlink():
        raise Conflict(f"{path.name} is a link. Nothing is written through a link; mend the file itself.")
    content = path.read_bytes()
    own = content.decode("utf-8-sig")
    if own.replace("\r\n", "\n").replace("\r", "\n") != was:
        raise Conflict(f"{path.name} was changed while it was looked at. Run it once more.")
    mark = content[:3] if content.startswith(b"\xef\xbb\xbf") else b""
    ends = _END.findall(own)
    common = max(set(ends), key=ends.count) if ends else "\n"
    kept = text if common == "\n" and len(set(ends)) < 2 else _with_ends(own, was, text, common)  # noqa: PLR2004
    _replace(path, mark + kept.encode())


def _with_ends(own: str, was: str, text: str, common: str) -> str:
    """The text with each line ended as it was; what is new is ended as most are."""
    ends = dict(zip(was.split("\n"), [*_END.findall(own), ""], strict=False))
    lines = text.split("\n")
    return "".join(line + (ends.get(line, common) or common) for line in lines[:-1]) + lines[-1]


def _replace(path: Path, content: bytes) -> None:
    mode = path.stat().st_mode & 0o777
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".kb-")
    try:
        with os.fdopen(handle, "wb") as partial:
            partial.write(content)
        Path(name).chmod(mode)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
