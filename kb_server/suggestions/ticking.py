"""Suggestions on the answer clock: which of them wait, which are late, and that one was passed on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from kb_server.activity.storage import THE_CLOCK
from kb_server.people.models import Actor
from kb_server.people.roster import Roster
from kb_server.suggestions import acts, reading
from kb_server.suggestions.models import WAITING
from kb_server.suggestions.rows import IS_SAMPLE
from kb_server.suggestions.storage import suggestions as table
from kb_server.writing.models import By
from kb_server.writing.ticking import HEAD, Clocked, Waiting

# What is made up for a first visitor stays as it was made up: nobody gets mail of it.
_RUNS = (table.c.state == WAITING) & (table.c.due != "") & (table.c.hidden == 0) & ~IS_SAMPLE
_WAITING = sa.select(*(table.c[name] for name in ("number", "to_team", "since", "left", "due", "passed")))


def _late(connection: sa.Connection, now: str) -> Sequence[Waiting]:
    query = _WAITING.where(_RUNS & (table.c.due < now) & (table.c.passed != HEAD))
    return _found(connection, query.order_by(table.c.due, table.c.number))


def _running(connection: sa.Connection, team: str) -> Sequence[Waiting]:
    query = _WAITING.where(_RUNS & (table.c.to_team == team) & (table.c.passed == ""))
    return _found(connection, query.order_by(table.c.number))


def _put_off(connection: sa.Connection, waiting: Waiting, due: str, now: datetime) -> bool:
    return _changed(connection, waiting, due=due) and _log(connection, waiting, "due_changed", now, due=due)


def _pass_on(connection: sa.Connection, waiting: Waiting, to: str, now: datetime) -> bool:
    return _changed(connection, waiting, passed=to) and _log(connection, waiting, "late", now, passed=to)


def _changed(connection: sa.Connection, waiting: Waiting, **values: str) -> bool:
    """Write it, if it still waits as it did."""
    as_was = (table.c.number == int(waiting.id)) & (table.c.due == waiting.due) & (table.c.passed == waiting.passed)
    return bool(connection.execute(sa.update(table).where(_RUNS & as_was).values(values)).rowcount)


def _log(connection: sa.Connection, waiting: Waiting, verb: str, now: datetime, **more: str) -> bool:
    found = reading.suggestion(connection, int(waiting.id))
    if found:
        acts.log(connection, By(Actor(THE_CLOCK), Roster(), now), verb, found, **more)
    return found is not None


def _found(connection: sa.Connection, query: sa.Select[Any]) -> list[Waiting]:
    return [Waiting(str(row[0]), *row[1:]) for row in connection.execute(query)]


CLOCKED = Clocked("suggestion", _late, _running, _put_off, _pass_on)
