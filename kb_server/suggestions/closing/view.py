"""What became of a suggestion in the text, before and after; and the change that may have finished it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from markupsafe import Markup

from kb_server.pages.differences import pieces
from kb_server.pages.source import front_matter_lines
from kb_server.suggestions.closing import storage
from kb_server.suggestions.closing.models import Changed, Landing
from kb_server.suggestions.models import DONE, OPEN, Suggestion
from kb_server.words import day_of
from kb_server.writing import markdown
from kb_server.writing.differing import marked
from kb_server.writing.places import Pages

_HEADING = re.compile(r"^#{1,6} +", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Change:
    """A passage before and after, in words, with what went and what came marked; "" where there was or is none."""

    page_title: str
    page_url: str
    section: str
    before: Markup
    after: Markup


@dataclass(frozen=True, slots=True)
class Landed:
    """What a change made of the text and since when it is ``live``; or one that may have finished the suggestion."""

    changes: Sequence[Change] = ()
    live: str = ""
    asks: Landing | None = None


def landed(connection: sa.Connection, one: Suggestion, pages: Pages) -> Landed:
    """What landed of a suggestion, as far as it matters to how it stands now."""
    if one.state == DONE:
        found = storage.changes_of(connection, one.number)
        here = [change for change in found if change.page == one.page]  # else it was put right elsewhere
        return Landed([_change(change, pages) for change in here or found], day_of(one.since))
    return Landed(asks=storage.asking(connection, one.number)) if one.state in OPEN else Landed()


def _change(found: Changed, pages: Pages) -> Change:
    before, after = _in_words(found.before), _in_words(found.after)
    if before == after:  # what changed is a link or an emphasis: then only the source can show it
        before, after = found.before, found.after
    both = pieces(before, after)
    page = pages.get(found.page)
    return Change(
        page_title=page.title if page else "",
        page_url=page.url + (f"#{found.section}" if found.section else "") if page else "",
        section=found.section_title,
        before=marked(piece for piece in both if piece.kind != "in"),
        after=marked(piece for piece in both if piece.kind != "out"),
    )


def _in_words(source: str) -> str:
    """What a reader sees of it: without what a new page says about itself, and the marks of its headings."""
    if source.startswith("---"):
        source = "\n".join(source.split("\n")[front_matter_lines(source) :])
    return markdown.rendered(_HEADING.sub("", source)).text
