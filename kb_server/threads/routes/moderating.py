"""What was flagged and hidden, over HTTP."""

from __future__ import annotations

from flask import Blueprint, Response

from kb_server.threads import moderation
from kb_server.threads.routes import answers
from kb_server.web.context import kb
from kb_server.writing.names import Names


def add(routes: Blueprint) -> None:
    """Put these routes into the blueprint."""
    routes.get("/moderation/")(moderated)


def moderated() -> Response:
    """What waits for somebody to look at it, and what was done."""
    with kb().database.read() as connection:
        seen = moderation.on_record(connection, answers.by())
        people = {row["person_id"] for row in seen.waiting} | {row["author"] for row in seen.waiting}
        names = Names(connection, people | {event.actor for event in seen.done}, answers.viewer().roster)
    return answers.page("threads/moderation.html", record=seen, names=names)
