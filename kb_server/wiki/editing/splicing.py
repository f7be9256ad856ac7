"""Putting an edit into the file of its page: there and nowhere else, or not at all.

Nothing is merged. Where the section does not read any more as it did when somebody edited it, both texts and the one of
now go to a person (`Changed`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb_server.errors import Conflict
from kb_server.pages.headings import candidates, source_words
from kb_server.pages.source import front_matter_lines
from kb_server.wiki.editing import rules
from kb_server.wiki.editing.holding import is_joined
from kb_server.wiki.editing.refusing import Refused
from kb_server.words import t

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kb_server.wiki.editing.models import Edit


class Changed(Conflict):
    """The section is not any more as it was read; ``now`` is what stands there, "" where it is gone or not alone."""

    def __init__(self, now: str) -> None:
        super().__init__(t("edit.changed"))
        self.now = now


def spliced(source: str, edit: Edit) -> str:
    """The text of a file with an edit in it. Raises Changed, Refused.

    Every other byte of it stays, line ends and all.
    """
    mark = "\ufeff" if source.startswith("\ufeff") else ""
    raw = source.removeprefix(mark).split("\n")
    end = "\r\n" if "\r\n" in source else "\n"
    lines = [line.removesuffix("\r") for line in raw]
    first, last = _place(lines, edit)
    above, below = "\n".join(lines[:first]), "\n".join(lines[last:])
    text = rules.check(edit.before, edit.after, above, below)
    if is_joined(lines, first, last):
        raise Refused(t("edit.refused.reaches"))
    if last < len(lines) and lines[last].strip():  # else a list, a table or a quote would take in the heading below
        text += "\n"
    now = text.replace("\n", end)
    last_end = "\r" if last < len(lines) and end == "\r\n" else ""
    return mark + "\n".join([*raw[:first], now + last_end, *raw[last:]])


def _place(lines: Sequence[str], edit: Edit) -> tuple[int, int]:
    """Where the section stands, as positions among the lines: where it was read, or at the one place it is now."""
    wanted = edit.before.split("\n")
    if list(lines[edit.line - 1 : edit.line - 1 + len(wanted)]) == wanted and _ends(lines, edit.line - 1, len(wanted)):
        return edit.line - 1, edit.line - 1 + len(wanted)
    starts = [at for at, line in enumerate(lines) if line == wanted[0]]
    found = [at for at in starts if list(lines[at : at + len(wanted)]) == wanted and _ends(lines, at, len(wanted))]
    if len(found) != 1:
        raise Changed(_now(lines, edit))
    return found[0], found[0] + len(wanted)


def _ends(lines: Sequence[str], at: int, many: int) -> bool:
    """Whether a section that begins here ends after so many lines: more may have been added to it since."""
    headings = {one.line for one in candidates(lines, front_matter_lines("\n".join(lines)))}
    after = next((number for number in range(at + many, len(lines)) if lines[number].strip()), None)
    return after is None or after in headings


def _now(lines: Sequence[str], edit: Edit) -> str:
    """What stands below the heading of the section now; "" where that is gone or stands there twice."""
    first = front_matter_lines("\n".join(lines))
    found = [one for one in candidates(lines, first) if one.firm]
    wanted = next((one for one in candidates(edit.before.split("\n"), 0) if one.firm), None)
    if wanted is None:  # what stands before any heading
        return "\n".join(lines[first : found[0].line if found else len(lines)]).strip("\n")
    same = [
        at
        for at, one in enumerate(found)
        if (one.level, source_words(one.text)) == (wanted.level, source_words(wanted.text))
    ]
    if len(same) != 1:
        return ""
    end = found[same[0] + 1].line if same[0] + 1 < len(found) else len(lines)
    return "\n".join(lines[found[same[0]].line : end]).strip("\n")
