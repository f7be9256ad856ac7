"""Definitions over HTTP: on their pages, and where a team says what it says; everything works without scripts."""

from __future__ import annotations

from flask import Blueprint
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from kb_server.definitions.routes import again, checks, listing, quotes, saying, sorting, versions
from kb_server.definitions.routes.fills import fills
from kb_server.errors import KbError

__all__ = ["blueprint", "fills"]

blueprint = Blueprint("definitions", __name__)
for trouble in (KbError, DBAPIError, PoolTimeout):
    blueprint.register_error_handler(trouble, again.again)
for routes in (again, listing, quotes, saying, sorting, versions):
    routes.add(blueprint)
checks.add(blueprint)
