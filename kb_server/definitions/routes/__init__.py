"""Definitions over HTTP: on their pages, and where a team says what it says; everything works without scripts."""

from __future__ import annotations

from flask import Blueprint

from kb_server.definitions.routes import again, checks, listing, quotes, saying, sorting, versions
from kb_server.definitions.routes.fills import fills

__all__ = ["blueprint", "fills"]

blueprint = Blueprint("definitions", __name__)
again.again.watch(blueprint)
for routes in (again, checks, listing, quotes, saying, sorting, versions):
    routes.add(blueprint)
