"""When a suggestion should not stand here: liaisons of either team and admins hide it, and that is on record."""

from __future__ import annotations

import sqlalchemy as sa

from kb_server.errors import NotFound
from kb_server.people.models import Actor
from kb_server.people.permissions import may, require
from kb_server.suggestions import acts, finding, reading, storage
from kb_server.suggestions.models import Suggestion
from kb_server.words import t
from kb_server.writing.models import By


def sees(actor: Actor, suggestion: Suggestion) -> bool:
    """Whether somebody who may read the wiki may see this."""
    return not suggestion.hidden or may(actor, "suggestion.hide", acts.both_teams(suggestion))


def hide(connection: sa.Connection, by: By, suggestion: Suggestion) -> None:
    """Take a suggestion out of sight with all that was said about it: of lists, counts and search at once."""
    _turn(connection, by, suggestion, hidden=True)


def show(connection: sa.Connection, by: By, suggestion: Suggestion) -> None:
    """Let a suggestion be seen again."""
    _turn(connection, by, suggestion, hidden=False)


def _turn(connection: sa.Connection, by: By, suggestion: Suggestion, *, hidden: bool) -> None:
    now = reading.suggestion(connection, suggestion.number)
    if now is None:
        raise NotFound(t("suggestions.none"))
    require(by.actor, "suggestion.hide", acts.both_teams(now))
    if now.hidden == hidden:
        return
    storage.change(connection, now.number, hidden=int(hidden))
    (finding.remove_all if hidden else finding.put_all)(connection, now)
    acts.log(connection, by, "hidden" if hidden else "shown", now)
