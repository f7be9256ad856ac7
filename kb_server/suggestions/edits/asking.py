"""Suggesting how the text should read: what was typed is held against the rules, and kept with the suggestion."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

import sqlalchemy as sa

from kb_server.errors import Conflict, Invalid, NotFound
from kb_server.pages.manifest import Page, Section
from kb_server.people.permissions import require
from kb_server.people.secret import stamp
from kb_server.suggestions import acts, asking, states, storage
from kb_server.suggestions.edits import beginning
from kb_server.suggestions.edits import storage as edits
from kb_server.suggestions.edits.beginning import Wiki
from kb_server.suggestions.edits.forms import KEPT_PAGE
from kb_server.suggestions.edits.models import LONGEST_TOGETHER, MOST, KeptEdit, StaleEdit, Typed, WrongEdit
from kb_server.suggestions.faults import Stale
from kb_server.suggestions.models import OPEN, Asking, Suggestion
from kb_server.suggestions.states import AUTHOR
from kb_server.wiki.editing import rules
from kb_server.wiki.editing.refusing import Refused
from kb_server.words import t
from kb_server.writing import pace
from kb_server.writing.models import By

_MARKS = re.compile(r"([\\`*_\[\]<>&~#!])")
NAMED = 4
"""Sections that are named where a suggestion says nothing else."""


def section_of(pages: Mapping[str, Page], page_id: str, anchor: str) -> tuple[Page, Section]:
    """A section whose text can be changed. Raises NotFound, Invalid where it stands in no file or is too long."""
    page = pages.get(page_id)
    if page is None or page.shell:
        raise NotFound(t("talk.no_page"))
    found = next((one for one in page.sections if one.anchor == anchor), None)
    if found is None:
        raise Invalid(t("edit.no_section"))
    if not is_open(page, found):
        raise Invalid(t("edit.no_text"))
    if len(found.source.encode()) > rules.LONGEST:
        raise Invalid(t("edit.too_long", most=rules.LONGEST // 1000))
    return page, found


def is_open(page: Page, section: Section) -> bool:
    """Whether a section has a text in a file of the wiki."""
    return bool(section.lines and section.source.strip() and page.source_path)


def typed_of(pages: Mapping[str, Page], page_id: str, anchor: str) -> Typed:
    """The text of a section as it stands, to be changed. Raises what `section_of` raises."""
    _page, section = section_of(pages, page_id, anchor)
    return Typed(section.source, page_id, anchor, stamp_of(section.source))


def stamp_of(source: str) -> str:
    """What tells one text of a section from another."""
    return hashlib.sha256(source.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def ready(
    typed: Sequence[Typed], pages: Mapping[str, Page], wiki: Wiki, build: str, before: Sequence[KeptEdit] = ()
) -> list[KeptEdit]:
    """What was typed as edits that can be kept. Raises WrongEdit, StaleEdit, NotFound.

    `before` are the edits that are changed, where it is not a new suggestion.
    """
    if not 0 < len(typed) <= MOST:
        raise Invalid(t("edit.many", most=MOST))
    if sum(len(one.text.encode("utf-8", "surrogatepass")) for one in typed) > LONGEST_TOGETHER:
        raise Invalid(t("edit.many.long", most=LONGEST_TOGETHER // 1000))
    found: list[KeptEdit] = []
    for position, one in enumerate(typed):
        try:
            made = _made(one, pages, wiki, position, [*before, *found])
        except Refused as error:
            raise WrongEdit(str(error), position, error.line) from error
        except (Invalid, NotFound) as error:
            raise WrongEdit(str(error), position) from error
        if any((made.page, made.section) == (other.page, other.section) for other in found):
            raise WrongEdit(t("edit.twice"), position)
        found.append(replace(made, build=made.build or build, position=position))
    return found


def _made(one: Typed, pages: Mapping[str, Page], wiki: Wiki, position: int, before: Sequence[KeptEdit]) -> KeptEdit:
    """One text as an edit."""
    if one.kind == KEPT_PAGE:
        old = next((old for old in before if old.is_new_page and old.page == one.page), None)
        if old is None:
            raise NotFound(t("talk.no_page"))
        return replace(old, after=rules.check_page(one.text), applied="")
    return beginning.begun(one, wiki, before) if one.kind else _changed(one, pages, position, before)


def _changed(one: Typed, pages: Mapping[str, Page], position: int, before: Sequence[KeptEdit]) -> KeptEdit:
    """A section as it should be."""
    page, section = section_of(pages, one.page, one.section)
    if one.was != stamp_of(section.source):
        return _changed_before(one, before, section, position)
    at = page.sections.index(section)
    above, below = (_joined(part) for part in (page.sections[:at], page.sections[at + 1 :]))
    text = rules.check(section.source, one.text, above, below)
    first = section.lines[0] if section.lines else 0
    title = section.title or page.title
    return KeptEdit(page.source_path, section.source, text, first, title, page=page.id, section=section.anchor)


def _changed_before(one: Typed, before: Sequence[KeptEdit], section: Section, position: int) -> KeptEdit:
    """The same where the page has changed since it was suggested: it stays a change of what was read then."""
    for old in before:
        if (old.page, old.section, stamp_of(old.before)) == (one.page, one.section, one.was):
            return replace(old, after=rules.check(old.before, one.text), applied="")
    raise StaleEdit(t("edit.stale"), position, section.source)


def _joined(sections: Sequence[Section]) -> str:
    return "\n\n".join(section.source for section in sections if section.source)


def ask(connection: sa.Connection, by: By, wanted: Asking, changes: Sequence[KeptEdit]) -> Suggestion:
    """Suggest these edits. Raises what `asking.ask` raises."""
    said = wanted.said
    # The same words may go with another text, and are not the same thing said twice then.
    key = f"{said.key} {_digest(changes)}" if said.key else ""
    new = asking.ask(
        connection, by, replace(wanted, said=replace(said, body=said.body.strip() or sentence(changes), key=key))
    )
    if not edits.edits_of(connection, new.number):
        edits.add(connection, new.number, new.version, stamp(by.now), changes)
    return new


def change(
    connection: sa.Connection, by: By, suggestion: Suggestion, version: int, changes: Sequence[KeptEdit]
) -> Suggestion:
    """Suggest other edits instead; those of before are kept. Raises Stale, Conflict."""
    before = acts.present(connection, by, suggestion)
    require(by.actor, AUTHOR, states.thing(AUTHOR, before))
    if before.state not in OPEN:
        raise Conflict(t("edit.closed"))
    return keep(connection, by, before, version, changes, "edited")


def keep(  # noqa: PLR0913, PLR0917  -- of what, by whom, and what the log says
    connection: sa.Connection, by: By, before: Suggestion, version: int, changes: Sequence[KeptEdit], verb: str
) -> Suggestion:
    """Let these be its edits from now on; those of before are kept. Raises Stale."""
    if edits.edits_of(connection, before.number) == list(changes):
        return before
    if version != before.version:
        raise Stale(before)
    pace.spend(connection, by)
    now = replace(before, version=before.version + 1, edited_at=stamp(by.now))
    storage.change(connection, now.number, version=now.version, edited_at=now.edited_at)
    edits.add(connection, now.number, now.version, now.edited_at, changes)
    acts.log(connection, by, verb, now)
    return now


def sentence(changes: Sequence[KeptEdit]) -> str:
    """What a suggestion asks for that says nothing else: it has to be named in lists, in mail and in search."""
    names = [_plain(one.title) for one in changes]
    if len(changes) == 1:
        return t("edit.says.page", title=names[0]) if changes[0].is_new_page else t("edit.says", title=names[0])
    shown = ", ".join(names[:NAMED]) + (" …" if len(names) > NAMED else "")
    return t("edit.says.several", count=len(changes), titles=shown)


def _plain(title: str) -> str:
    """A title as words of a text in Markdown; nobody is meant by it."""
    return _MARKS.sub(r"\\\1", title.replace("@", ""))


def _digest(changes: Sequence[KeptEdit]) -> str:
    return stamp_of("\0".join(part for one in changes for part in (one.path, one.section, one.after)))
