"""What each HTML element that Markdown yields is to a reader: a block, structure, emphasis, or something to look into.

Elements that need a function stand in `kinds`. One that stands in neither is structure we do not know, and is kept with
its attributes (`walk`).
"""

from __future__ import annotations

from kb_server.pages.stream import BREAK, block, cell, inline

_NO_TRACE = "acronym b bdi bdo big body cite col data dfn em font html i label mark nobr small strong time tt u wbr"
_BLOCKS = (
    "address article aside center colgroup fieldset figcaption figure footer form header hgroup legend main nav p"
    " search section summary tbody tfoot thead"
)
_INLINE = "ins rp rt ruby sub sup"
_STRUCTURE = "blockquote caption dd dl dt menu tr ul"

PLAIN: dict[str, tuple[str, str]] = {
    **dict.fromkeys(_NO_TRACE.split(), ("", "")),
    **dict.fromkeys(_BLOCKS.split(), (BREAK, BREAK)),
    **{tag: (inline(tag), inline("/" + tag)) for tag in _INLINE.split()},
    **{tag: (block(tag), block("/" + tag)) for tag in _STRUCTURE.split()},
    **dict.fromkeys(("del", "s", "strike"), (inline("del"), inline("/del"))),
    "details": (block("box"), block("/box")),
    "q": ('"', '"'),
    "br": (BREAK, ""),
    "hr": (BREAK, ""),
}
"""What is written before and after an element's content."""

CELLS = {tag: (cell(tag), cell("/" + tag)) for tag in ("td", "th")}
ITEMS = {tag: (block(tag), block("/" + tag)) for tag in ("li", "ol")}

BOXES = frozenset({"admonition", "tabbed-set", "tabbed-labels", "tabbed-content", "tabbed-block"})
"""Classes of a ``div`` that say: what stands in here belongs together."""
