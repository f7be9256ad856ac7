"""Applying a suggestion: who may, what then becomes of the files, and what is written of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from urllib.parse import urlsplit

import sqlalchemy as sa

from kb_server.config import Settings
from kb_server.errors import Conflict, Invalid, NotFound
from kb_server.pages.manifest import Page
from kb_server.people import storage as persons
from kb_server.people.models import Actor, Person
from kb_server.people.permissions import Thing, may, require
from kb_server.suggestions import acts, answering, history, states
from kb_server.suggestions.applying import saying
from kb_server.suggestions.applying.putting import Put, Read, put
from kb_server.suggestions.applying.saying import Hand
from kb_server.suggestions.edits import storage
from kb_server.suggestions.edits.beginning import docs_of
from kb_server.suggestions.edits.models import KeptEdit
from kb_server.suggestions.models import OPEN, TO_COME, Given, Suggestion
from kb_server.suggestions.states import PLAN
from kb_server.wiki.editing.refusing import Refused
from kb_server.words import t
from kb_server.writing.models import By

RIGHT = "suggestion.apply"
WITHIN = timedelta(days=7)
"""By when whoever applies it will have seen to it."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A suggestion that is to be applied, with its edits, and who suggested it: they are the author of the commit.

    ``others`` have carried its texts over to those of today, and so have written them, too.
    """

    suggestion: Suggestion
    edits: Sequence[KeptEdit]
    name: str
    email: str
    others: tuple[Hand, ...] = ()

    @property
    def message(self) -> str:
        """What the commit says."""
        return saying.message(self.suggestion, self.name, self.others)


def place(edits: Sequence[KeptEdit]) -> str:
    """Where all of these are proposed already, "" for nowhere."""
    places = {edit.applied for edit in edits}
    found = places.pop() if len(places) == 1 else ""
    return found if found.startswith(("https://", "http://")) else ""


def may_apply(actor: Actor, suggestion: Suggestion, edits: Sequence[KeptEdit], pages: Mapping[str, Page]) -> bool:
    """Whether somebody may apply what a suggestion carries, as it stands now."""
    return (
        bool(edits)
        and not suggestion.hidden
        and suggestion.state in TO_COME
        and may(actor, RIGHT, _thing(suggestion, edits, pages))
    )


def wanted(
    connection: sa.Connection, actor: Actor, one: Suggestion, pages: Mapping[str, Page], settings: Settings
) -> Wanted:
    """What is to be applied. Raises Forbidden, NotFound, Conflict."""
    edits = storage.edits_of(connection, one.number)
    require(actor, RIGHT, _thing(one, edits, pages))
    if not edits or one.hidden:
        raise NotFound(t("apply.no_edits"))
    if one.state not in TO_COME:
        raise Conflict(t("suggestions.closed"))
    return written(connection, one, [_at_home(edit, pages) for edit in edits], settings)


def _at_home(edit: KeptEdit, pages: Mapping[str, Page]) -> KeptEdit:
    """Where its page lies today: files are renamed, and a page keeps its id."""
    page = pages.get(edit.page)
    return edit if edit.is_new_page or page is None or not page.source_path else replace(edit, path=page.source_path)


def written(connection: sa.Connection, one: Suggestion, edits: Sequence[KeptEdit], settings: Settings) -> Wanted:
    """With who wrote them, by name and address; one that nobody has where the wiki knows none."""
    host = urlsplit(settings.base_url).hostname or "localhost"
    whose = dict.fromkeys([one.author, *history.carried_by(connection, one)])
    (name, email), *others = (_hand(persons.person(connection, who), host) for who in whose)
    return Wanted(one, edits, name, email, tuple(others))


def _hand(person: Person | None, host: str) -> Hand:
    name = person.name if person and not person.erased else ""
    return saying.plain(name), (person.email if person else "") or f"noreply@{host}"


def _thing(one: Suggestion, edits: Sequence[KeptEdit], pages: Mapping[str, Page]) -> Thing:
    """Whoever owns all pages it is about, and the team that was asked."""
    found = [pages.get(edit.page) for edit in edits]
    owners = {str(page.meta.get("owner") or "") if page else "" for page in found}
    return Thing(one.author, owner=owners.pop() if len(owners) == 1 else "", teams=(one.to_team,))


def change(ready: Wanted, read: Read, pages: Mapping[str, Page]) -> Put:
    """The files with the edits in them. Raises Invalid."""
    try:
        return put(ready.edits, read, docs_of(pages.values()))
    except Refused as error:
        raise Invalid(t("apply.refused", title=ready.suggestion.name, what=str(error))) from error


def record(connection: sa.Connection, by: By, ready: Wanted, address: str) -> None:
    """Write where it is proposed, and answer it where it still waits. Raises Conflict where its text is another now."""
    one = acts.present(connection, by, ready.suggestion)
    edits = storage.edits_of(connection, one.number)
    if [edit.after for edit in edits] != [edit.after for edit in ready.edits]:
        raise Conflict(t("apply.other"))
    if all(edit.applied == address for edit in edits):
        return
    storage.mark_applied(connection, one.number, [edit.position for edit in edits], address)
    plans = one.state in OPEN and PLAN in states.may_act(by.actor, one)
    acts.log(connection, by, "applied", one, planned=plans)
    if plans:
        day = (by.now + WITHIN).date().isoformat()
        given = Given(PLAN, owner=by.actor.id, by_when=day, version=one.version, applied=True)
        answering.act(connection, by, one, given)
