"""What in an author's text would run as a script: the browser would refuse it silently, so the build stops instead.

On a static host nothing refuses it at all. So tags are read as a browser reads them, with every spelling of an address
and every attribute, and not looked for by their usual form.
"""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# Most pages need no reading: nothing in them looks like a script, and each address begins as those of wikis do.
_SUSPECT = re.compile(
    r"""<script|[\s/"']on[a-z]+\s*=|srcdoc|http-equiv"""
    r"""|[\s/"':](?:href|src|action|formaction|data|to|from|by|values|content|poster)\s*=\s*["']?"""
    r"""(?!https?:|mailto:|[\w.%+~@,()-]*["'>/?#])""",
    re.IGNORECASE,
)
# A quote opens a value only after an equals sign. Each `<` is taken for a beginning, whatever it stands in.
_TAG = re.compile(r"<([a-z][^\s/>]*)", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""[\s/]*([^\s/>][^\s/>=]*)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s>]*))?""")
_MOST_ATTRIBUTES = 60
_UNSAID = re.compile(r"[\x00-\x20\x7f-\x9f]+")  # browsers leave it out of the beginning of an address
_SCRIPT_LINK = re.compile(
    r"(?:[\d.]+[;,](?:url=)?['\"]?)?(?:(?:java|vb|live)script:|data:(?:text/|application/xhtml|image/svg))"
)
_JAVASCRIPT = re.compile(
    r"(?:(?:text|application)/(?:x-)?(?:java|ecma|j|live)script[\d.]*(?:;.*)?|module|importmap|speculationrules)?"
)
# Out of quotes that the theme has put around it.
_OUT = re.compile(r"""["'](?:[^<>]*[\s/"'])?(on[a-z]+)\s*=""", re.IGNORECASE)


# What a page may say in place of the server: where to send its readers, what may run in it, what to remember of them.
_IN_THE_SERVERS_PLACE = ("refresh", "content-security-policy", "set-cookie")


class Finding(NamedTuple):
    """Something that would run: a `sign` by which its line is found, what it is, in words, and what to do."""

    sign: str
    what: str
    fix: str = "Put it into a file and name it in extra_javascript: the browser would not run it here."


_LINK = Finding("script:", "a link that is a script")

_PLACE = re.compile(r"<!--/?kb:")
_RESTYLES = re.compile(r"<(?:style|link)", re.IGNORECASE)
_SHEET = {
    tag: Finding(f"<{tag}", "a style sheet of its own", "Put it into a file and name it in extra_css.")
    for tag in ("style", "link")
}


def refused(content: str) -> Finding | None:
    """What in HTML would run a script, or be taken for a place that the server fills; None when nothing would."""
    if place := _PLACE.search(content):
        return Finding(place[0], "a comment that stands for what the server says", "Take it out.")
    if not _SUSPECT.search(content):
        return None
    return next((found for tag, attributes in _tags(content) if (found := _running(tag, attributes))), None)


def restyled(content: str) -> Finding | None:
    """What in HTML lets the page look otherwise as a whole, be it that what people agreed to is not seen any more."""
    if not _RESTYLES.search(content):
        return None
    return next((_SHEET[tag] for tag, attributes in _tags(content) if _is_sheet(tag, attributes)), None)


def refused_in_a_theme(text: str) -> Finding | None:
    """The same of a text that themes write into their pages as it is: a title, a tag, a description."""
    if found := _OUT.search(text):
        return Finding(found[1], f"a script in the attribute {found[1]}")
    if "<style" in text.lower():
        return Finding("<style", "a style sheet of its own")
    return _LINK if _is_script_link(text) else refused(text)


def _is_sheet(tag: str, attributes: Mapping[str, str]) -> bool:
    return tag == "style" or (tag == "link" and "stylesheet" in attributes.get("rel", "").lower().split())


def is_inline_script(attributes: str) -> bool:
    """Whether a `<script>` with these attributes runs what stands in it."""
    return _is_inline(next(_tags(f"<script {attributes}>"))[1])


def _tags(content: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Each tag's name with its attributes."""
    for found in _TAG.finditer(content):
        attributes: dict[str, str] = {}
        at = found.end()
        while (one := _ATTRIBUTE.match(content, at)) and len(attributes) < _MOST_ATTRIBUTES:
            attributes.setdefault(one[1].lower(), unescape((one[2] or "").strip("\"'")))
            at = one.end()
        yield found[1].lower(), attributes


def _running(tag: str, attributes: Mapping[str, str]) -> Finding | None:
    return _as_a_whole(tag, attributes) or _in_an_attribute(tag, attributes)


def _as_a_whole(tag: str, attributes: Mapping[str, str]) -> Finding | None:
    if tag.endswith("script") and tag != "noscript" and _is_inline(attributes):
        return Finding("<script", "a script of its own")
    if (said := attributes.get("http-equiv", "").strip().lower()) in _IN_THE_SERVERS_PLACE:
        return Finding("http-equiv", f"a <{tag}> that says {said} in the server's place", "Take it out.")
    if "srcdoc" in attributes:
        return Finding("srcdoc", "a frame with a page of its own")
    if len(attributes) >= _MOST_ATTRIBUTES:
        return Finding(f"<{tag}", f"a <{tag}> with more attributes than anybody needs")
    return None


def _in_an_attribute(tag: str, attributes: Mapping[str, str]) -> Finding | None:
    for name, value in attributes.items():
        if name.startswith("on") and name.isalpha() and value:
            return Finding(name, f"a script in the attribute {name}")
        if _is_script_link(value) and (tag, name) != ("img", "src"):
            return _LINK
    return None


def _is_script_link(value: str) -> bool:
    return bool(_SCRIPT_LINK.match(_UNSAID.sub("", value[:200]).lower()))


def _is_inline(attributes: Mapping[str, str]) -> bool:
    sources = [attributes[name] for name in ("src", "href", "xlink:href") if name in attributes]
    if sources:
        return any(_UNSAID.sub("", source).lower().startswith("data:") for source in sources)
    return bool(_JAVASCRIPT.fullmatch(attributes.get("type", "").strip().lower()))
