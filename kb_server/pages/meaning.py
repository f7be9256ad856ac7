# ruff: noqa: RUF001, RUF002  -- this table is about typographic characters
"""What a text means, so that an agreement can belong to a meaning and not to a spelling of it.

A section's *meaning* is its stream of words and structure (`pages.stream`), in Unicode NFC, folded by the table below
and by nothing else. Two texts with the same digest say the same; whoever agreed to one agreed to the other.

**Folded** (may change freely):

==========================  =====================================================================================
white space                 any run of it, no-break and typographic spaces too, is one space; none at a block's edge;
                            none between two ideographs or kana (there it comes from wrapping)
line breaks, paragraphs     are white space: ``<br>``, ``<p>``, ``<hr>``, ``<div>`` leave no trace
emphasis                    ``em strong b i u mark small big font`` and every class, colour and alignment
quotes                      “ ” „ ‟ « » " and ‘ ’ ‚ ‛ ‹ › ' are one sign; directly after a digit, where they may be
                            units (6' and 6"), single and double stay apart; no-break spaces inside « » go
dashes                      ‐ ‑ ‒ – — ― − and the typewriter's ``--``, ``---`` are the hyphen
ellipsis                    … is ``...``
heading ids                 and all other ids
external link targets       the link's words stay
emoji presentation          variation selectors 15 and 16
==========================  =====================================================================================

**Kept**: words and their case, numbers, punctuation; ``sup sub del s ins``; headings with their level; lists, their
kind, start and nesting, items, check boxes and their state; definition lists; tables, rows, cells, spans; block quotes;
boxes (admonitions, details) and tabs; code, with its quotes, dashes and indentation; internal link targets as page id
and anchor; tooltips of links and abbreviations; images by the digest of their content (else by source), with their
alternative text; drawings and icons by digest; footnotes, at the place that refers to them; any element not named here,
with its attributes. HTML comments are no content. Hidden text is kept, and reported by `hazards`.

A change of this table is a change of `VERSION`. Whoever relied on a text keeps its source and recomputes.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from typing import TYPE_CHECKING

from kb_server.pages.stream import APART, BLOCK, BLOCK_END, BREAK, CELL, CODE, CODE_END, CUT, TITLE, TITLE_END

if TYPE_CHECKING:
    from collections.abc import Iterable

VERSION = 1

_DOUBLE = "“”„‟«»"
_SINGLE = "‘’‚‛‹›"
_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212"

FOLDS: dict[str, str] = (
    dict.fromkeys(_DOUBLE, '"')
    | dict.fromkeys(_SINGLE, "'")
    | dict.fromkeys(_DASHES, "-")
    | {"…": "...", "\ufe0e": "", "\ufe0f": ""}
)
"""What one character becomes, apart from white space."""

_CJK = (
    "\u2e80-\u303f\u3041-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff"
)
# Each pattern begins with what is rare, so that the search can leap to it.
_BEYOND = re.compile("[\u2e80-\U0003ffff]")
_WRAPPED = re.compile(rf" (?<=[{_CJK}] )(?=[{_CJK}])")
_GUILLEMETS = re.compile("[\u00a0\u202f](?:(?<=[«‹].)|(?=[»›]))")
_DOUBLE_QUOTE = re.compile(r'"(?<!\d")')
_TYPED_DASH = re.compile("--(?<!---)-?(?!-)")
_APART = re.compile("\x10[^\x11]*\x11")
_LITERAL = re.compile("\x0e([^\x0f]*)\x0f")


def meaning_of(stream: str) -> str:
    """The meaning of a stream, by the table above; of several, parted by CUT, the meanings parted by CUT."""
    if APART in stream:
        stream = _APART.sub("", stream)
    stream = unicodedata.normalize("NFC", stream).replace(TITLE, "").replace(TITLE_END, "")
    if CODE not in stream:
        return _folded(stream)
    parts = _LITERAL.split(stream)
    parts[::2] = _folded(CODE.join(parts[::2])).split(CODE)
    parts[1::2] = [CODE + code + CODE_END for code in parts[1::2]]
    return "".join(parts)


def _folded(prose: str) -> str:
    if not prose.isascii():
        prose = _without_typography(prose)
    if '"' in prose:
        prose = _DOUBLE_QUOTE.sub("'", prose)
    if "--" in prose:
        prose = _TYPED_DASH.sub("-", prose)
    prose = " ".join(prose.replace(BREAK, " ").split())
    if not prose.isascii() and _BEYOND.search(prose):
        prose = _WRAPPED.sub("", prose)
    for mark in (BLOCK, CELL, CUT):
        prose = prose.replace(" " + mark, mark)
    for mark in (BLOCK_END, CUT):
        prose = prose.replace(mark + " ", mark)
    return prose


def _without_typography(prose: str) -> str:
    if "«" in prose or "‹" in prose:
        prose = _GUILLEMETS.sub("", prose)
    for character, plain in FOLDS.items():
        if character in prose:
            prose = prose.replace(character, plain)
    return prose


def digest(meaning: str) -> str:
    """The name of a meaning: version and SHA-256, ``1:…``."""
    return f"{VERSION}:{hashlib.sha256(meaning.encode('utf-8', 'surrogatepass')).hexdigest()}"


def combine(digests: Iterable[str]) -> str:
    """One digest for several in this order: a page's sections, a definition's binding parts."""
    return digest("\x1d".join(("", *digests)))
