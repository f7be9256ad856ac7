"""What happened to a suggestion, as the log has it, with what was said then; and what it said before."""

from __future__ import annotations

import sqlalchemy as sa

from kb_server.activity.storage import Event, events_about
from kb_server.suggestions import rows
from kb_server.suggestions.models import HIDDEN, Remark, Suggestion, Version
from kb_server.suggestions.states import TABLE
from kb_server.suggestions.storage import remark_versions, versions

VERBS = tuple(
    f"suggestion.{verb}"
    for verb in (
        "asked",
        *dict.fromkeys(row.verb for row in TABLE),
        "edited",
        "carried",
        "applied",
        "addressed",
        "late",
        "remarked",
        "referred",
    )
)
"""What is told; who agrees, who labels and who hides is not."""
MOST = 200
_LAST = (1 << 63) - 1


def history(connection: sa.Connection, suggestion: Suggestion) -> list[tuple[Event, Remark | None]]:
    """The last of what happened to a suggestion, oldest first; what was said is left out where it is hidden."""
    events = events_about(connection, [suggestion.name], VERBS, _LAST, MOST)
    ids = [str(event.data["remark"]) for event in events if event.data.get("remark")]
    here = rows.said.c.id.in_(ids) & (rows.said.c.state != HIDDEN)
    said = {one.id: one for one in rows.remarks(connection, here)} if ids else {}
    return [(event, said.get(str(event.data.get("remark")))) for event in reversed(events)]


def carried_by(connection: sa.Connection, suggestion: Suggestion) -> list[str]:
    """The ids of those who carried its texts over to those of that day, whoever did first first."""
    events = events_about(connection, [suggestion.name], ["suggestion.carried"], _LAST, MOST)
    return list(dict.fromkeys(event.actor for event in reversed(events)))


def versions_of(connection: sa.Connection, number: int) -> list[Version]:
    """What a suggestion said before, the latest first."""
    query = sa.select(versions).where(versions.c.suggestion == number).order_by(versions.c.version.desc())
    return [Version(row.version, row.body, row.at, row.title) for row in connection.execute(query)]


def remark_versions_of(connection: sa.Connection, remark_id: str) -> list[Version]:
    """What a remark said before, the latest first."""
    query = sa.select(remark_versions).where(remark_versions.c.remark == remark_id)
    found = connection.execute(query.order_by(remark_versions.c.version.desc()))
    return [Version(row.version, row.body, row.at) for row in found]
