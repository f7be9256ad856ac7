"""Applying a suggestion: who may, from where the texts are read, how it gets to the forge, and what is written of it.

The forge is asked between two transactions and never within one: it may take half a minute.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import sqlalchemy as sa

from kb_server.config import Settings
from kb_server.errors import Conflict, Invalid, NotFound
from kb_server.forges import proposing
from kb_server.forges.choosing import path_in
from kb_server.forges.models import OPEN as IS_OPEN
from kb_server.forges.models import Forge, Proposal
from kb_server.pages.manifest import Page
from kb_server.people import storage as persons
from kb_server.people.models import Actor
from kb_server.people.permissions import Thing, may, require
from kb_server.suggestions import acts, answering, states
from kb_server.suggestions.applying import saying
from kb_server.suggestions.applying.putting import Put, Read, put, stand
from kb_server.suggestions.edits import storage
from kb_server.suggestions.edits.beginning import docs_of
from kb_server.suggestions.edits.models import KeptEdit
from kb_server.suggestions.finding import url_of
from kb_server.suggestions.models import OPEN, TO_COME, Given, Suggestion
from kb_server.suggestions.states import PLAN
from kb_server.wiki import committing
from kb_server.wiki.editing.refusing import Refused
from kb_server.wiki.git import GitError
from kb_server.words import t
from kb_server.writing.models import By

RIGHT = "suggestion.apply"
WITHIN = timedelta(days=7)
"""By when whoever applies it will have seen to it."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A suggestion that is to be applied, with its edits, and who suggested it: they are the author of the commit."""

    suggestion: Suggestion
    edits: Sequence[KeptEdit]
    name: str
    email: str

    @property
    def message(self) -> str:
        """What the commit says."""
        return saying.message(self.suggestion, self.name)


@dataclass(frozen=True, slots=True)
class Source:
    """Where texts are read: at the commit ``start``, "" where that cannot be told."""

    read: Read
    start: str = ""


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
    """With who suggested it, by name and address; one that nobody has where the wiki knows none."""
    person = persons.person(connection, one.author)
    host = urlsplit(settings.base_url).hostname or "localhost"
    name = person.name if person and not person.erased else ""
    return Wanted(one, edits, saying.plain(name), (person.email if person else "") or f"noreply@{host}")


def _thing(one: Suggestion, edits: Sequence[KeptEdit], pages: Mapping[str, Page]) -> Thing:
    """Whoever owns all pages it is about, and the team that was asked."""
    found = [pages.get(edit.page) for edit in edits]
    owners = {str(page.meta.get("owner") or "") if page else "" for page in found}
    return Thing(one.author, owner=owners.pop() if len(owners) == 1 else "", teams=(one.to_team,))


def source_of(settings: Settings, forge: Forge | None) -> Source | None:
    """Where the texts are as they stand now: at the forge, or in the wiki's folder; None where the server has neither.

    Raises ForgeError.
    """
    if forge:
        start = forge.head(settings.branch)
        return Source(lambda path: forge.file(path_in(settings, path), start), start)
    home = settings.config_file.parent
    if not settings.config_file.is_file():
        return None
    try:
        start = committing.tip(home, settings.branch)
    except GitError:
        return Source(lambda path: _file(home, path))
    return Source(lambda path: committing.text(home, start, path), start)


def _file(home: Path, path: str) -> str | None:
    """The text of a file of the wiki's that is one, and where it says."""
    file = home / path
    if not file.is_file() or file.resolve() != home.resolve() / path:
        return None
    try:
        return file.read_bytes().decode()
    except ValueError:
        return None


def change(ready: Wanted, source: Source, pages: Mapping[str, Page]) -> Put:
    """The files with the edits in them. Raises Invalid."""
    return _put(ready, source.read, docs_of(pages.values()))


def _put(ready: Wanted, read: Read, docs: str) -> Put:
    try:
        return put(ready.edits, read, docs)
    except Refused as error:
        raise Invalid(t("apply.refused", title=ready.suggestion.name, what=str(error))) from error


def is_open(forge: Forge, ready: Wanted) -> bool:
    """Whether it waits at the forge to be merged. Raises ForgeError."""
    known = place(ready.edits)
    return bool(known) and proposing.state(forge, known) == IS_OPEN


def bring(settings: Settings, forge: Forge, ready: Wanted, start: str, made: Put) -> str:
    """Have the forge open the pull request after the commit `start`; gives its address. Raises ForgeError."""

    def is_there(branch: str) -> bool:
        return stand(ready.edits, lambda path: forge.file(path_in(settings, path), branch))

    return proposing.propose(forge, _proposal(settings, ready, start, made), is_there)


def _proposal(settings: Settings, ready: Wanted, start: str, made: Put) -> Proposal:
    one, root = ready.suggestion, settings.base_url
    return Proposal(
        branch=saying.branch(one),
        base=settings.branch,
        start=start,
        title=saying.request_title(one),
        body=saying.body(one, ready.name, f"{root}{url_of(one.number)}" if root else "", is_new=bool(made.new)),
        message=ready.message,
        author_name=ready.name,
        author_email=ready.email,
        files={path_in(settings, path): text for path, text in made.files.items()},
        new=frozenset(path_in(settings, path) for path in made.new),
    )


def record(connection: sa.Connection, by: By, ready: Wanted, address: str) -> None:
    """Write where it is proposed, and answer it where it still waits. Raises Conflict where its text is another now."""
    one = acts.present(connection, by, ready.suggestion)
    edits = storage.edits_of(connection, one.number)
    if [edit.after for edit in edits] != [edit.after for edit in ready.edits]:
        raise Conflict(t("apply.other"))
    if all(edit.applied == address for edit in edits):
        return
    storage.mark_applied(connection, one.number, [edit.position for edit in edits], address)
    acts.log(connection, by, "applied", one)
    if one.state in OPEN and PLAN in states.may_act(by.actor, one):
        day = (by.now + WITHIN).date().isoformat()
        answering.act(connection, by, one, Given(PLAN, owner=by.actor.id, by_when=day, version=one.version))
