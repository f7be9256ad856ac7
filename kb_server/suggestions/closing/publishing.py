"""With each build that is published: what its commits say of suggestions comes about, once.

Only what is on the trusted branch counts, so that nobody closes anything by a branch, a fork or a preview of their own.
Asking git takes time, so that is done before the transaction that publishes.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa

from kb_server.activity.storage import THE_BUILD
from kb_server.db import meta
from kb_server.pages.manifest import Page, Section
from kb_server.people import service as people
from kb_server.people.models import Actor
from kb_server.people.roster import Roster
from kb_server.people.secret import stamp
from kb_server.suggestions import acts, reading
from kb_server.suggestions.closing import ending, storage
from kb_server.suggestions.closing.folding import Fold, Outcome
from kb_server.suggestions.closing.models import NOT_YET, Changed
from kb_server.suggestions.models import OPEN
from kb_server.suggestions.states import DELIVER, UNDO
from kb_server.wiki.git import GitError
from kb_server.wiki.landed import commits, passages
from kb_server.wiki.landed.commits import Commit
from kb_server.writing.models import By

LANDED = "suggestions.landed"
"""Under this name the store knows the commit up to which all was read."""
MOST_CHANGES = 6
"""Passages that are kept of a change; who wants all of them looks at the commit."""
LONGEST = 8_000
"""Characters of a passage that are kept, before and after each."""
MOST_CLOSING = 200
"""Changes of one build whose passages are read."""
MOST_ASKED = 1_000
"""Suggestions that one statement asks for."""

SHALLOW = (
    "This clone is shallow and may lack commits since the last build: what they say of suggestions waits until they "
    "are here. Clone with the whole history (fetch-depth: 0, GIT_DEPTH: 0, git fetch --unshallow), and publish again."
)

log = logging.getLogger("kb.publish")


@dataclass(frozen=True, slots=True)
class Plan:
    """What a build brings: its ``head`` is read after ``last``; ``changed`` is what each commit that closes changed.

    Up to ``until`` all is read then: its head, or no further than before where the clone may lack commits.
    """

    last: str
    head: str
    until: str
    commits: Sequence[Commit] = ()
    is_rewritten: bool = False
    changed: Mapping[str, Sequence[Changed]] = field(default_factory=dict)


def plan(connection: sa.Connection, folder: Path, head: str, branch: str, pages: Iterable[Page]) -> Plan | None:
    """Find out what a build's commits say of suggestions; None where nothing is to be read.

    `folder` is that of the wiki, in whose repository `head` is the build's commit.
    """
    last = meta.value(connection, LANDED)
    if not head or head == last or commits.is_part(folder, head, last):
        return None
    if not commits.is_within(folder, head, branch):
        log.warning("Commit %.10s is not on %s: what it says of suggestions waits until it is.", head, branch)
        return None
    if not last:  # what was said before there were suggestions is not about these
        return Plan(last, head, head)
    try:
        found, goes_on = commits.between(folder, last, head)
        lacks = commits.lacks(folder, last, head)
    except GitError as error:
        log.warning("What the new commits say of suggestions could not be read: %s.", error)
        return None
    closing = [commit for commit in found if commit.said.ends][-MOST_CLOSING:]
    known = list(pages)
    changed = {commit.id: _changed(passages.passages(folder, commit, MOST_CHANGES), known) for commit in closing}
    if lacks:
        log.warning("%s", SHALLOW)
    return Plan(last, head, last if lacks else head, found, not goes_on, changed)


def publish(connection: sa.Connection, made: Plan | None, roster: Roster, now: datetime) -> None:
    """Let come about what the commits of a build say; in the transaction that publishes it."""
    if made is None:
        return
    meta.set_value(connection, LANDED, made.until)
    if not made.commits:
        return
    fold = Fold(storage.all_landings(connection), is_rewritten=made.is_rewritten)
    for commit in made.commits:
        fold.add(commit)
    by = By(Actor(THE_BUILD), roster, now)
    makers = _makers(connection, made.commits, by)
    there = _there(connection, sorted({one.suggestion for one in fold.new} | set(fold.outcomes)))
    new = [one for one in fold.new if one.suggestion in there]
    storage.add(connection, (replace(one, person=makers.get(one.commit, ""), at=stamp(now)) for one in new))
    storage.mark(connection, fold.changed)
    for number, outcome in fold.outcomes.items():  # in order: two that are one by now end as the last commit says
        if number in there:
            _come_about(connection, by, number, outcome, made, makers)


def _there(connection: sa.Connection, numbers: Sequence[int]) -> set[int]:
    """Those that there are; commits can name more than a statement takes."""
    parts = (numbers[at : at + MOST_ASKED] for at in range(0, len(numbers), MOST_ASKED))
    return {number for part in parts for number in reading.suggestions_by_number(connection, part)}


def _come_about(  # noqa: PLR0913, PLR0917  -- one suggestion, and all that is known of what came
    connection: sa.Connection, by: By, number: int, outcome: Outcome, made: Plan, makers: Mapping[str, str]
) -> None:
    found = reading.root(connection, number)
    if found is None or found.hidden:
        return
    if (commit := outcome.closes) and ending.deliver(connection, by, found, DELIVER, _told(commit, makers)):
        storage.set_changes(connection, found.number, made.changed.get(commit.id, ()))
    if commit := outcome.reopens:
        ending.deliver(connection, by, found, UNDO, _told(commit, makers))
    if commit := outcome.asks:
        if found.state in OPEN and not outcome.closes:
            acts.log(connection, by, "referred", found, **_told(commit, makers))
        else:  # nobody is asked whether it is finished when it is
            storage.answer(connection, number, NOT_YET)


def _told(commit: Commit, makers: Mapping[str, str]) -> dict[str, object]:
    return {"commit": commit.id, "made_by": makers.get(commit.id, "")}


def _makers(connection: sa.Connection, found: Iterable[Commit], by: By) -> dict[str, str]:
    """Who made these commits, by the ids of both, as far as the wiki knows their addresses."""
    handles = {commit.id: handle for commit in found if (handle := by.roster.by_email(commit.email))}
    known = people.people_for(connection, handles.values(), by.roster, by.now) if handles else {}
    return {commit: known[handle].id for commit, handle in handles.items() if handle in known}


def _changed(found: Sequence[passages.Passage], pages: Sequence[Page]) -> list[Changed]:
    """Passages as they are kept, with the page and the section that they are in now."""
    by_path = {page.source_path: page for page in pages}
    kept = []
    for one in found[:MOST_CHANGES]:
        page = by_path.get(one.path)
        section = _section(page, one.line) if page else None
        anchor, title = (section.anchor, section.title) if section and section.anchor else ("", "")
        kept.append(Changed(page.id if page else "", anchor, title, one.before[:LONGEST], one.after[:LONGEST]))
    return kept


def _section(page: Page, line: int) -> Section | None:
    return next((one for one in page.sections if one.lines and one.lines[0] <= line <= one.lines[1]), None)
