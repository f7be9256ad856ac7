"""What was asked before: one suggestion joins another, and its votes count there until they part again.

No vote is moved: it stays where it was cast. What changes is what a suggestion's count is made of.
"""

from __future__ import annotations

import sqlalchemy as sa

from kb_server.suggestions import reading, storage
from kb_server.suggestions.faults import Wrong
from kb_server.suggestions.models import TAKEN_BACK, Suggestion
from kb_server.words import t


def root(connection: sa.Connection, joining: Suggestion, into: int) -> Suggestion:
    """Which suggestion is joined by whoever joins `into`: where that has joined another itself, that one.

    Raises Wrong for one that is not there, for itself, and for one that has joined this.
    """
    found = reading.suggestion(connection, into)
    while found is not None and found.into and not found.hidden:
        found = reading.suggestion(connection, found.into)
    if found is None or found.hidden or found.state == TAKEN_BACK:
        raise Wrong("into", t("suggestions.no_other"))
    if found.number == joining.number:
        raise Wrong("into", t("suggestions.itself"))
    return found


def recount(connection: sa.Connection, number: int) -> None:
    """Count anew who agrees with a suggestion, and with the one it has joined, and so on."""
    while number:
        storage.change(connection, number, votes=reading.count_voters(connection, number))
        found = reading.suggestion(connection, number)
        number = found.into if found else 0
