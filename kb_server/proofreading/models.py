"""What is found: where, by which rule, how bad, in one sentence, and what would mend it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Level = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Edit:
    """A mend that cannot be wrong: the characters from `start` to `end` of the file's text become `text`."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found. `path` is told from the folder of mkdocs.yml; `line` and `column` count from 1, 0 is the file.

    `about` names other files that it is about as much, and ``file#anchor`` for a heading: whoever changes those is
    told. Of a finding about a definition's title it is the page that brought it.
    """

    path: str
    line: int
    rule: str
    level: Level
    message: str
    hint: str = ""
    column: int = 0
    edit: Edit | None = None
    about: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """What is wrong, and what to do about it."""
        said = self.message.rstrip(".")
        return f"{said}. {self.hint}" if self.hint else f"{said}."


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule, as the documentation lists it: what it finds, how bad that is, and whether `kb fix` mends some of it."""

    name: str
    level: str
    about: str
    mends: bool = False
