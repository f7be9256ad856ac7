"""Lists that MkDocs shows otherwise than the forge's preview does: the commonest surprise of whoever writes a page.

Python-Markdown wants an empty line above a list that follows a sentence, and four spaces before an item of a list
within a list. GitHub wants neither, so nobody notices before the page is published.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import takewhile

from kb_server.proofreading.models import Edit, Finding, Rule
from kb_server.proofreading.page import Page
from kb_server.proofreading.wiki import Wiki

_ITEM = re.compile(r"(?P<margin>[ ]*)(?:[-*+]|\d{1,3}\.)[ \t]+\S")
_NO_SENTENCE = re.compile(
    r"[ \t]*(?:[-*+][ \t]|\d+[.)][ \t]|#|>|\||<|\[\^?[^\]]+\]:|:[ \t]|!!!|\?\?\?|===|---|\*\*\*|\$\$)|.*\|[ \t]*$"
)
_NESTED = 4


def _glued(pages: Sequence[Page], _wiki: Wiki) -> Iterator[Finding]:
    """A list right below a sentence: told where the sentence announces it, or where a second item follows."""
    for page in pages:
        lines = page.bare.split("\n")
        for at in range(page.first + 1, len(lines)):
            if _begins_list(lines, at):
                start = page.start_of(at + 1)
                message = "this list shows as a part of the sentence above"
                hint = "Put an empty line above it."
                yield page.found("list-gap", "warning", start, message, hint, edit=Edit(start, start, "\n"))


def _begins_list(lines: list[str], at: int) -> bool:
    above, item = lines[at - 1], _ITEM.match(lines[at])
    if not item or item["margin"] or not above.strip() or above[:1] in " \t" or _NO_SENTENCE.match(above):
        return False
    if _is_within_list(lines, at - 1):
        return False
    following = lines[at + 1] if at + 1 < len(lines) else ""
    return above.rstrip().endswith((":", ":**", "**")) or bool(_ITEM.match(following))


def _is_within_list(lines: list[str], at: int) -> bool:
    """Whether this line goes on with an item above it."""
    block = takewhile(str.strip, reversed(lines[: at + 1]))
    return any(_ITEM.match(line) or line[:1] in ">|<" for line in block)


def _flat(pages: Sequence[Page], _wiki: Wiki) -> Iterator[Finding]:
    """A list within a list that is indented by less than four spaces, and so becomes one list: told once for each."""
    for page in pages:
        lines = page.bare.split("\n")
        at = page.first
        while at < len(lines):
            item = _ITEM.match(lines[at])
            if not item or item["margin"]:
                at += 1
                continue
            end = _end_of_list(lines, at)
            if found := _flattened(page, lines, at, end):
                yield found
            at = end


def _end_of_list(lines: list[str], at: int) -> int:
    """The line after the list: the first that is not indented, no item, and below an empty one."""
    for end in range(at + 1, len(lines)):
        line = lines[end]
        if line.strip() and line[:1] not in " \t" and not _ITEM.match(line) and not lines[end - 1].strip():
            return end
    return len(lines)


def _flattened(page: Page, lines: list[str], start: int, end: int) -> Finding | None:
    margins = {at: len(item["margin"]) for at in range(start, end) if (item := _ITEM.match(lines[at]))}
    first = next((at for at, margin in margins.items() if 0 < margin < _NESTED), None)
    if first is None:
        return None
    message = "this list within a list shows as one list"
    hint = f"Indent it by {_NESTED} spaces for each step."
    at = page.start_of(first + 1)
    return page.found(
        "list-indent", "warning", at, message, hint, edit=_deepened(page, start, end, set(margins.values()))
    )


def _deepened(page: Page, start: int, end: int, margins: set[int]) -> Edit | None:
    """The list with every step of two spaces made one of four; None where it is not written in such steps."""
    lines = page.lines[start:end]
    if any(margin % 2 for margin in margins) or any("```" in line or "\t" in line for line in lines):
        return None
    if any(line.strip() and (len(line) - len(line.lstrip())) % 2 for line in lines):
        return None
    deeper = [" " * (len(line) - len(line.lstrip())) + line if line.strip() else line for line in lines]
    begins = page.start_of(start + 1)
    return Edit(begins, begins + len("\n".join(lines)), "\n".join(deeper))


RULES = (
    Rule("list-gap", "warning", "a list right below a sentence, which MkDocs shows as a part of it", mends=True),
    Rule(
        "list-indent",
        "warning",
        "a list within a list indented by less than four spaces, which MkDocs flattens",
        mends=True,
    ),
)
LOOKS = (_glued, _flat)
