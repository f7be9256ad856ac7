"""The cases of a definition in a table beside its page: what teams sort, to see where they differ.

A table, because the ten leads people argue about stand in one already.
"""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING

from kb_server.pages.manifest import Case
from kb_server.wiki.ids import slug
from kb_server.wiki.problems import Problem, meant

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

COLUMNS = ("id", "title", "text")
MOST = 60
"""Cases of one definition. Nobody sorts more with care."""
LONGEST_TITLE, LONGEST = 120, 1_000
_ID = re.compile(r"[a-z0-9-]{1,100}")


def read(content: bytes, file: str) -> tuple[tuple[Case, ...], list[Problem]]:
    """The cases in a CSV file, and all that is wrong with it, with the line.

    Its first line names the columns: ``title``, ``text``, and if you like ``id``, which is else made of the title.
    """
    try:
        rows = list(_rows(content.decode("utf-8-sig")))
    except UnicodeDecodeError:
        return (), [Problem(file, None, "this is not UTF-8", "Save the table as CSV UTF-8.")]
    except csv.Error as error:
        return (), [Problem(file, None, f"this is no CSV ({error})", "Save the table as CSV UTF-8.")]
    return _Table(file).read(rows)


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Each row that is not empty, with the line it begins on."""
    first = text.partition("\n")[0]
    delimiter = ";" if first.count(";") > first.count(",") else ","  # as spreadsheets of some countries write it
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    for row in reader:
        if any(cell.strip() for cell in row):
            yield line, [" ".join(cell.split()) for cell in row]
        line = reader.line_num + 1


class _Table:
    """One table being read."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._problems: list[Problem] = []

    def read(self, rows: list[tuple[int, list[str]]]) -> tuple[tuple[Case, ...], list[Problem]]:
        names = [name.lower() for name in rows[0][1]] if rows else []
        if problem := self._of_names(names):
            return (), [problem]
        found: dict[str, Case] = {}
        for line, row in rows[1:]:
            self._add(found, line, dict(zip(names, row, strict=False)), is_whole=len(row) == len(names))
        if not rows[1:]:
            self._wrong(rows[0][0], "the table has no cases", "Write one in each line below the first.")
        if len(found) > MOST:
            self._wrong(rows[0][0], f"there are more than {MOST} cases", "Keep those you argue about.")
        return tuple(found.values()), self._problems

    def _of_names(self, names: list[str]) -> Problem | None:
        fix = "Let the first line be: title,text"
        if missing := [name for name in ("title", "text") if name not in names]:
            return Problem(self._file, 1, f"there is no column '{missing[0]}'", fix)
        if unknown := [name for name in names if name not in COLUMNS]:
            return Problem(self._file, 1, f"there is no use for a column '{unknown[0]}'", meant(unknown[0], COLUMNS))
        twice = len(set(names)) < len(names)
        return Problem(self._file, 1, "a column stands here twice", fix) if twice else None

    def _add(self, found: dict[str, Case], line: int, row: Mapping[str, str], *, is_whole: bool) -> None:
        if not is_whole:
            fix = "Put a text with a comma in it in quotes."
            self._wrong(line, "this line has not as many cells as the first", fix)
            return
        case = Case(row.get("id") or slug(row["title"]), row["title"], row["text"])
        if not case.title or not case.text:
            self._wrong(line, "a case needs a title and a text", "Write both.")
        elif len(case.title) > LONGEST_TITLE or len(case.text) > LONGEST:
            self._wrong(line, "this case is too long", f"Keep to {LONGEST_TITLE} and {LONGEST} characters.")
        elif not _ID.fullmatch(case.id):
            self._wrong(line, f"the id '{case.id}' is not made of a-z, 0-9 and hyphens", "Give it another in 'id'.")
        elif case.id in found:
            self._wrong(line, f"there are two cases '{case.id}'", "Give one another title, or another id.")
        else:
            found[case.id] = case

    def _wrong(self, line: int, message: str, fix: str) -> None:
        self._problems.append(Problem(self._file, line, message, fix))
