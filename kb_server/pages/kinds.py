"""Elements that need a thought: each function writes one kind of element to the stream.

Whatever is left out of the readable text here (line numbers, permanent links, a footnote's number) is kept in the
meaning if it has words of its own: an author can write these classes too, and must not get a word past the digest.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, cast

from lxml import etree

from kb_server.pages.elements import BOXES, CELLS, ITEMS
from kb_server.pages.footnotes import notes, reference
from kb_server.pages.stream import BREAK, CODE, CODE_END, LINE, block, cell, inline

if TYPE_CHECKING:
    from lxml.etree import _Element

    from kb_server.pages.walk import Kind, Walk

_NEEDS_A_WALK = etree.XPath(
    "boolean(.//*[not(self::span or self::code or self::a[not(node())]) or contains(@class, 'lineno')"
    " or @hidden or @style or @aria-hidden or translate(@data-linenos, ' 0123456789', '')])"
)
_TEXT = etree.XPath("string()")
_CAPTIONS = etree.XPath(".//*[self::title or self::desc]")
_SIGNS = frozenset({"", "¶", "#", "§", "🔗", "⚓︎", "↩", "↩︎", "&para;"})
_SPACE = re.compile(r"\s+")
_NUMBER = re.compile(r"\s*\d+(?:\.\d*)?")
SMALLEST = 24  # pixels: a smaller picture is hard to see
_TABLE = (block("table"), block("/table"))


def heading(walk: Walk, child: _Element) -> None:
    """A heading of any level."""
    walk.heading(child, int(str(child.tag)[1]))


def literal(walk: Walk, child: _Element) -> None:
    """Code within a line."""
    walk.out.append(CODE + _SPACE.sub(" ", _letters(walk, child)) + CODE_END)


def code_block(walk: Walk, child: _Element) -> None:
    """Code on lines of its own: their order and indentation count, the spaces at their ends do not."""
    lines = _letters(walk, child).strip("\n").split("\n")
    walk.out.append(block("pre") + CODE + LINE.join(map(str.rstrip, lines)) + CODE_END + block("/pre"))


def _letters(walk: Walk, child: _Element) -> str:
    """The text of code, with the marks of what is more than highlighting in it."""
    if not len(child):
        return child.text or ""
    if not _NEEDS_A_WALK(child):
        return str(_TEXT(child))
    stream = walk.elsewhere(lambda: walk.inside(child))
    return stream.replace(CODE, "").replace(CODE_END, "")


def link(walk: Walk, child: _Element) -> None:
    """A link: its words, and where it leads if that is in the wiki."""
    href = child.get("href")
    classes = (child.get("class") or "").split()
    if classes and _is_ours(walk, child, classes):
        return
    target = walk.link(href) if href and len(child) + len(child.text or "") else None
    _tooltip(walk, child)
    if target is None:
        walk.inside(child)
        return
    walk.part.links.append(target)
    walk.between(child, inline("a", target), inline("/a"))


def _is_ours(walk: Walk, child: _Element, classes: list[str]) -> bool:
    """Write a link that Markdown made for its own purposes; False if it is one of the author's."""
    if "headerlink" in classes or "footnote-backref" in classes:
        _unread(walk, child)
        return True
    parent = child.getparent()
    if "toclink" in classes and parent is not None and child.get("href") == f"#{parent.get('id')}":
        walk.inside(child)  # a heading that leads to itself
        return True
    return "footnote-ref" in classes and reference(walk, child)


def abbreviation(walk: Walk, child: _Element) -> None:
    """An abbreviation and what it stands for."""
    _tooltip(walk, child)
    walk.inside(child)


def _tooltip(walk: Walk, child: _Element) -> None:
    title = child.get("title")
    if title:
        walk.out.append(inline("title", _SPACE.sub(" ", title).strip()))


def _unread(walk: Walk, child: _Element) -> None:
    """Something that is no part of the text, unless an author put words into it."""
    words = "".join(map(str, child.itertext())) if len(child) else child.text or ""
    if words.strip() not in _SIGNS:
        walk.out.append(inline("unread", words))


def span(walk: Walk, child: _Element) -> None:
    """A formula, a line number, or nothing in particular."""
    classes = child.get("class")
    if classes == "arithmatex":
        literal(walk, child)
    elif classes and classes.startswith("lineno"):
        _unread(walk, child)
    else:
        walk.inside(child)


