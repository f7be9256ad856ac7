"""Carrying a suggested text over: what is behind the pages of today, who may, and what is then suggested.

Nothing is merged. Somebody reads what was suggested, changes the text of today accordingly, and that is what is
suggested from then on; all that was suggested before is kept with it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import sqlalchemy as sa

from kb_server.errors import Conflict, Invalid, NotFound
from kb_server.pages.manifest import Page
from kb_server.people.models import Actor
from kb_server.people.permissions import may, require
from kb_server.suggestions import acts, states
from kb_server.suggestions.applying import service as applying
from kb_server.suggestions.edits import asking, finding
from kb_server.suggestions.edits.models import KeptEdit, WrongEdit
from kb_server.suggestions.models import TO_COME, Suggestion
from kb_server.suggestions.states import AUTHOR
from kb_server.words import t
from kb_server.writing.models import By


def may_carry(actor: Actor, one: Suggestion, edits: Sequence[KeptEdit], pages: Mapping[str, Page]) -> bool:
    """Whether somebody may say how a suggested text reads in the page of today: its author, or who may apply it."""
    is_theirs = may(actor, AUTHOR, states.thing(AUTHOR, one))
    is_open = one.state in TO_COME and not one.hidden
    return is_open and (is_theirs or applying.may_apply(actor, one, edits, pages))


def refuse(actor: Actor, one: Suggestion, edits: Sequence[KeptEdit], pages: Mapping[str, Page]) -> None:
    """Raise Forbidden, Conflict or NotFound unless somebody may carry something of it over."""
    if one.state not in TO_COME:
        raise Conflict(t("suggestions.closed"))
    if not applying.may_apply(actor, one, edits, pages):
        require(actor, AUTHOR, states.thing(AUTHOR, one))
    if not edits:
        raise NotFound(t("apply.no_edits"))
    if not behind(edits, pages):
        raise Conflict(_why_not(edits, pages))


def behind(edits: Sequence[KeptEdit], pages: Mapping[str, Page]) -> list[KeptEdit]:
    """Those of which the section is there, and does not read as it did."""
    return [one for one in edits if _now(one, pages) not in {None, one.before}]


def gone(edits: Sequence[KeptEdit], pages: Mapping[str, Page]) -> list[KeptEdit]:
    """Those of which the section is not there."""
    return [one for one in edits if _now(one, pages) is None]


def _why_not(edits: Sequence[KeptEdit], pages: Mapping[str, Page]) -> str:
    """Why there is nothing to carry over."""
    new = {one.path for one in edits if one.is_new_page}
    if any(page.source_path in new for page in pages.values()):
        return t("carry.there")
    return t("apply.changed.gone") if gone(edits, pages) else t("carry.same")


def _now(edit: KeptEdit, pages: Mapping[str, Page]) -> str | None:
    """How the section reads; None where none is there. A page that is not there yet is as it was."""
    found = finding.section_now(edit, pages)
    return edit.before if edit.is_new_page else found.source if found else None


def place_of(edit: KeptEdit, pages: Mapping[str, Page]) -> tuple[str, str]:
    """Page and section of today that an edit is about."""
    found = finding.section_now(edit, pages)
    return edit.page, found.anchor if found else edit.section


def carried(edits: Sequence[KeptEdit], found: Sequence[KeptEdit], pages: Mapping[str, Page]) -> list[KeptEdit]:
    """What is suggested then: what still stands, and what was written in place of what does not.

    Raises Invalid where nothing is left, WrongEdit where something was written of what is no part of it any more.
    """
    written = {(one.page, one.section): one for one in found}
    # Two may have come to be about one section: it is suggested once.
    places = {place_of(edit, pages): edit for edit in edits}
    for place, one in written.items():
        if place not in places:
            raise WrongEdit(t("carry.other"), one.position)
    left_out = {place_of(one, pages) for one in (*behind(edits, pages), *gone(edits, pages))} - written.keys()
    now = [written.get(place, edit) for place, edit in places.items() if place not in left_out]
    if not now:
        raise Invalid(t("carry.nothing"))
    return [replace(one, position=position, applied="") for position, one in enumerate(now)]


def carry(
    connection: sa.Connection, by: By, suggestion: Suggestion, version: int, changes: Sequence[KeptEdit]
) -> Suggestion:
    """Suggest these edits from now on; those of before are kept. Raises Stale, Conflict where that is closed by now."""
    before = acts.present(connection, by, suggestion)
    if before.state not in TO_COME:
        raise Conflict(t("suggestions.closed"))
    return asking.keep(connection, by, before, version, changes, "carried")
