"""Questions on the answer clock: which of them wait, which are late, and that one was passed on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from kb_server.activity.storage import THE_CLOCK
from kb_server.people.models import Actor
from kb_server.people.roster import Roster
from kb_server.people.samples import is_sample
from kb_server.threads import acts, reading
from kb_server.threads.models import OPEN
from kb_server.threads.questions import questions as table
from kb_server.threads.storage import threads
from kb_server.writing.models import By
from kb_server.writing.ticking import HEAD, Clocked, Waiting

_WAITING = sa.select(*(table.c[name] for name in ("thread", "team", "since", "left", "due", "passed")))
_IS_OPEN = sa.exists().where((threads.c.id == table.c.thread) & (threads.c.state == OPEN) & (threads.c.shown > 0))
# What is made up for a first visitor stays as it was made up: nobody gets mail of it.
_RUNS = (table.c.answered_at == "") & _IS_OPEN & ~is_sample(table.c.thread)


def _late(connection: sa.Connection, now: str) -> Sequence[Waiting]:
    query = _WAITING.where(_RUNS & (table.c.due < now) & (table.c.passed != HEAD))
    return _found(connection, query.order_by(table.c.due, table.c.thread))


def _running(connection: sa.Connection, team: str) -> Sequence[Waiting]:
    return _found(connection, _WAITING.where(_RUNS & (table.c.team == team) & (table.c.passed == "")))


def _put_off(connection: sa.Connection, waiting: Waiting, due: str, now: datetime) -> bool:
    return _changed(connection, waiting, due=due) and _log(connection, waiting, "thread.due_changed", now, due=due)


def _pass_on(connection: sa.Connection, waiting: Waiting, to: str, now: datetime) -> bool:
    more = {"passed": to, "team": waiting.team, "due": waiting.due}
    return _changed(connection, waiting, passed=to) and _log(connection, waiting, "thread.late", now, **more)


def _changed(connection: sa.Connection, waiting: Waiting, **values: str) -> bool:
    """Write it, if it still waits as it did."""
    as_was = (table.c.thread == waiting.id) & (table.c.due == waiting.due) & (table.c.passed == waiting.passed)
    return bool(connection.execute(sa.update(table).where(_RUNS & as_was).values(values)).rowcount)


def _log(connection: sa.Connection, waiting: Waiting, verb: str, now: datetime, **more: str) -> bool:
    found = reading.thread(connection, waiting.id)
    if found:
        acts.log(connection, By(Actor(THE_CLOCK), Roster(), now), verb, found, acts.Told(more=more))
    return found is not None


def _found(connection: sa.Connection, query: sa.Select[Any]) -> list[Waiting]:
    return [Waiting(*row) for row in connection.execute(query)]


CLOCKED = Clocked("question", _late, _running, _put_off, _pass_on)
