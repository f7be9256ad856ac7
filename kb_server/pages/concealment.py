"""Elements that let a reader see something else than what is written: hidden, reversed, restyled, made by a program.

Only what a page itself says can be judged here: a class whose rule stands in a style sheet is the site's business.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, cast

from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element

_UNSEEN_TAGS = {
    "style": "A <style> can change what the page shows",
    **{tag: f"A <{tag}> is not shown" for tag in ("template", "datalist", "noembed", "noframes", "title", "head")},
    **{tag: f"What stands in <{tag}> is shown to few" for tag in ("noscript", "audio", "video", "canvas", "object")},
}
_TAGS = (*_UNSEEN_TAGS, "script", "dialog", "bdo")
_TAG = re.compile(f"<({'|'.join(_TAGS)})")
# Classes of the theme's and ours that hide, or shrink, or paint words in the colour below them. Authors need few.
_OF_THE_THEME = re.compile(
    r"(?:^|\s)(?:md-(?!button|tag|icon|grid|typeset(?:\s|$))|kb-(?!hue-|diagram|from-server)|giscus(?:\s|$))"
)
_READ_BY_THE_THEME = re.compile(r"data-(?:linenos|kb-[\w-]+)")
_LINE_NUMBER = re.compile(r"[\d\s]*")
_ATTRIBUTES = {  # how their use shows in the text of a page, and the elements that have them
    re.compile("hidden"): "//@hidden/.. | //@aria-hidden/..",
    re.compile(r"style\s*="): "//@style/..",
    re.compile("popover"): "//@popover/..",
    re.compile(r"dir\s*="): "//@dir/..",
    re.compile(r"color\s*=|background\s*="): "//@color/.. | //@bgcolor/.. | //@background/..",
    re.compile("data-(?:md|kb)-|data-linenos"): (
        "//*[@data-linenos or @*[starts-with(name(), 'data-md-') or starts-with(name(), 'data-kb-')]]"
    ),
    re.compile(r"\b(?:md|kb)-|giscus"): (
        "//*[contains(@class, 'md-') or contains(@class, 'kb-') or contains(@class, 'giscus')]"
    ),
    re.compile("tabbed-"): "//*[contains(@class, 'tabbed-')]",
    re.compile(r"<(?!a\b)\w+\s[^<>]*(?:headerlink|footnote-backref)"): (
        "//*[not(self::a)][contains(@class, 'headerlink') or contains(@class, 'footnote-backref')]"
    ),
    re.compile(r"<(small|code)\b[^<>]*>\s*<\1\b"): "//small//small | //code//code",
}
_HARMLESS = re.compile(
    r"(?:text-align|vertical-align|white-space|list-style-type|(?:min-|max-)?width|border[a-z-]*):[^;]*"
)
_HIDING = re.compile(
    r"display:none|visibility:(?:hidden|collapse)|content-visibility:hidden|color:transparent|text-fill-color|\\"
    r"|(?:^|;)(?:font-size|opacity|width|height|max-width|max-height|zoom|scale):[+-]?0*\.?0+(?:[a-z%]+)?(?:!|;|$)"
    r"|(?:^|;)font:(?:[^;]* )?0(?:[a-z%/]|;|$)|text-indent:-|clip(?:-path)?:|position:(?:absolute|fixed)"
    r"|(?:^|;)(?:filter|mask|transform)[a-z-]*:"
)
_ALTERING = re.compile(
    r"text-decoration[a-z-]*:[^;]*line-through|unicode-bidi|(?:^|;)direction:|writing-mode|vertical-align:(?:super|sub)"
)
_STRUCK = frozenset({"del", "s", "strike"})


@dataclass(frozen=True, slots=True)
class Concealed:
    """Why an element is not what it seems; `seen` tells whether its words stand before the reader all the same.

    One that `speaks` shows words that are not its own.
    """

    reason: str
    seen: bool
    speaks: bool = False


def concealed(root: _Element, html: str) -> dict[_Element, Concealed]:
    """The elements below `root`, parsed from `html`, that are not what they seem. Holding them keeps their identity."""
    found = ((element, _judged(element)) for element in _candidates(root, html.lower()))
    return {element: why for element, why in found if why}


def _candidates(root: _Element, lower: str) -> Iterator[_Element]:
    """Elements worth judging. A look at the text first: on most pages that is all, and it is ten times faster."""
    having = tuple(path for sign, path in _ATTRIBUTES.items() if sign.search(lower))
    if having:
        yield from cast("list[_Element]", _any_of(having)(root))
    tags = set(_TAG.findall(lower))
    if tags:
        yield from root.iter(*tags)


@lru_cache(maxsize=16)
def _any_of(paths: tuple[str, ...]) -> etree.XPath:
    return etree.XPath(" | ".join(paths))


def _judged(element: _Element) -> Concealed | None:
    tag = str(element.tag)
    if tag == "script":
        maths = (element.get("type") or "").startswith("math/")
        return None if maths else Concealed("A <script> can change what the page says", seen=False)
    if tag in _UNSEEN_TAGS:
        return Concealed(_UNSEEN_TAGS[tag], seen=False)
    for name in ("hidden", "popover"):
        if element.get(name) is not None:
            return Concealed(f"A `{name}` attribute hides text", seen=False)
    if tag == "dialog" and element.get("open") is None:
        return Concealed("A <dialog> is closed", seen=False)
    return (
        _styled(element.get("style") or "", struck=tag in _STRUCK)
        or _turned(element)
        or _spoken(element)
        or _painted(element)
        or _dressed(element, (element.get("class") or ""))
    )


def _painted(element: _Element) -> Concealed | None:
    """Words in the colour of what is below them, or in a style sheet's place; no policy forbids either."""
    for name in map(str, element.keys()):
        if name in {"color", "bgcolor", "background"} or name.startswith("data-md-"):
            return Concealed(f"The attribute `{name}` can hide text", seen=True)
        if _READ_BY_THE_THEME.fullmatch(name) and not _LINE_NUMBER.fullmatch(element.get(name) or ""):
            return Concealed(f"The attribute `{name}` can show another text", seen=True, speaks=True)
    return None


