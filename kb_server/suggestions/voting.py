"""Agreeing with a suggestion: each person once, and not with what they ask for themselves."""

from __future__ import annotations

import sqlalchemy as sa

from kb_server.errors import Conflict, Invalid
from kb_server.people.permissions import require
from kb_server.people.secret import stamp
from kb_server.suggestions import acts, merging, reading, states, storage
from kb_server.suggestions.models import TAKEN_BACK, Suggestion
from kb_server.words import t
from kb_server.writing import pace
from kb_server.writing.models import By


def vote(connection: sa.Connection, by: By, suggestion: Suggestion, *, does: bool = True) -> Suggestion:
    """Agree with a suggestion, or no longer, nor with what joined it. Doing so twice changes nothing."""
    now = acts.present(connection, by, suggestion)
    require(by.actor, "suggestion.vote", states.thing(states.AUTHOR, now))
    if now.author == by.actor.id:
        raise Invalid(t("suggestions.vote.own"))
    if now.state == TAKEN_BACK:
        raise Conflict(t("suggestions.closed"))
    pace.spend_small(connection, by)
    if does:
        changed = storage.add_vote(connection, now.number, by.actor.id, stamp(by.now))
    else:
        changed = storage.remove_votes(connection, reading.below(connection, now.number), by.actor.id)
    if not changed:
        return now
    for number in changed:
        merging.recount(connection, number)
    acts.log(connection, by, "voted" if does else "unvoted", now)
    return acts.present(connection, by, now)
