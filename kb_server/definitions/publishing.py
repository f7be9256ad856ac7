"""With each build that is published: its new wordings are kept, with who brought them in and why, and all is settled.

Asking git takes time, so that is done before the transaction that publishes, and only for wordings never seen before.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime

import sqlalchemy as sa

from kb_server.definitions import checking, pages, service, storage
from kb_server.definitions.models import Facts, Wording
from kb_server.pages.manifest import Page
from kb_server.people import service as people
from kb_server.people.roster import Roster
from kb_server.people.secret import stamp
from kb_server.wiki.history import Change

Origin = Callable[[Page], Change | None]
"""The commit that brought in what binds on a page now; None where nobody knows."""

LONGEST_WHY = 2_000
_BROKEN = re.compile(r"[ \t]*\n(?![ \t]|[-*+•]|\d+[.)])[ \t]*")
"""The end of a line behind which no item of a list follows."""
_TRAILER = re.compile(r"^[A-Za-z][A-Za-z-]*:[ \t]")
_DECLARED = re.compile(r"(?mi)^wording:[ \t]*([a-z0-9-]+(?:[ \t]*,[ \t]*[a-z0-9-]+)*)[ \t\r]*$")
"""A line that has names and nothing else: a sentence that begins with this word declares nothing."""


@dataclass(slots=True)
class Plan:
    """The definitions of a build, their new wordings, and by whom (a handle, or "") each was brought in.

    ``declared`` are those of which a commit says that only their wording is new; ``language`` is the build's.
    """

    roster: Roster
    facts: list[Facts] = field(default_factory=list)
    new: list[tuple[Wording, str]] = field(default_factory=list)
    declared: set[str] = field(default_factory=set)
    pages: list[Page] = field(default_factory=list)
    language: str = ""


def plan(  # noqa: PLR0913  -- all that a build is
    connection: sa.Connection, build: str, found: Iterable[Page], roster: Roster, origin: Origin, *, language: str = ""
) -> Plan:
    """Find out what is new in a build. What is not known to be in a language with lists is never wording only."""
    made, known = Plan(roster, pages=list(found), language=language), storage.known_wordings(connection)
    made.facts = pages.facts_in(made.pages)
    fresh = [page for page in made.pages if page.binding and page.term and (page.id, page.binding) not in known]
    with ThreadPoolExecutor(os.cpu_count()) as asked:  # a first build may have thousands, and git takes its time
        for page, change in zip(fresh, asked.map(origin, fresh), strict=True):
            if wording := pages.wording_of(page, build):
                _note(made, wording, change)
    return made


def publish(connection: sa.Connection, made: Plan, now: datetime) -> None:
    """Keep what is new, and tell what has come of what was agreed before; in the transaction that publishes."""
    handles = {handle for _, handle in made.new if handle}
    known = people.people_for(connection, handles, made.roster, now) if handles else {}
    authors = {handle: person.id for handle, person in known.items()}
    storage.keep(
        connection,
        (replace(wording, at=wording.at or stamp(now), person=authors.get(handle, "")) for wording, handle in made.new),
    )
    service.settle_all(connection, made.facts, now)
    for facts in made.facts:
        if facts.page in made.declared:
            service.declare_by_commit(connection, facts, now, made.language)
    checking.note(connection, made.pages)


def _note(made: Plan, wording: Wording, change: Change | None) -> None:
    if change is None:
        made.new.append((wording, ""))
        return
    handle = made.roster.by_email(change.email)
    made.new.append((replace(wording, commit=change.commit, why=why(change.message)), handle))
    if change.is_merged and wording.page in declared_in(change.message):
        made.declared.add(wording.page)


def why(message: str) -> str:
    """What a commit says of itself, without its trailers; lines that were broken for a terminal are whole again."""
    paragraphs = message.strip().split("\n\n")
    if len(paragraphs) > 1 and all(_TRAILER.match(line) for line in paragraphs[-1].splitlines()):
        paragraphs.pop()
    return "\n\n".join(_BROKEN.sub(" ", one) for one in paragraphs)[:LONGEST_WHY]


def declared_in(message: str) -> set[str]:
    """The definitions that a commit says read otherwise and mean the same: ``Wording: qualified-lead``."""
    return {name for line in _DECLARED.findall(message) for name in re.findall(r"[a-z0-9-]+", line)}
