"""What a commit's message says of suggestions and of other commits, in git's own way of saying it: trailers.

``Closes: S-12`` and ``Refs: S-12`` stand at the beginning of a line, or anywhere in a title, with or without the colon:
the title of a pull request becomes the first line of a squashed commit, and the first line below that of a merge.
Several may be named: ``Closes: S-12, S-14``. ``This reverts commit 5d1c2e0.`` is what ``git revert`` writes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

LONGEST = 100_000
"""Characters of a message that are read."""
MOST = 1_000
"""Suggestions that a commit can name."""

_NUMBERS = r"S-\d{1,9}(?:[ \t]*(?:,|and)[ \t]*S-\d{1,9})*"
_LINE = re.compile(rf"(?mi)^[ \t]*(?:[*-][ \t]+)?(closes|refs):[ \t]*({_NUMBERS})[ \t]*(?:[.;][ \t]*)?$")
_TITLE = re.compile(rf"(?i)(?<![\w\"“'`-])(closes|refs):?[ \t]+({_NUMBERS})(?![\w-])")
_NUMBER = re.compile(r"(?i)S-(\d+)")
_MERGE = re.compile(r"Merge (?:pull request|branch|remote-tracking branch|tag|commit)\b", re.IGNORECASE)
_REVERTED = re.compile(
    r"(?m)^[ \t]*(?:\* )?This reverts commit ([0-9a-f]{7,64})\b(?:,\s+reversing\s+changes made to ([0-9a-f]{7,64})\b)?"
)
_UNDONE = re.compile(r'(Revert|Reapply) "(.+)"')
_IN_LIST = re.compile(r" \([#!]\d+\)$")


@dataclass(frozen=True, slots=True)
class Said:
    """The suggestions that a commit closes and those it refers to, by number, and what it takes back.

    ``reverts`` are commits as the message writes them; ``undoes`` is the title of one where it names none, or "".
    ``against`` has, for a merge that is taken back, the one of its parents whose text is there again.
    """

    closes: tuple[int, ...] = ()
    refs: tuple[int, ...] = ()
    reverts: tuple[str, ...] = ()
    undoes: str = ""
    against: tuple[tuple[str, str], ...] = ()

    def __bool__(self) -> bool:
        """Whether it says anything at all."""
        return bool(self.closes or self.refs or self.reverts or self.undoes)


def said(message: str) -> Said:
    """What a commit says by its message."""
    text = message[:LONGEST].replace("\r\n", "\n")
    lines = text.strip().split("\n")
    found = [match for line in _titles(lines) for match in _TITLE.findall(line)] + _LINE.findall(text)
    named: dict[str, dict[int, None]] = {"closes": {}, "refs": {}}
    for verb, numbers in found:
        named[verb.lower()].update(dict.fromkeys(map(int, _NUMBER.findall(numbers))))
    against = dict(_REVERTED.findall(text))
    reverts = tuple(against)
    closes = tuple(named["closes"])[:MOST]
    refs = tuple(number for number in named["refs"] if number not in named["closes"])[:MOST]
    return Said(closes, refs, reverts, "" if reverts else _undone(lines[0]), tuple(filter(all, against.items())))


def title(message: str) -> str:
    """The title of a commit: its first line, without the number that a forge put behind it."""
    return _IN_LIST.sub("", message.strip().split("\n", 1)[0])


def _titles(lines: list[str]) -> list[str]:
    """The commit's own title and, of a merge, that of the pull request."""
    first = lines[:1]
    found = [*first, *[line for line in lines[1:] if line.strip()][:1]] if _MERGE.match(lines[0]) else first
    return [line for line in found if not _UNDONE.match(line.strip())]  # that is what another one says


def _undone(subject: str) -> str:
    found = _UNDONE.match(_IN_LIST.sub("", subject))
    if not found:
        return ""
    return f'Revert "{found[2]}"' if found[1] == "Reapply" else _IN_LIST.sub("", found[2])
