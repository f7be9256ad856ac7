"""What has been read of the history, in a form in which it can be kept: for each file what its sections became.

Time is the number of a commit in the order of `reading`. A step or end without a path says that the text was found
nowhere at that time; where it may be found today is then asked with its sentences.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence


class Step(NamedTuple):
    """In commit `at` a section's text went to `path` and `anchor`, or nowhere (path "").

    ``words`` is how long it was; ``prints`` are some of its sentences, where it lost its anchor.
    """

    at: int
    path: str
    anchor: str
    words: int = 0
    prints: Sequence[int] = ()


class End(NamedTuple):
    """In commit `at` a file went; its page is now `path` (and there `anchor`), or nothing took its place (path "")."""

    at: int
    path: str
    anchor: str = ""


@dataclass(slots=True)
class File:
    """All that is known of one path. ``anchors`` are all it ever had, with the words below each when last seen.

    ``id`` is what its front matter says, ``ids`` are all it ever said.
    """

    title: str = ""
    id: str = ""
    ids: list[str] = field(default_factory=list)
    born: int = 0
    seen: int = 0
    words: int = 0
    anchors: dict[str, int] = field(default_factory=dict)
    tops: list[str] = field(default_factory=list)
    steps: dict[str, list[Step]] = field(default_factory=dict)
    copies: dict[str, list[Step]] = field(default_factory=dict)
    ends: list[End] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    """The files it led to while it was a symbolic link."""


@dataclass(slots=True)
class Ledger:
    """The past up to `commit`. ``commits`` are those that changed pages, by their number: id, day, subject.

    ``bodies`` has for the digest of a section's text where it stood first; "" for a text that is in many places.
    """

    commit: str = ""
    count: int = 0
    since: str = ""
    commits: dict[int, list[str]] = field(default_factory=dict)
    files: dict[str, File] = field(default_factory=dict)
    bodies: dict[str, list[str]] = field(default_factory=dict)

    def file(self, path: str) -> File:
        """What is known of this path, to be written in."""
        if path not in self.files:
            self.files[path] = File(born=self.count)
        return self.files[path]


def to_data(ledger: Ledger) -> dict[str, Any]:
    """The ledger as JSON can hold it."""
    data = {name: getattr(ledger, name) for name in Ledger.__slots__}
    return data | {"files": {path: [getattr(file, name) for name in _FIELDS] for path, file in ledger.files.items()}}


def from_data(data: dict[str, Any]) -> Ledger:
    """The ledger from what JSON held. Raises TypeError, KeyError or ValueError if it is none."""
    files = {path: _file(dict(zip(_FIELDS, row, strict=True))) for path, row in data["files"].items()}
    commits = {int(at): facts for at, facts in data["commits"].items()}
    return Ledger(**data | {"files": files, "commits": commits})


def _file(row: dict[str, Any]) -> File:
    for name in ("steps", "copies"):
        row[name] = {anchor: list(map(Step._make, steps)) for anchor, steps in row[name].items()}
    row["ends"] = list(map(End._make, row["ends"]))
    return File(**row)


_FIELDS = tuple(File.__slots__)