def _dressed(element: _Element, classes: str) -> Concealed | None:
    """What stands in a part that is shown to few, or so small that nobody sees it."""
    tag, parent = str(element.tag), element.getparent()
    around = (parent.get("class") or "") if parent is not None else ""
    if tag in {"small", "code"} and any(True for _ in element.iterancestors(tag)):
        return Concealed(f"A <{tag}> within another can be too small to read", seen=True)
    if tag != "a" and not {"headerlink", "footnote-backref"}.isdisjoint(classes.split()):
        return Concealed("This class is for links that are not seen", seen=True)
    if "tabbed-" in classes and tag == "div" and not _is_of_tabs(classes.split(), around.split()):
        return Concealed("A part of tabs that stands alone is not shown", seen=True)
    if _OF_THE_THEME.search(classes):
        return Concealed(f"The class “{classes[:60]}” can hide text", seen=True)
    return None


def _is_of_tabs(classes: list[str], around: list[str]) -> bool:
    return (
        "tabbed-set" in classes
        or ("tabbed-block" in classes and "tabbed-content" in around)
        or (not {"tabbed-labels", "tabbed-content"}.isdisjoint(classes) and "tabbed-set" in around)
    )


def _turned(element: _Element) -> Concealed | None:
    """Text laid from right to left: right for letters that are written so; numbers would change places."""
    forced = element.tag == "bdo"
    if not forced and (element.get("dir") or "").strip().lower() != "rtl":
        return None
    words = "".join(map(str, element.itertext()))
    if not forced and any(unicodedata.bidirectional(letter) in {"R", "AL"} for letter in words):
        return None
    return Concealed(f"A {'<bdo> element' if forced else '`dir` attribute'} turns the direction of reading", seen=True)


def _spoken(element: _Element) -> Concealed | None:
    if (element.get("aria-hidden") or "").strip().lower() == "true":
        return Concealed("An `aria-hidden` attribute keeps text from those who listen", seen=True)
    return None


@lru_cache(maxsize=512)
def _styled(style: str, *, struck: bool) -> Concealed | None:
    if not style:
        return None
    plain = re.sub(r"\s*([:;!/,])\s*", r"\1", re.sub(r"/\*.*?\*/", "", style.lower())).strip()
    if _HIDING.search(plain):
        return Concealed(f"The style “{style[:60]}” can hide text", seen=False)
    if _ALTERING.search(plain) or (struck and "text-decoration" in plain):
        return Concealed(f"The style “{style[:60]}” changes how text reads", seen=True)
    if not all(_HARMLESS.fullmatch(rule) for rule in plain.split(";") if rule):
        return Concealed(f"The style “{style[:60]}” can change how text reads", seen=True)
    return None
