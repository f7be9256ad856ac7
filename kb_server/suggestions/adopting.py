"""A team that is renamed or merged takes over what was asked of it and what it asked, with the build that says so.

What the log tells stays as it was told. Going back to a build that knows only the old name leaves what was taken over
with the new one, until a build is published that knows it again.
"""

from __future__ import annotations

import sqlalchemy as sa

from kb_server.people.roster import Roster
from kb_server.suggestions import finding, reading, storage
from kb_server.suggestions.storage import suggestions


def adopt(connection: sa.Connection, roster: Roster) -> None:
    """Let each team have what it had under its former ids; in the transaction that publishes a build."""
    taken: set[int] = set()
    for team in roster.teams.values():
        for column in (suggestions.c.to_team, suggestions.c.from_team):
            theirs = column.in_(sorted(set(team.was) - roster.teams.keys()))
            moved = sa.update(suggestions).where(theirs).values({column.key: team.id}).returning(suggestions.c.number)
            taken |= set(connection.scalars(moved)) if team.was else set()
    for one in reading.suggestions_by_number(connection, sorted(taken)).values():
        if not one.hidden:
            finding.put_all(connection, one)
    if taken:
        storage.changed(connection)
