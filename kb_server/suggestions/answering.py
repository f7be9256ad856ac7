"""What becomes of a suggestion: every act of the table in `states`, with what must be given and what follows of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, timedelta

import sqlalchemy as sa

from kb_server.errors import Conflict, Invalid
from kb_server.people import service as people
from kb_server.people import storage as persons
from kb_server.people.permissions import require
from kb_server.people.secret import stamp
from kb_server.suggestions import acts, finding, merging, remarks, states, storage, timing
from kb_server.suggestions.acts import Told
from kb_server.suggestions.closing import storage as landed
from kb_server.suggestions.closing.models import NOT_YET
from kb_server.suggestions.faults import Stale, Wrong
from kb_server.suggestions.models import MORE, OPEN, WAITING, Given, Suggestion
from kb_server.suggestions.states import BACK, DECLINE, DELIVER, FINISH, JOIN, PART, PLAN, REOPEN, TELL, UNDO, Row
from kb_server.words import t
from kb_server.writing import pace, text
from kb_server.writing.models import By, Said
from kb_server.writing.sending import Sending

ANSWERS = (PLAN, DECLINE, JOIN, FINISH, DELIVER)
"""Acts that answer a suggestion for good, and so say whether it was answered in time."""


@dataclass(frozen=True, slots=True)
class Ready:
    """What was given, made ready."""

    words: text.Ready | None = None
    owner: str = ""
    by_when: str = ""
    into: int = 0


def act(connection: sa.Connection, by: By, suggestion: Suggestion, given: Given) -> Suggestion:
    """Do one of the acts of the table; gives the suggestion as it is then. Raises Stale, Conflict, Wrong, NotFound."""
    before = acts.present(connection, by, suggestion)
    said = Said(given.words, given.key, given.strict)
    target = f"{before.name} {given.act} {given.owner} {given.by_when} {given.into}"
    send = Sending(by, said, target)
    if send.before(connection):
        return before
    row = _row(by, before, given)
    ready = _ready(connection, by, before, row, given)
    (pace.spend if ready.words else pace.spend_small)(connection, by)
    now = after(by, before, row, ready)
    storage.stand(connection, now)
    if now.state not in OPEN:  # nobody need say whether a change finishes it
        landed.answer(connection, now.number, NOT_YET)
    remark = remarks.write(connection, by, now, ready.words, act=row.act) if ready.words else None
    merging.recount(connection, before.into or now.into)
    told = more(before, now, row) | ({"applied": True} if given.applied else {})
    acts.log(connection, by, row.verb, now, Told(remark.id if remark else "", ready.words), **told)
    send.remember(connection, before.name)
    finding.put(connection, now)
    return now


def _row(by: By, before: Suggestion, given: Given) -> Row:
    """The row of the table that this is. Raises Wrong, Forbidden, Stale, Conflict, in this order."""
    rows = list(states.rows(given.act))
    if not rows:
        raise Wrong("act", t("suggestions.no_act"))
    of_state = [row for row in rows if before.state in row.of]
    mine = [row for row in of_state or rows if states.has_right(row, by.actor, before)]
    if not mine:
        right = (of_state or rows)[0].who[0]
        require(by.actor, right, states.thing(right, before))
    if given.version != before.version:
        raise Stale(before)
    if not of_state:
        raise Conflict(t("suggestions.closed"))
    return mine[0]


def _ready(connection: sa.Connection, by: By, before: Suggestion, row: Row, given: Given) -> Ready:
    """What was given, as far as this act takes it. Raises Wrong where something is missing or cannot be used."""
    return Ready(
        words=_words(connection, by, given.words, needed="words" in row.needs),
        owner=_owner(connection, by, given.owner) if "owner" in row.needs else "",
        by_when=_by_when(by, given.by_when) if "by_when" in row.needs else "",
        into=merging.root(connection, before, given.into).number if "into" in row.needs else 0,
    )


def _words(connection: sa.Connection, by: By, typed: str, *, needed: bool) -> text.Ready | None:
    if not needed and not typed.strip():
        return None
    try:
        return text.ready(connection, by, typed)
    except Invalid as problem:
        raise Wrong("words", str(problem)) from problem


def _owner(connection: sa.Connection, by: By, named: str) -> str:
    if named in by.roster.people:
        return people.person_for(connection, named, by.roster, by.now).id
    found = persons.person(connection, named) if named and named.isprintable() else None
    if found is None or found.erased:
        raise Wrong("owner", t("suggestions.no_owner"))
    return found.id


def _by_when(by: By, typed: str) -> str:
    """A day that is still to come, wherever on earth it is counted."""
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        raise Wrong("by_when", t("suggestions.no_day")) from None
    if day < by.now.astimezone(UTC).date() - timedelta(days=1):
        raise Wrong("by_when", t("suggestions.past_day"))
    return day.isoformat()


def after(by: By, before: Suggestion, row: Row, ready: Ready) -> Suggestion:
    """The suggestion as the act leaves it."""
    to = before.before if row.to == states.BEFORE else row.to
    now = timing.answered(before, by) if row.act in ANSWERS else before
    now = replace(timing.stopped(now, by), state=to, since=stamp(by.now), version=before.version + 1)
    return _FOLLOWS[row.act](now, by, before, ready) if row.act in _FOLLOWS else now


def _planned(now: Suggestion, _by: By, _before: Suggestion, ready: Ready) -> Suggestion:
    return replace(now, owner=ready.owner, by_when=ready.by_when)


def _nobodys(now: Suggestion, _by: By, _before: Suggestion, _ready: Ready) -> Suggestion:
    return replace(now, owner="", by_when="")


def _joined(now: Suggestion, _by: By, before: Suggestion, ready: Ready) -> Suggestion:
    return replace(now, into=ready.into, before=before.state)


def _parted(now: Suggestion, by: By, _before: Suggestion, _ready: Ready) -> Suggestion:
    now = replace(now, into=0, before="")
    if now.state == WAITING:
        return timing.resumed(now, by)
    return replace(now, answered_at="", in_time="") if now.state == MORE else now


def _told(now: Suggestion, by: By, _before: Suggestion, _ready: Ready) -> Suggestion:
    return timing.resumed(now, by)


def _reopened(now: Suggestion, by: By, _before: Suggestion, _ready: Ready) -> Suggestion:
    return timing.begun(replace(now, owner="", by_when=""), by)


_FOLLOWS: Mapping[str, Callable[[Suggestion, By, Suggestion, Ready], Suggestion]] = {
    PLAN: _planned,
    DECLINE: _nobodys,
    BACK: _nobodys,
    JOIN: _joined,
    PART: _parted,
    TELL: _told,
    REOPEN: _reopened,
    UNDO: _reopened,
}


def more(before: Suggestion, now: Suggestion, row: Row) -> dict[str, object]:
    """What the log tells of this act besides."""
    told: dict[str, object] = {}
    if row.act == PLAN:
        told |= {"owner": now.owner, "by_when": now.by_when}
    if row.act in (JOIN, PART):
        told["into"] = now.into or before.into
    if row.act in ANSWERS:
        told["in_time"] = now.in_time
    return told
