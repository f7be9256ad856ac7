"""Suggestions over HTTP: pages and forms that need no script, and the same in parts for those who have one."""

from __future__ import annotations

from flask import Blueprint

from kb_server.suggestions.routes import acting, asking, board, exporting, one, remarks, troubles

blueprint = Blueprint("suggestions", __name__)
troubles.again.watch(blueprint)
for routes in (board, exporting, asking, one, acting, remarks):
    routes.add(blueprint)
