"""Footnotes: a note belongs to the meaning of the place that refers to it, wherever on the page it is printed.

Else a criterion could be changed by a note at the foot of another section.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from lxml import etree

from kb_server.pages.meaning import digest, meaning_of
from kb_server.pages.stream import APART, APART_END, BREAK, inline

if TYPE_CHECKING:
    from lxml.etree import _Element

    from kb_server.pages.walk import Walk

_NOTES = etree.XPath("//div[contains(concat(' ', @class, ' '), ' footnote ')]/ol/li[@id]")


def reference(walk: Walk, child: _Element) -> bool:
    """Write a reference to a note as the note's meaning; False if there is no such note.

    The number shown is left out if it is the note's own: notes are numbered anew when one is added before them.
    """
    printed = [(str(note.get("id")), note) for note in cast("list[_Element]", _NOTES(walk.root))]
    wanted = (child.get("href") or "").removeprefix("#")
    number, note = next(((at, note) for at, (name, note) in enumerate(printed, 1) if name == wanted), (0, None))
    if note is None or wanted in walk.notes_open:
        return False
    walk.notes_open.add(wanted)
    stream = walk.elsewhere(lambda: walk.inside(note))
    walk.notes_open.discard(wanted)
    walk.notes_read.add(wanted)
    shown = "".join(map(str, child.itertext())).strip()
    walk.out.append(inline("note", digest(meaning_of(stream)), *([] if shown == str(number) else [shown])))
    return True


def notes(walk: Walk, child: _Element) -> None:
    """Write the notes where they are printed: readable here, and no part of the meaning here if all are referred to."""
    if not _only_notes(child, walk.notes_read):
        walk.between(child, BREAK, BREAK)
        return
    stream = walk.elsewhere(lambda: walk.inside(child))
    walk.out.append(APART + BREAK + stream.replace(APART, "").replace(APART_END, "") + APART_END)


def _only_notes(child: _Element, read: set[str]) -> bool:
    """Whether nothing stands here but notes that some reference has taken up."""
    lists = [part for part in child if part.tag != "hr"]
    stray = [child.text, *(part.tail for part in child), *(text for part in lists for text in _between_items(part))]
    items = [item for part in lists for item in part]
    return (
        bool(items)
        and all(part.tag == "ol" for part in lists)
        and all(item.tag == "li" and item.get("id") in read for item in items)
        and not any(text and text.strip() for text in stray)
    )


def _between_items(part: _Element) -> list[str | None]:
    return [part.text, *(item.tail for item in part)]
