"""Everything that is held about people: a feature that keeps something of them adds its `Holding` here.

So whoever asks gets all of it, and whoever goes leaves nothing behind; no feature has to know of another. And of which
teams anything is held, whether there are such or not.
"""

from __future__ import annotations

import sqlalchemy as sa

from kb_server.accounts.service import SIGNING_IN
from kb_server.db import Database
from kb_server.definitions.held import HOLDING as DEFINITIONS
from kb_server.definitions.held import TEAMS as OF_DEFINITIONS
from kb_server.helpful.service import HOLDING as HELPFUL
from kb_server.notifications.service import HOLDING as NOTIFICATIONS
from kb_server.people.privacy import ACCOUNT, Holding
from kb_server.people.storage import memberships
from kb_server.suggestions.held import HOLDING as SUGGESTIONS
from kb_server.suggestions.storage import suggestions
from kb_server.threads.held import HOLDING as CONVERSATIONS

HELD: tuple[Holding, ...] = (CONVERSATIONS, SUGGESTIONS, DEFINITIONS, HELPFUL, NOTIFICATIONS, SIGNING_IN, ACCOUNT)
"""In the order in which they are forgotten: the account itself last."""


NAMED: tuple[sa.ColumnElement[str], ...] = (
    *OF_DEFINITIONS,
    memberships.c.team,
    suggestions.c.from_team,
    suggestions.c.to_team,
)
"""Where the ids of teams stand."""


def teams(database: Database) -> set[str]:
    """The teams for which anything was said, by the ids they had then."""
    with database.read() as connection:
        return {team for column in NAMED for team in connection.scalars(sa.select(column).distinct())} - {""}
