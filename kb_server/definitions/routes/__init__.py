"""Definitions over HTTP: on their pages, and where a team says what it says; everything works without scripts."""

from __future__ import annotations

from flask import Blueprint, request
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.wrappers import Response as BaseResponse

from kb_server.definitions.pages import facts_of
from kb_server.definitions.routes import checks, listing, quotes, saying, sorting, versions
from kb_server.definitions.routes.fills import fills
from kb_server.errors import KbError
from kb_server.people.permissions import may
from kb_server.web import errors
from kb_server.web.context import build
from kb_server.web.gate import actor

__all__ = ["blueprint", "fills"]


def again(error: Exception) -> BaseResponse:
    """What could not be said, why, and everything that was typed, by the form it was typed in."""
    # The form is filled in on the definition's own page: that must be there, and who asks must be one who may read it.
    if isinstance(error, KbError) and not (may(actor(), "definition.visit") and _is_there()):
        return errors.respond(error)
    form = sorting.again if request.endpoint in sorting.again.typed_in else saying.again
    return form(error)


def _is_there() -> bool:
    page = build().pages.get((request.view_args or {}).get("page_id", ""))
    return page is not None and facts_of(page) is not None


blueprint = Blueprint("definitions", __name__)
for trouble in (KbError, DBAPIError, PoolTimeout):
    blueprint.register_error_handler(trouble, again)
for routes in (listing, quotes, saying, sorting, versions):
    routes.add(blueprint)
checks.add(blueprint)
