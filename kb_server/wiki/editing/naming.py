"""Names that a page gives a meaning: of links, footnotes and abbreviations, which hold on the whole page."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kb_server.wiki.editing.acting import is_away, map_of, name_of, out_of_quotes, shown
from kb_server.wiki.editing.models import Found

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kb_server.wiki.editing.standing import Standing

_DEFINITIONS = (
    re.compile(r"(?:^|(?<=[ \t>]))(\*?)\[(\^?[^\[\]]+)\][ ]?:"),
    re.compile(r"^[ \t>]*(?:(?:[-*+:]|\d+\.)[ \t]+)*(\*?)\[(.+?)\][ ]?:"),
)
"""A name that is given a meaning: anywhere behind what may begin a block; and at the very first with brackets in it."""
_MEANT = re.compile(r"\[([^\[\]\n]+)\][ ]?:\s*<?([^\s\[]*)")


class _Meaning(tuple[str, "Standing", int]):
    """What a name means and how that stands; two are alike wherever it stands in the text."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Meaning) and self[:2] == other[:2]

    def __hash__(self) -> int:
        return hash(self[:2])


def named(text: str) -> dict[tuple[str, str], _Meaning]:
    """What is given a meaning by which line, with what may go on in the next one."""
    here, at, lines = map_of(text), 0, text.split("\n")
    named: dict[tuple[str, str], _Meaning] = {}
    for line, below in zip(lines, [*lines[1:], ""], strict=True):
        for found in (found for one in _DEFINITIONS for found in one.finditer(line)):
            said = f"{line}\n{below}" if below.strip(" \t>") else line
            named[found[1], name_of(found[2])] = _Meaning((said, here.at(at + found.start()), at))
        at += len(line) + 1
    return named


def names_over_lines(text: str) -> Iterator[Found]:
    """What may be part of a name that is given a meaning and goes over lines."""
    at = 0
    for line in text.split("\n"):
        last = line.rfind("]") + 1
        if re.match(r"[^\[\]]*\][ ]?:", line) or "[^" in line[last:] or "*[" in line[last:]:
            yield Found(line.strip(), at)
        at += len(line) + 1


def away(text: str, elsewhere: str) -> list[tuple[int, str]]:
    """Pictures from elsewhere that are shown by a name."""
    known = {name_of(found[1]): found[2] for found in _MEANT.finditer(out_of_quotes(f"{elsewhere}\n\n{text}"))}
    return [(at, known[name]) for at, target, name in shown(text) if not target and is_away(known.get(name, ""))]
