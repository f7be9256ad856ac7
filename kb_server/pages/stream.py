"""The one form in which a page's content is written down while it is read: words with structure marks between them.

Text for readers and meaning for agreements are two foldings of the same stream, so they cannot disagree about what a
section contains. A mark begins and ends with a control character. `clean` takes these out of what authors write, so no
text can imitate structure::

    BLOCK name SEP value BLOCK_END    a list, an item, a row, a heading …: a line of its own
    CELL name SEP value BLOCK_END     a table cell
    INLINE name SEP value END         a superscript, a link and its target …
    CODE … CODE_END                   to be read literally; it may also stand for a value
    APART … APART_END                 text here, but meaning of another place (a footnote)
    TITLE … TITLE_END                 the words that name the section
    BREAK, LINE                       the edge of a block that is no structure (a paragraph); the end of a line of code
    CUT                               the end of a section

None of them is white space to `str.split`.
"""

from __future__ import annotations

import re

INLINE, END, BLOCK, CELL, BLOCK_END, SEP = "\x01", "\x02", "\x03", "\x04", "\x05", "\x06"
CODE, CODE_END, APART, APART_END = "\x0e", "\x0f", "\x10", "\x11"
TITLE, TITLE_END, BREAK, LINE, CUT = "\x12", "\x13", "\x14", "\x15", "\x16"
STRUCTURE = (INLINE, BLOCK, CELL)
_BETWEEN_CELLS = "\x17"

_INLINE_MARK = re.compile("\x01[^\x02]*\x02")
_CELL_END = re.compile("\x04/[^\x05]*\x05")
_BLOCK_MARK = re.compile("\x03[^\x05]*\x05")
_CELL_MARK = re.compile("\x04[^\x05]*\x05")
_LINE_EDGE = re.compile("\x14[ \x14\x17]*")

_STRUCK, _STRUCK_END, _RAISED_MARK = "\x01del\x02", "\x01/del\x02", "\x01sup\x02"
_RAISED = re.compile("\x01sup\x02(?=[^\x01])")

_CONTROLS = bytes(code for code in range(0x20) if code not in b"\t\n\r\f")
_RAW_CONTROL = re.compile(f"[{re.escape(_CONTROLS.decode())}]")
_WRITTEN_CONTROL = re.compile(
    r"&#(?:0*([0-8]|11|1[4-9]|2[0-9]|3[01])(?![0-9])|[xX]0*([0-8bBeEfF]|1[0-9a-fA-F])(?![0-9a-fA-F]));?"
)


def inline(name: str, *values: str) -> str:
    """A mark within a line. Its values are read literally."""
    return INLINE + name + "".join(SEP + CODE + value + CODE_END for value in values) + END


def block(name: str, *values: str) -> str:
    """A mark on a line of its own; its values are numbers and single words."""
    return BLOCK + SEP.join((name, *values)) + BLOCK_END


def cell(name: str, *values: str) -> str:
    """The mark of a table cell."""
    return CELL + SEP.join((name, *values)) + BLOCK_END


def clean(html: str) -> str:
    """`html` with each control character, raw or written as a reference, turned into a visible sign of it.

    That sign is U+FFFD followed by the character's picture (U+2400 …); `hazards` reports it.
    """
    raw = html.encode("utf-8", "surrogatepass")
    if len(raw.translate(None, _CONTROLS)) < len(raw):  # ten times as fast as a search
        html = _RAW_CONTROL.sub(lambda found: _picture(ord(found[0])), html)
    if "&#" in html:
        html = _WRITTEN_CONTROL.sub(lambda found: _picture(int(found[1] or found[2], 10 if found[1] else 16)), html)
    return html


def _picture(code: int) -> str:
    return "\ufffd" + chr(0x2400 + code)


def readable(stream: str) -> str:
    """The plain text of a stream: a line for each block, `` | `` between the cells of a row, no marks.

    What is struck out or raised says so, lest an excerpt say the opposite. TITLE, TITLE_END and CUT are left in it.
    """
    if _STRUCK in stream:
        stream = stream.replace(_STRUCK, "~~").replace(_STRUCK_END, "~~")
    if _RAISED_MARK in stream:
        stream = _RAISED.sub("^", stream)
    text = _BLOCK_MARK.sub(BREAK, _INLINE_MARK.sub("", stream)).replace(LINE, BREAK)
    for bracket in (CODE, CODE_END, APART, APART_END):
        text = text.replace(bracket, "")
    if CELL in text:
        text = _CELL_MARK.sub(_BETWEEN_CELLS, _CELL_END.sub("", text))
    text = _LINE_EDGE.sub("\n", " ".join(text.split()).replace(" \x14", BREAK))
    if _BETWEEN_CELLS in text:
        text = text.replace(f" {_BETWEEN_CELLS}", _BETWEEN_CELLS).replace(f"{_BETWEEN_CELLS} ", _BETWEEN_CELLS)
        text = text.replace(_BETWEEN_CELLS, " | ")
    return text.strip()


def heading_and_text(readable: str) -> tuple[str, str]:
    """A section's readable text parted into the words of its heading, on one line, and all others."""
    before, _, rest = readable.partition(TITLE)
    title, _, after = rest.partition(TITLE_END)
    return " ".join(title.split()), f"{before.strip()}\n{after.strip()}".strip()
