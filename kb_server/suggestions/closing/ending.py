"""What a published commit does to a suggestion, and what somebody says where it only refers to one."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa

from kb_server.people.permissions import require
from kb_server.suggestions import acts, answering, finding, merging, states
from kb_server.suggestions import storage as rows
from kb_server.suggestions.closing import storage
from kb_server.suggestions.closing.models import NOT_YET
from kb_server.suggestions.models import Suggestion
from kb_server.writing import pace
from kb_server.writing.models import By


def deliver(connection: sa.Connection, by: By, suggestion: Suggestion, act: str, told: Mapping[str, object]) -> bool:
    """Do what a published commit does; gives whether that changes anything. Raises Forbidden for anybody else."""
    before = acts.present(connection, by, suggestion)
    row = next(states.rows(act))
    require(by.actor, row.who[0], states.thing(row.who[0], before))
    if before.state not in row.of:
        return False
    now = answering.after(by, before, row, answering.Ready())
    rows.stand(connection, now)
    merging.recount(connection, now.into)
    acts.log(connection, by, row.verb, now, **answering.more(before, now, row), **told)
    finding.put(connection, now)
    return True


def keep_open(connection: sa.Connection, by: By, suggestion: Suggestion) -> Suggestion:
    """Say that the changes which referred to it so far do not finish it."""
    before = acts.present(connection, by, suggestion)
    require(by.actor, states.ANSWERING, states.thing(states.ANSWERING, before))
    if storage.asking(connection, before.number):
        pace.spend_small(connection, by)
        storage.answer(connection, before.number, NOT_YET)
        acts.log(connection, by, "kept_open", before)
    return before
