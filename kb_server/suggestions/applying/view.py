"""What is handed over where the wiki cannot apply it, and the three texts where one has changed meanwhile."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from kb_server.config import Settings
from kb_server.forges.choosing import editor_url
from kb_server.pages.comparing import Row, rows
from kb_server.pages.manifest import Page
from kb_server.suggestions.applying.service import Wanted
from kb_server.suggestions.edits.models import KeptEdit
from kb_server.words import t
from kb_server.writing.differing import marked


@dataclass(frozen=True, slots=True)
class Handed:
    """A text to be put in its place by hand: ``text`` is all of a new file, or the section. ``url`` is the editor's."""

    edit: KeptEdit
    what: str
    text: str
    url: str
    rows: int


@dataclass(frozen=True, slots=True)
class Three:
    """A section as it was read, as somebody suggested it, and as it is now; "" where it is not there any more.

    In the second stands marked what would change of the first, and in the third what has.
    """

    edit: KeptEdit
    read: Sequence[Markup]
    wanted: Sequence[Markup]
    now: Sequence[Markup]
    page: str
    section: str


def handed(ready: Wanted, pages: Mapping[str, Page], settings: Settings) -> list[Handed]:
    """The texts of a suggestion, each with where it goes."""
    return [_handed(edit, pages.get(edit.page), settings) for edit in ready.edits]


def _handed(edit: KeptEdit, page: Page | None, settings: Settings) -> Handed:
    if edit.is_new_page:
        text, what = edit.file, t("apply.hand.page", path=edit.path)
    else:
        text, what = edit.after, t("apply.hand.section", title=edit.title, path=edit.path)
    own = page.edit_url if page and page.edit_url.startswith(("https://", "http://")) else ""
    url = editor_url(settings, edit.path, is_new=edit.is_new_page) or own
    return Handed(edit, what, text, url, min(text.count("\n") + 2, 20))


def three(ready: Wanted, changed: Mapping[int, str]) -> list[Three]:
    """The texts of those edits that cannot be put in."""
    return [_three(edit, changed[edit.position]) for edit in ready.edits if edit.position in changed]


def _three(edit: KeptEdit, now: str) -> Three:
    """Of a page that was new, what was read is nothing."""
    return Three(
        edit,
        read=[escape(line) for line in edit.before.splitlines() if line.strip()],
        wanted=_differing(rows(edit.before, edit.after)),
        now=_differing(rows(edit.before, now)) if now else [],
        page=edit.page,
        section=edit.section,
    )


def _differing(found: Sequence[Row]) -> list[Markup]:
    """A text with what went and what came; `…` for lines that both have."""
    return [Markup("…") if row.left_out else marked(row.pieces) for row in found]
