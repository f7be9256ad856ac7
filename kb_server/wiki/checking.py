"""Looking at the parsed YAML of a file that people wrote: every mistake is noted, with its line and what to do."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from kb_server.wiki import lines as yaml_lines
from kb_server.wiki.problems import Problem, meant

Path = tuple[str | int, ...]
"""The keys that lead to a value."""

_HANDLE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


class Checker:
    """Takes values out of it as what they must be, noting problems instead of stopping at the first."""

    def __init__(self, file: str, where: yaml_lines.Lines) -> None:
        self.problems: list[Problem] = []
        self._file, self._where = file, where
        for key, line in where.twice:
            self.problems.append(Problem(file, line, f"'{key}' stands here a second time", "Keep one of them."))

    def mapping(self, data: object, path: Path) -> dict[Any, Any]:
        """The keys and values of `data`."""
        if isinstance(data, dict):
            return data
        self.note(path, f"{_shown(path)} must be keys with values", "Write each as 'key: value'.")
        return {}

    def known(self, data: Mapping[Any, Any], path: Path, known: Sequence[str]) -> None:
        """Note what is none of the keys we know."""
        for key in data:
            if key not in known:
                self.note((*path, str(key)), f"'{key}' is not known here", meant(str(key), known))

    def identifier(self, text: str, path: Path, what: str) -> None:
        """Note an id that cannot be one."""
        if not _HANDLE.fullmatch(text):
            self.note(path, f"the {what} '{text}' is not made of a-z, 0-9 and single hyphens", "Choose another.")

    def among(self, word: str, known: Sequence[str], path: Path, what: str) -> None:
        """Note a word that is none of those we know."""
        if word not in known:
            message = f"'{word}' is not a {what} we know" if word else f"a {what} is missing"
            self.note(path, message, meant(word, known))

    def text(self, data: Mapping[Any, Any], path: Path, key: str) -> str:
        """The text at a key, "" where there is none."""
        value = data.get(key)
        if value is None or isinstance(value, str):
            return (value or "").strip()
        self.note((*path, key), f"'{key}' must be text", "Put it in quotes.")
        return ""

    def texts(self, data: Mapping[Any, Any], path: Path, key: str) -> tuple[str, ...]:
        """The list of names at a key."""
        value = data.get(key) or []
        if isinstance(value, list) and all(isinstance(item, str) for item in value):
            return tuple(value)
        self.note((*path, key), f"'{key}' must be a list of names", f"Write {key}: [one, other].")
        return ()

    def note(self, path: Path, message: str, fix: str) -> None:
        """Note what is wrong at a place, and what to do."""
        self.problems.append(Problem(self._file, self._where.of(*path), message, fix))


def _shown(path: tuple[str | int, ...]) -> str:
    return f"'{'.'.join(map(str, path))}'" if path else "the file"
