"""Suggestions over HTTP: pages and forms that need no script, and the same in parts for those who have one."""

from __future__ import annotations

from flask import Blueprint
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from kb_server.errors import KbError
from kb_server.suggestions.routes import acting, asking, board, exporting, one, remarks, troubles

blueprint = Blueprint("suggestions", __name__)
for trouble in (KbError, DBAPIError, PoolTimeout):
    blueprint.register_error_handler(trouble, troubles.again)
for routes in (board, exporting, asking, one, acting, remarks):
    routes.add(blueprint)
