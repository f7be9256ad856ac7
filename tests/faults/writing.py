"""`kb` with one route more, which writes: until features write over HTTP, it stands for all of them.

    python writing.py serve …

``POST /notes/<subject>`` adds a line to the activity log, in one transaction with whatever a note needs besides.
"""

from __future__ import annotations

from flask import Flask, Response

from kb_server import app as wiring
from kb_server.activity.storage import record
from kb_server.cli import main
from kb_server.config import Settings
from kb_server.db import Database
from kb_server.people import permissions
from kb_server.web.context import kb

create_app = wiring.create_app


def note(subject: str) -> Response:
    """Write a line, acknowledged by 201 and its number."""
    with kb().database.transaction() as connection:
        number = record(connection, actor="sam", verb="noted", subject=subject, data={"text": "x" * 2000})
    return Response(str(number), 201)


def with_notes(settings: Settings, database: Database) -> Flask:
    """The real server's application, and the route."""
    app = create_app(settings, database)
    permissions.ROUTES["note"] = "open"
    app.add_url_rule("/notes/<subject>", view_func=note, methods=["POST"])
    return app


def serve_notes() -> None:
    """Have the server of this process made with the route."""
    wiring.create_app = with_notes


if __name__ == "__main__":
    serve_notes()
    main()
