"""What happened to a suggestion, as the log has it, with what was said then."""

from __future__ import annotations

import sqlalchemy as sa

from kb_server.activity.storage import Event, events_about
from kb_server.suggestions import reading
from kb_server.suggestions.models import HIDDEN, Remark, Suggestion
from kb_server.suggestions.states import TABLE

VERBS = tuple(
    f"suggestion.{verb}"
    for verb in ("asked", *dict.fromkeys(row.verb for row in TABLE), "edited", "addressed", "late", "remarked")
)
"""What is told; who agrees, who labels and who hides is not."""
MOST = 200
LAST = (1 << 63) - 1


def history(connection: sa.Connection, suggestion: Suggestion) -> list[tuple[Event, Remark | None]]:
    """The last of what happened to a suggestion, oldest first; what was said is left out where it is hidden."""
    events = events_about(connection, [suggestion.name], VERBS, LAST, MOST)
    ids = [str(event.data["remark"]) for event in events if event.data.get("remark")]
    said = reading.remarks_by_id(connection, ids) if ids else {}
    return [(event, _shown(said.get(str(event.data.get("remark"))))) for event in reversed(events)]


def _shown(remark: Remark | None) -> Remark | None:
    return remark if remark and remark.state != HIDDEN else None
