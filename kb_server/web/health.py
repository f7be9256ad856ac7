"""``/healthz``: the process answers. ``/readyz``: what it serves, and what is wrong with that."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, jsonify
from sqlalchemy.exc import SQLAlchemyError

from kb_server.errors import KbError
from kb_server.web.context import build, kb

IndexState = Callable[[], dict[str, Any]]
Problems = Callable[[], list[str]]
FROZEN = "Nothing can be written: the disk of the database can only be read."


def blueprint(index_state: IndexState, problems: Problems) -> Blueprint:
    """The two routes; `index_state` tells how the search index stands, `problems` what else is wrong."""
    routes = Blueprint("health", __name__)

    @routes.get("/healthz")
    def healthz() -> Response:
        return _answer({"status": "ok"}, 200)

    @routes.get("/readyz")
    def readyz() -> Response:
        site = kb().site
        state: dict[str, Any] = {"status": "ready", "build": None, "index": None, "problems": []}
        try:
            site.look(afresh=True)
            state["build"] = build().id
            state["index"] = index_state()
        except KbError as error:
            return _answer(state | {"status": "not ready", "problems": [str(error)]}, 503)
        except SQLAlchemyError:
            return _answer(state | {"status": "not ready", "problems": ["The database cannot be reached."]}, 503)
        frozen = [] if kb().database.is_writable else [FROZEN]
        if found := [*site.problems, *problems(), *frozen]:
            state |= {"status": "degraded", "problems": found}
        return _answer(state, 200)

    return routes


def _answer(state: dict[str, Any], status: int) -> Response:
    response = jsonify(state)
    response.status_code = status
    response.headers["Cache-Control"] = "no-store"
    return response
