"""What a commit's message says of suggestions and of other commits, in git's own way of saying it: trailers.

``Closes: S-12`` and ``Refs: S-12`` stand at the beginning of a line, or anywhere in a title, with or without the colon:
the title of a pull request becomes the first line of a squashed commit, and the first line below that of a merge.
Several may be named: ``Closes: S-12, S-14``, on the next line, too. ``This reverts commit 5d1c2e0.`` is what ``git
revert`` writes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

LONGEST = 100_000
"""Characters of a message that are read."""
LONGEST_TITLE = 500
"""Characters by which a title is known."""
MOST = 1_000
"""Suggestions that a commit can name."""
MOST_REVERTS = 100
"""Commits that one can take back: to find out what was in each of them takes time."""

_AND = r"(?:[ \t]*(?:,(?:[ \t]*\n)?|;|&|and(?=[ \t]))[ \t]*|[ \t]+)"
_NUMBERS = rf"S-\d{{1,9}}(?:{_AND}S-\d{{1,9}})*"
_BY_LINES = re.ASCII | re.IGNORECASE | re.MULTILINE  # ASCII: a long s is none of our verbs'
_LINE = re.compile(rf"^[ \t]*(?:[*+-][ \t]+)?(closes|refs)[ \t]*:[ \t]*({_NUMBERS})[ \t]*(?:[.,;][ \t]*)?$", _BY_LINES)
_TITLE = re.compile(rf"(?<![\w\"“'`-])(closes|refs):?[ \t]+({_NUMBERS})(?![\w-])", re.ASCII | re.IGNORECASE)
_NUMBER = re.compile(r"S-(\d+)", re.IGNORECASE)
_MERGE = re.compile(r"Merge (?:pull request|branch|remote-tracking branch|tag|commit)\b", re.IGNORECASE)
_QUOTED = re.compile(r"Merge pull request '(.+)' \([#!]\d+\) from ")
"""A merge by Gitea or Forgejo, which has the title of the pull request on its first line."""
_REVERTED = re.compile(
    r"(?m)^[ \t]*(?:\* )?This reverts commit ([0-9a-f]{7,64})\b(?:,\s+reversing\s+changes made to ([0-9a-f]{7,64})\b)?"
)
_UNDONE = re.compile(r'(Revert|Reapply) "(.+)"')
_OF_ANOTHER = re.compile(r"(?:revert|reapply)(?:\([^)]*\))?!?(?::|\s*[\"“„«'])", re.IGNORECASE)
"""How a title begins that says again what another one said."""
_FENCE = re.compile(r"[ \t]*(?:[*-][ \t]+)?(`{3,}|~{3,})(?![`~])([^`\n]*)$")
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
        return bool(self.refs or self.ends)

    @property
    def ends(self) -> bool:
        """Whether a suggestion may end by it: taking back what took a change back ends it, too."""
        return bool(self.closes or self.reverts or self.undoes)


def said(message: str) -> Said:
    """What a commit says by its message."""
    text = _spoken(message[:LONGEST].replace("\r\n", "\n"))
    lines = text.strip().split("\n")
    found = [match for line in _titles(lines) for match in _TITLE.findall(line)] + _LINE.findall(text)
    named: dict[str, dict[int, None]] = {"closes": {}, "refs": {}}
    for verb, numbers in found:
        named[verb.lower()].update(dict.fromkeys(map(int, _NUMBER.findall(numbers))))
    against = dict(_REVERTED.findall(text)[:MOST_REVERTS])
    reverts = tuple(against)
    closes = tuple(named["closes"])[:MOST]
    refs = tuple(number for number in named["refs"] if number not in named["closes"])[:MOST]
    return Said(closes, refs, reverts, "" if reverts else _undone(lines[0]), tuple(filter(all, against.items())))


def _spoken(text: str) -> str:
    """A message without what it only shows: neither git nor a forge takes a line in a fenced block of code for said."""
    lines: list[str] = []
    fence, begun = "", 0
    for line in text.split("\n"):
        lines.append(line)
        mark = _FENCE.match(line)
        if not fence and mark:
            fence, begun = mark[1], len(lines) - 1
        elif fence and mark and mark[1].startswith(fence) and not mark[2].strip():
            del lines[begun:]
            fence = ""
    return "\n".join(lines)  # a fence that is never closed is text, as what is behind it is


def title(message: str) -> str:
    """The title of a commit: its first line, without the number that a forge put behind it."""
    return _IN_LIST.sub("", message.strip().split("\n", 1)[0].rstrip())[:LONGEST_TITLE]


def _titles(lines: list[str]) -> list[str]:
    """The commit's own title and, of a merge, that of the pull request."""
    first = [_merged(lines[0])]
    found = [*first, *[line for line in lines[1:] if line.strip()][:1]] if _MERGE.match(lines[0]) else first
    return [line for line in found if not _OF_ANOTHER.match(line.strip())]


def _merged(line: str) -> str:
    quoted = _QUOTED.match(line)
    return quoted[1] if quoted else line


def _undone(subject: str) -> str:
    found = _UNDONE.match(_IN_LIST.sub("", subject))
    if not found:
        return ""
    return (f'Revert "{found[2]}"' if found[1] == "Reapply" else _IN_LIST.sub("", found[2]))[:LONGEST_TITLE]
