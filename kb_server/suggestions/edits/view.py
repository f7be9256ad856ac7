"""What a suggestion would have the text say, as people see it: the words that go and the words that come."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from html import escape
from urllib.parse import unquote

import sqlalchemy as sa
from markupsafe import Markup

from kb_server.pages.comparing import Row, rows
from kb_server.pages.headings import candidates
from kb_server.suggestions.edits import finding, storage
from kb_server.suggestions.edits.models import KeptEdit
from kb_server.words import t
from kb_server.writing import markdown
from kb_server.writing.differing import marked
from kb_server.writing.models import MOST_BYTES
from kb_server.writing.places import Pages

PREVIEWED = 20_000
"""Characters of a text that are shown as they will look: of more, some take the renderer half a second."""
AT_ONCE = 400_000
"""Characters of texts that are compared for one list: of some, 100,000 take the twentieth of a second."""
MOST_BEFORE = 5
"""Times that what was suggested before is shown; all of it is there for programs."""
_LINK = re.compile(r'href="([^":#?]+\.md)(?=["#])')
_HEADING = re.compile(r"^#{1,6} +", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Line:
    """A line with what went and what came marked, or so many that are left out."""

    text: Markup
    same: bool
    left_out: int


@dataclass(frozen=True, slots=True)
class Shown:
    """An edit as it is shown. ``html`` is the text of a new page; ``stands`` whether its section is as it was read.

    ``anchor`` is that of the section today. ``is_there`` tells whether there is one at all, ``is_cut`` that its text is
    not shown here.
    """

    edit: KeptEdit
    page_title: str
    page_url: str
    anchor: str
    lines: Sequence[Line]
    html: Markup
    stands: bool
    is_there: bool = True
    is_cut: bool = False


@dataclass(frozen=True, slots=True)
class Before:
    """Edits as they were before their author changed them."""

    at: str
    edits: Sequence[Shown]


def shown(connection: sa.Connection, number: int, pages: Pages) -> list[Shown]:
    """What a suggestion would have the text say."""
    return [_shown(one, pages) for one in storage.edits_of(connection, number)]


def shown_of_these(connection: sa.Connection, numbers: Collection[int], pages: Pages) -> dict[int, list[Shown]]:
    """The same for each of these suggestions that carries any, as far as it is soon done. One query."""
    found, left = storage.edits_of_these(connection, numbers), AT_ONCE
    shown: dict[int, list[Shown]] = {}
    for number, edits in found.items():
        for one in edits:
            left -= len(one.before) + len(one.after)
            shown.setdefault(number, []).append(_shown(one, pages, is_cut=left < 0))
    return shown


def before(connection: sa.Connection, number: int, pages: Pages) -> list[Before]:
    """What it would have had it say before, the latest first and `MOST_BEFORE` of it."""
    found = storage.past_of(connection, number, MOST_BEFORE)
    return [Before(past.at, [_shown(one, pages) for one in past.edits]) for past in found]


def preview(text: str, path: str, pages: Pages, root: str = "") -> Markup:
    """A text about as the page will show it, by the rules of what people say: no tables, no boxes, no diagrams.

    Its links lead to the pages that the file at `path` means; `root` is where the site lies.
    """
    lines = text.replace("\r\n", "\n")[:PREVIEWED].split("\n")
    for one in candidates(lines, 0):
        if one.firm:
            lines[one.line] = f"**{one.text.strip()}**"
    if len(text) > PREVIEWED:
        lines += ["", f"*{t('edit.preview.cut')}*"]
    made = markdown.rendered("\n".join(lines)).html
    urls = {page.source_path: page.url for page in pages.values()}

    def led(link: re.Match[str]) -> str:
        url = urls.get(posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(link[1]))))
        return link[0] if url is None else f'href="{root}/{escape(url)}'

    return Markup(_LINK.sub(led, made))  # noqa: S704  -- cleaned, and addresses of our own


def stands(one: KeptEdit, pages: Pages) -> bool:
    """Whether its section is as it was read; a new page always is."""
    section = finding.section_now(one, pages)
    return one.is_new_page or (section is not None and section.source == one.before)


def _shown(one: KeptEdit, pages: Pages, *, is_cut: bool = False) -> Shown:
    page, section = pages.get(one.page), finding.section_now(one, pages)
    anchor = section.anchor if section else one.section
    return Shown(
        edit=one,
        page_title=page.title if page else "",
        page_url=(page.url + (f"#{anchor}" if anchor else "")) if page else "",
        anchor=anchor,
        lines=[] if one.is_new_page or is_cut else lines(one),
        html=preview(one.after, one.path, pages) if one.is_new_page and not is_cut else Markup(),
        stands=stands(one, pages),
        is_there=one.is_new_page or section is not None,
        is_cut=is_cut,
    )


def lines(one: KeptEdit) -> list[Line]:
    """What would change in the text of a section, word by word."""
    return _lines(_in_words(one.before, one.after))


def _in_words(before: str, after: str) -> list[Row]:
    """As they read where that is soon done; else, and where only a link or an emphasis is another, as written."""
    if max(len(before.encode()), len(after.encode())) <= MOST_BYTES:
        old, new = (_HEADING.sub("", markdown.rendered(text).text) for text in (before, after))
        if old != new:
            return rows(old, new)
    return rows(before, after)


def _lines(found: Iterable[Row]) -> list[Line]:
    return [Line(marked(row.pieces), row.same, row.left_out) for row in found]
