"""From what somebody wrote to HTML that may stand in any page, whatever they wrote.

CommonMark without HTML, pictures, headings or tables, then an allow-list over the result: two walls, each of which
would do. Whoever is mentioned stands in the HTML by id, between two marks that no text can contain, and gets a name
when it is shown: names change, and people may be forgotten.
"""

from __future__ import annotations

import html as html_module
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import nh3
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markupsafe import Markup

VERSION = "1"  # of what this module makes of a text: another one renders anew what is stored

TAGS = frozenset(
    "p br hr strong em s code pre blockquote ul ol li a".split()  # noqa: SIM905  -- a list
)
ATTRIBUTES: dict[str, set[str]] = {"*": set(), "a": {"href"}, "ol": {"start"}}
SCHEMES = frozenset({"http", "https", "mailto"})
REL = "noopener noreferrer nofollow ugc"

MOST_MARKS = 500  # in one text, of those that take time to look at

_MARK = re.compile(r"[][*_~`<!&\\\n]")
# Lines that begin with a letter, with nothing in them that could mean anything but itself.
_LINE = r"[^\W\d_](?:[^\W_]|[ .,;:?!'\"()/%–—‘’“”…-])*+(?<! )"  # noqa: RUF001  -- quotes as people type them
_UNMARKED = re.compile(rf"{_LINE}(?:\n+{_LINE})*+")
_GAP = re.compile(r"\n\n+")
_WHO, _END = "\x02", "\x03"
_MENTION = re.compile(r"(?<![\w@./-])@([a-z0-9]+(?:-[a-z0-9]+)*)(?![\w@])", re.IGNORECASE)
_MENTIONED = re.compile(f"{_WHO}([^{_END}]*){_WHO}([^{_END}]*){_END}")
_LINE_END = re.compile(r"</(?:p|li|pre|blockquote)>|<(?:br|hr)>")
_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True)
class Rendered:
    """A text as HTML and as plain text. Who is mentioned stands by id in the one, as it was written in the other."""

    html: str
    text: str


def rendered(body: str, mentions: Mapping[str, str] = {}) -> Rendered:
    """`body` as HTML. `mentions` gives ids by the handle written after an @; any other @ is text."""
    is_unmarked = not mentions and _UNMARKED.fullmatch(body)
    made = _paragraphs(body) if is_unmarked else clean(_MARKDOWN.render(body, {"mentions": mentions}))
    return Rendered(made, plain(made))


def _paragraphs(unmarked: str) -> str:
    """What parser and allow-list make of a text in which there is nothing for them to do, as most of what is said."""
    blocks = (block.replace("\n", "<br>\n") for block in _GAP.split(unmarked))
    return "".join(f"<p>{block}</p>\n" for block in blocks)


def handles(body: str) -> list[str]:
    """Who might be meant: what stands after an @ anywhere but in code and links, small, in order."""
    if "@" not in body:  # hardly any text has one, and taking it apart is half of rendering it
        return []
    found: dict[str, None] = {}
    for block in _MARKDOWN.parse(body):
        for token in _texts(block.children or []):
            found |= dict.fromkeys(name.lower() for name in _MENTION.findall(token.content))
    return list(found)


def clean(html: str) -> str:
    """`html` with nothing in it but what is on the list; doing it twice changes nothing."""
    return _CLEANER.clean(html)


def named(html: str, name_of: Callable[[str], str]) -> Markup:
    """Stored HTML with names in place of ids."""

    def name(found: re.Match[str]) -> str:
        return f'<b class="kb-mention">@<bdi>{html_module.escape(name_of(found[1]))}</bdi></b>'

    return Markup(_MENTIONED.sub(name, html) if _WHO in html else html)  # noqa: S704  -- cleaned when it was stored


def plain(html: str) -> str:
    """The words of stored HTML, a line for each block; who is mentioned stands there as it was written."""
    said = _MENTIONED.sub(lambda found: f"@{found[2]}", html)
    text = html_module.unescape(_TAG.sub("", _LINE_END.sub("\n", said)))
    return "\n".join(filter(None, map(str.strip, text.splitlines())))


def _texts(tokens: list[Token]) -> list[Token]:
    """The tokens that are text and not in a link."""
    found, inside = [], 0
    for token in tokens:
        inside += (token.type == "link_open") - (token.type == "link_close")
        if token.type == "text" and not inside:
            found.append(token)
    return found


def _parse_within_reason(state: StateCore) -> None:
    """Take apart what stands in each block. Past a number of marks that no writer needs, the rest stays as it is typed.

    Ten thousand opening brackets would take the parser most of a second.
    """
    marks = 0
    for block in state.tokens:
        if block.type != "inline":
            continue
        block.children = []
        marks += len(_MARK.findall(block.content))
        if marks > MOST_MARKS:
            block.children = _as_typed(block.content)
        else:
            state.md.inline.parse(block.content, state.md, state.env, block.children)


def _as_typed(text: str) -> list[Token]:
    first, *others = text.split("\n")
    pieces = [Token("text", "", 0, content=first)]
    for line in others:
        pieces += [Token("hardbreak", "br", 0), Token("text", "", 0, content=line)]
    return pieces


def _mark_mentions(state: StateCore) -> None:
    known: Mapping[str, str] = state.env.get("mentions", {})
    if not known:
        return
    for block in state.tokens:
        if block.children and "@" in block.content:
            plain = set(map(id, _texts(block.children)))
            block.children = [
                piece
                for token in block.children
                for piece in (_parted(token, known) if id(token) in plain else [token])
            ]


def _parted(token: Token, known: Mapping[str, str]) -> list[Token]:
    """A text with each mention a piece of its own."""
    pieces, at = [], 0
    for found in _MENTION.finditer(token.content):
        person = known.get(found[1].lower())
        if person:
            pieces.append(Token("text", "", 0, content=token.content[at : found.start()]))
            pieces.append(Token("text", "", 0, content=f"{_WHO}{person}{_WHO}{found[1]}{_END}"))
            at = found.end()
    return [*pieces, Token("text", "", 0, content=token.content[at:])]


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "breaks": True})
    parser.enable("strikethrough")
    # A heading would be one of the page's; a picture would be fetched from wherever its writer likes.
    parser.disable(["heading", "lheading", "html_block", "html_inline", "image"])
    parser.core.ruler.at("inline", _parse_within_reason)
    parser.core.ruler.push("mentions", _mark_mentions)
    return parser


_MARKDOWN = _parser()
_CLEANER = nh3.Cleaner(
    tags=set(TAGS), attributes=ATTRIBUTES, url_schemes=set(SCHEMES), link_rel=REL, strip_comments=True
)