def division(walk: Walk, child: _Element) -> None:
    """A box, the footnotes, a formula, or just a block."""
    attribute = child.get("class")
    if not attribute:
        walk.between(child, BREAK, BREAK)
        return
    classes = attribute.split()
    if "footnote" in classes:
        notes(walk, child)
    elif "arithmatex" in classes:
        code_block(walk, child)
    elif not BOXES.isdisjoint(classes):
        walk.between(child, block("box"), block("/box"))
    else:
        walk.between(child, BREAK, BREAK)


def table(walk: Walk, child: _Element) -> None:
    """A table, or the frame that shows line numbers beside code."""
    if (child.get("class") or "").startswith("highlighttable"):
        for part in child.iter("td", "th"):
            if "linenos" in (part.get("class") or ""):
                _unread(walk, part)
            else:
                walk.inside(part)
    else:
        walk.between(child, *_TABLE)


def table_cell(walk: Walk, child: _Element) -> None:
    """A cell, with the rows and columns it spans."""
    tag = str(child.tag)
    spans = [f"{name}={child.get(name)}" for name in ("colspan", "rowspan") if child.get(name, "1") != "1"]
    before, after = CELLS[tag]
    walk.between(child, cell(tag, *spans) if spans else before, after)


def numbered(walk: Walk, child: _Element) -> None:
    """A numbered list or an item of a list, with the number it shows where that is not the next one."""
    tag = str(child.tag)
    before, after = ITEMS[tag]
    if child.attrib:
        shown = [f"{name}={child.get(name)}" for name in ("start", "type", "value") if child.get(name, "1") != "1"]
        before = block(tag, *shown, *(["reversed"] if child.get("reversed") is not None else []))
    walk.between(child, before, after)


def picture(walk: Walk, child: _Element) -> None:
    """An image by its content, with its alternative text; an emoji's image is the emoji."""
    src, alt = child.get("src") or "", child.get("alt") or ""
    known = walk.image(src)
    if alt and known is None and _is_emoji(src, alt):
        walk.out.append(alt)
        return
    _tooltip(walk, child)
    shown = [known or f"src {src}", *_shown_otherwise(walk, child, src.partition("#")[2])]
    walk.out.append(inline("img", *shown) + f" {alt} " + inline("/img"))


def _shown_otherwise(walk: Walk, child: _Element, part: str) -> list[str]:
    """What makes of a picture another one: others for other screens, a part of it, none to speak of."""
    others = [one.split()[0] for one in (child.get("srcset") or "").split(",") if one.strip()]
    sizes = [value for name in ("width", "height") if (value := child.get(name) or "") and _NUMBER.match(value)]
    small = [f"size {value}" for value in sizes if float(_NUMBER.match(value)[0]) < SMALLEST]  # type: ignore[index]
    return [*(walk.image(other) or f"src {other}" for other in others), *([f"part {part}"] if part else []), *small]


def _is_emoji(src: str, alt: str) -> bool:
    """Whether the file is named after the character it stands for, as on the usual servers of emoji."""
    name = "-".join(f"{ord(character):x}" for character in alt if character != "\ufe0f")
    return not alt.isascii() and re.sub("-fe0f", "", src.rpartition("/")[2].partition(".")[0].lower()) == name


def control(walk: Walk, child: _Element) -> None:
    """A check box with its state; the switches of tabs are no content."""
    kind = (child.get("type") or "").lower()
    if kind == "checkbox":
        state = "x" if child.get("checked") is not None else " "
        walk.out.append(inline("check", state) + f"[{state}] ")
    elif kind != "radio" or not (child.get("name") or "").startswith("__tabbed_"):
        walk.unknown(child)


def drawing(walk: Walk, child: _Element) -> None:
    """A drawing by its digest, with its title and description as text."""
    shapes = etree.tostring(child, encoding="unicode", with_tail=False)
    said = " ".join(str(_TEXT(caption)) for caption in cast("list[_Element]", _CAPTIONS(child)))
    name = hashlib.sha256(" ".join(shapes.split()).encode("utf-8", "surrogatepass")).hexdigest()
    files = [known for part in child.iter(etree.Element) for known in walk.files(part)]
    walk.out.append(inline("svg", name, *files) + (f" {said} " if said else "") + inline("/svg"))


KINDS: dict[str, Kind] = {
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), heading),
    **dict.fromkeys(("code", "kbd", "samp", "var", "script"), literal),
    **dict.fromkeys(("td", "th"), table_cell),
    **dict.fromkeys(("li", "ol"), numbered),
    "a": link,
    "abbr": abbreviation,
    "div": division,
    "img": picture,
    "input": control,
    "pre": code_block,
    "span": span,
    "svg": drawing,
    "table": table,
}
