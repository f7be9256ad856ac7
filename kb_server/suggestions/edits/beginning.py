"""A page that is not there yet: where it will lie, by what it will be known, and with what somebody begins to write."""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from kb_server.errors import Invalid
from kb_server.pages.manifest import Page
from kb_server.suggestions.edits.models import KeptEdit, Typed
from kb_server.wiki import kinds
from kb_server.wiki.editing import rules
from kb_server.wiki.frontmatter import KINDS
from kb_server.wiki.ids import slug, unique
from kb_server.words import t
from kb_server.writing import text

LONGEST_NAME = 120
OFFERED = tuple(kind for kind in KINDS if kind != "webinar")
"""Kinds of which anybody may begin a page."""
_HIDDEN = re.compile(r"<!--.*?-->\n*", re.DOTALL)
_END = "\n---\n\n"


@dataclass(frozen=True, slots=True)
class Wiki:
    """What has to be known of a wiki to begin a page in it; ``home`` need not be there."""

    pages: Collection[Page]
    teams: Collection[str]
    home: Path
    today: date


def template(kind: str, wiki: Wiki) -> str:
    """The text to begin with, below the front matter; without remarks that only whoever has the file should see."""
    _front, body = _parted(kinds.page(_beginning(Typed("", kind=kind, name="x"), "x", wiki), wiki.home))
    return _HIDDEN.sub("", body).strip("\n")


def begun(typed: Typed, wiki: Wiki, others: Iterable[KeptEdit] = ()) -> KeptEdit:
    """The page that somebody wants there. Raises Invalid, Refused."""
    name = checked(typed, wiki)
    beside = list(others)
    page_id = unique(slug(name), {page.id for page in wiki.pages} | {one.page for one in beside})
    docs = docs_of(wiki.pages)
    files = {page.source_path for page in wiki.pages} | {one.path for one in beside}
    path = rules.check_path(posixpath.join(docs, _folder(typed.kind, docs, wiki), f"{slug(name)}.md"), docs, files)
    front, _body = _parted(kinds.page(_beginning(typed, page_id, wiki, name), wiki.home))
    return KeptEdit(path, "", rules.check_page(typed.text), 0, name, page=page_id, front=front)


def checked(typed: Typed, wiki: Wiki) -> str:
    """The title of a page somebody wants, on one line, once all that is said of it can be. Raises Invalid."""
    name = text.line(typed.name)
    if not name or len(name) > LONGEST_NAME or not slug(name):
        raise Invalid(t("edit.page.no_name", most=LONGEST_NAME))
    if typed.kind not in OFFERED:
        raise Invalid(t("edit.page.no_kind"))
    if not set(typed.teams) <= set(wiki.teams):
        raise Invalid(t("suggestions.no_team"))
    return name


def docs_of(pages: Collection[Page]) -> str:
    """The folder of the wiki in which its pages lie: that of the page at its root."""
    home = next((page for page in pages if page.url == ""), None)
    return posixpath.dirname(home.source_path) if home else ""


def _beginning(typed: Typed, page_id: str, wiki: Wiki, name: str = "") -> kinds.Beginning:
    return kinds.Beginning(typed.kind, page_id, name or typed.name, typed.teams, "", wiki.today)


def _parted(page: str) -> tuple[str, str]:
    """The front matter with what holds it off from the text, and the text."""
    front, end, body = page.partition(_END)
    return front + end, body


def _folder(kind: str, docs: str, wiki: Wiki) -> str:
    """Where most pages of this kind lie, below the folder of pages."""
    there = Counter(
        posixpath.dirname(posixpath.relpath(page.source_path, docs or "."))
        for page in wiki.pages
        if page.kind == kind and not page.shell and page.source_path
    )
    if kind == "page" or not there:
        return kinds.FOLDERS.get(kind, "")
    return there.most_common(1)[0][0]
