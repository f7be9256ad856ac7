"""YAML with the lines its keys stand on, so that a problem can say where it is.

The sources here are small, so PyYAML's own node tree is asked a second time rather than carried along.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import yaml

# The two loaders differ at the edges; MkDocs prefers the C one, and so does this, to judge what MkDocs will see.
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


MOST = 100_000  # values in one file, those that aliases repeat counted each time


class BrokenYaml(ValueError):  # noqa: N818  -- it reads as what happened
    """The text is no YAML. The message says why, `line` (1-based) where, `fix` what to do."""

    def __init__(
        self, message: str, line: int, fix: str = "Mend it; text with ': ' in it must stand in quotes."
    ) -> None:
        super().__init__(message)
        self.line, self.fix = line, fix


@dataclass(frozen=True, slots=True)
class Lines:
    """Where keys stand: ``lines[("teams", "sales", "hue")]`` is that key's 1-based line; items count from 0."""

    lines: dict[tuple[str | int, ...], int] = field(default_factory=dict)
    twice: tuple[tuple[str, int], ...] = ()

    def of(self, *path: str | int) -> int | None:
        """The line of the key at `path`, or that of the nearest key above it."""
        while path:
            if path in self.lines:
                return self.lines[path]
            path = path[:-1]
        return None


def read(text: str, *, first: int = 1) -> tuple[Any, Lines]:
    """The data in YAML `text` whose first line is line `first` of its file. Raises BrokenYaml."""
    try:
        node = yaml.compose(text, Loader=_Loader)
        found = _Found(first)
        if node is not None:
            found.add(node, ())
        return yaml.load(text, Loader=_Loader), Lines(  # noqa: S506  -- a safe loader, under another name
            found.lines, tuple(found.twice)
        )
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise BrokenYaml(
            error.problem or error.context or "this is no YAML", (mark.line if mark else 0) + first
        ) from error
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + first
        raise BrokenYaml(f"a character that must not stand in YAML ({error.reason})", line) from error
    except RecursionError as error:
        raise BrokenYaml("this is nested too deeply", first) from error
    except (ValueError, AttributeError) as error:  # PyYAML's own, for a `!!int` that is none
        if isinstance(error, BrokenYaml):
            raise
        raise BrokenYaml(f"a value that cannot be read ({error})", first) from error


def scalar(value: object) -> str:
    """`value` as YAML on one line that may stand anywhere, inside brackets too."""
    listed: str = yaml.safe_dump([str(value)], allow_unicode=True, default_flow_style=True, width=10**6)
    return listed.strip()[1:-1]


class _Found:
    """The lines of all keys and items below a node. Raises BrokenYaml for a date that does not exist."""

    def __init__(self, first: int) -> None:
        self.lines: dict[tuple[str | int, ...], int] = {}
        self.twice: list[tuple[str, int]] = []
        self._first = first
        self._left = MOST

    def add(self, node: yaml.Node, path: tuple[str | int, ...]) -> None:
        self._left -= 1
        if self._left < 0:  # aliases of aliases make of ten lines more than fits into any machine
            raise BrokenYaml("there is more in this than anybody can have written", node.start_mark.line + self._first)
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                self._key(str(key.value), key.start_mark.line + self._first, path)
                self.add(value, (*path, str(key.value)))
        elif isinstance(node, yaml.SequenceNode):
            for at, item in enumerate(node.value):
                self.lines[*path, at] = item.start_mark.line + self._first
                self.add(item, (*path, at))
        elif node.tag == "tag:yaml.org,2002:timestamp":
            self._date(node)

    def _key(self, key: str, line: int, path: tuple[str | int, ...]) -> None:
        if (*path, key) in self.lines:
            self.twice.append((key, line))
        self.lines[*path, key] = line

    def _date(self, node: yaml.Node) -> None:
        try:
            yaml.load(node.value, Loader=_Loader)  # noqa: S506  -- a safe loader, under another name
        except ValueError as error:
            message = f"'{node.value}' is no date ({error})"
            raise BrokenYaml(message, node.start_mark.line + self._first, "Write a day of the calendar.") from error
