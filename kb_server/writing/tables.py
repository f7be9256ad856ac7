"""Lists to take away: for a spreadsheet, and for programs. They are written a line at a time, however long they are.

A spreadsheet takes a cell that begins like a formula for one, and would do what a stranger typed. Such a cell gets an
apostrophe in front (https://owasp.org/www-community/attacks/CSV_Injection). So does what would begin one where
semicolons part cells, as in much of Europe: there our quotes are signs like any other, and a cell ends with its line.
It begins with a byte order mark, by which Excel knows that it is UTF-8; every other reader knows how to leave that out.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

MARK = "\N{BYTE ORDER MARK}"
SIGNS = "=+-@＝＋－＠"  # noqa: RUF001  -- wide signs are read alike
FORMULA = (*SIGNS, "\t", "\r", "\n")
_UNSEEN = r'[^\S\t\r\n]|[\xad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff"]'
_SIGN = rf"(?:{_UNSEEN})*[{re.escape(SIGNS)}]"
_BEGINS, _GOES_ON = re.compile(rf"[\t\r\n]|{_SIGN}"), re.compile(rf"[;\t\r\n](?={_SIGN})")


def as_csv(found: Iterable[Mapping[str, object]], columns: Mapping[str, str]) -> Iterator[str]:
    """A table for a spreadsheet, line by line; `columns` are the names of its columns in words, by their keys."""
    yield MARK + _line(list(columns.values()))
    for row in found:
        yield _line([_harmless(str(row[column])) for column in columns])


def as_json(found: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """The same as an array of objects, for programs."""
    before = "[\n"
    for row in found:
        yield before + json.dumps(row, ensure_ascii=False)
        before = ",\n"
    yield "[]\n" if before == "[\n" else "\n]\n"


def _harmless(cell: str) -> str:
    cell = _GOES_ON.sub(r"\g<0>'", cell)
    return f"'{cell}" if _BEGINS.match(cell) else cell


def _line(cells: Sequence[str]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue()
