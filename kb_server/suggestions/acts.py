"""What every act on a suggestion has in common: it takes it as it is now, and leaves one line in the log."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypedDict

import sqlalchemy as sa

from kb_server.activity.storage import record
from kb_server.errors import NotFound
from kb_server.people.permissions import Thing
from kb_server.people.secret import stamp
from kb_server.suggestions import reading, storage
from kb_server.suggestions.models import Suggestion
from kb_server.words import t
from kb_server.writing import text
from kb_server.writing.models import By


class Line(TypedDict):
    """A line of the log, for `record`."""

    actor: str
    verb: str
    subject: str
    data: dict[str, object]
    at: str


@dataclass(frozen=True, slots=True)
class Told:
    """What the log tells besides: the remark's id, and whom its text means."""

    remark: str = ""
    ready: text.Ready | None = None


def present(connection: sa.Connection, by: By, suggestion: Suggestion) -> Suggestion:
    """The suggestion as it is now, whatever was read of it before. Raises NotFound where it is gone or hidden."""
    return numbered(connection, by.actor.id, suggestion.number)


def numbered(connection: sa.Connection, viewer: str, number: int) -> Suggestion:
    """The suggestion with this number, as it is now. Raises NotFound where there is none, or it is hidden."""
    found = reading.suggestion(connection, number, viewer)
    if found is None or found.hidden:
        raise NotFound(t("suggestions.none"))
    return found


def both_teams(suggestion: Suggestion, author: str = "") -> Thing:
    """What decides who may do something here as one of either team."""
    return Thing(author, teams=tuple(filter(None, (suggestion.to_team, suggestion.from_team))))


def log(
    connection: sa.Connection, by: By, verb: str, suggestion: Suggestion, told: Told = Told(), /, **more: object
) -> None:
    """One line in the log, of ids alone; whoever has a list learns that it has changed."""
    storage.changed(connection)
    record(connection, **line(by, verb, suggestion, told, **more))


def line(by: By, verb: str, suggestion: Suggestion, told: Told = Told(), /, **more: object) -> Line:
    """What stands in that line."""
    data = {
        "number": suggestion.number,
        "page": suggestion.page,
        "from": suggestion.from_team,
        "to": suggestion.to_team,
        "state": suggestion.state,
        "remark": told.remark,
        "mentions": told.ready.people if told.ready else [],
        "teams": told.ready.teams if told.ready else [],
    }
    return {
        "actor": by.actor.id,
        "verb": f"suggestion.{verb}",
        "subject": suggestion.name,
        "data": data | more,
        "at": stamp(by.now),
    }
