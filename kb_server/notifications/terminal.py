"""What `kb mail` prints."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from kb_server.notifications.outbox import DEAD


def report(queued: Sequence[dict[str, Any]], revived: int | None) -> str:
    """Each message that waits or was given up, in a line, and the whole in a sentence."""
    lines = [] if revived is None else [f"{revived} will be tried again now, if a server runs."]
    lines += [_line(row) for row in queued]
    dead = sum(row["state"] == DEAD for row in queued)
    whole = f"{len(queued) - dead} wait, {dead} were given up. `kb mail --retry` tries them again."
    return "\n".join([*lines, whole if queued else "No mail waits."])


def as_json(queued: Sequence[dict[str, Any]]) -> str:
    """The same for a program."""
    return json.dumps(queued, indent=2)


def _line(row: dict[str, Any]) -> str:
    state = "given up" if row["state"] == DEAD else f"due {row['due_at']}"
    why = f"  {row['tries']} tries, {row['trouble']}" if row["tries"] else ""
    return f"{row['id']}  {row['reason']:9} of {row['at']} for {row['person_id']}  {state}{why}"
