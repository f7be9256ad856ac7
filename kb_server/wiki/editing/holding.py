"""Whether a section holds all that begins in it. One that does not changes others by whatever is changed in it.

Of such a section nobody can say where it ends: what is opened in it and not closed, or reads as a second heading and is
none, belongs to how the rest of the page is read.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kb_server.pages.headings import candidates

if TYPE_CHECKING:
    from collections.abc import Sequence

_BLOCK = re.compile(r"(?m)^[ \t>]*/{3,}(?P<opens>[ \t]*\S)?")


def is_whole(section: str) -> bool:
    """Whether it has one heading at most, at its beginning, and every block of a plugin in it is closed."""
    firm = [one.line for one in candidates(section.split("\n"), 0) if one.firm]
    blocks = [bool(found["opens"]) for found in _BLOCK.finditer(section)]
    return firm in ([], [0]) and blocks.count(True) == blocks.count(False)


def is_joined(lines: Sequence[str], at: int, until: int) -> bool:
    """Whether a section that stands in nothing, from line `at` on, goes over into the one on the line `until`.

    Without a blank line between, a heading in a list or a quote goes on with what is above it.
    """
    if until >= len(lines) or not lines[until].strip():
        return False
    firm = [one.line for one in candidates(lines[until - 1 : until + 2], 0) if one.firm]
    return 1 not in firm and not lines[at].startswith((" ", "\t", ">", "-", "*", "+", ":"))
