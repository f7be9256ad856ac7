"""Conversations over HTTP: pages and forms that need no script, and the same in parts for those who have one."""

from __future__ import annotations

from flask import Blueprint

from kb_server.threads.routes import comments, conversation, moderating, past, starting, troubles

blueprint = Blueprint("threads", __name__)
troubles.again.watch(blueprint)
for routes in (starting, conversation, comments, moderating, past):
    routes.add(blueprint)
