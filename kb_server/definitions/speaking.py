"""For whom somebody speaks at this moment: their own teams, and those whose speakers are away and named them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa

from kb_server.people import absences
from kb_server.people.models import Actor
from kb_server.people.roster import Roster


def speaking(connection: sa.Connection, actor: Actor, roster: Roster, now: datetime) -> Actor:
    """`actor` with the teams they speak for now; one query, none for somebody who could not stand in for anybody."""
    if not actor.handle:
        return actor
    gone = absences.away(connection, now)
    stands_in = {
        team.id
        for team in roster.teams.values()
        if gone.keys() & set(team.speakers) and actor.handle in absences.present(roster, team.speakers, gone, [team.id])
    }
    return replace(actor, speaks_for=actor.speaks_for | stands_in)
