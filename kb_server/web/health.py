"""``/healthz``: the process answers. ``/readyz``: what it serves, and what is wrong with that."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

from flask import Blueprint
from pydantic import Field
from sqlalchemy.exc import SQLAlchemyError

from kb_server.errors import KbError
from kb_server.web.api import Answer, Answered, operation
from kb_server.web.context import build, kb

IndexState = Callable[[], dict[str, Any]]
Problems = Callable[[], list[str]]
FROZEN = "Nothing can be written: the disk of the database can only be read."
NOT_KEPT = {"Cache-Control": "no-store"}


class Alive(Answered):
    """The process answers."""

    status: Literal["ok"] = "ok"


class State(Answered):
    """What is served, and what is wrong with that."""

    status: Literal["ready", "degraded", "not ready"] = "ready"
    build: str | None = Field(default=None, description="The id of the build that is served.")
    index: dict[str, Any] | None = Field(default=None, description="How the index of search stands.")
    problems: list[str] = Field(default=[], description="What is wrong, in sentences.")
    notes: list[str] = Field(default=[], description="What somebody should see to some time, in sentences.")


def blueprint(index_state: IndexState, problems: Problems, notes: Problems = list) -> Blueprint:
    """The two routes; `index_state` tells how the search index stands, `problems` and `notes` what else there is."""
    routes = Blueprint("health", __name__)

    @routes.get("/healthz")
    @operation("Health", answers={200: "It does."})
    def healthz() -> Answer[Alive]:
        """Whether the process answers."""
        return Answer(Alive(), headers=NOT_KEPT)

    @routes.get("/readyz")
    @operation("Health", answers={200: "It can serve, if not everything is well: see `status`.", 503: "It cannot."})
    def readyz() -> Answer[State]:
        """Whether it can serve.

        `degraded` means that something newer could not be served and the last good build is, that the last backup
        failed, or that the index of search cannot follow.
        """
        state = _state(index_state, problems, notes)
        return Answer(state, 503 if state.status == "not ready" else 200, headers=NOT_KEPT)

    return routes


def _state(index_state: IndexState, problems: Problems, notes: Problems) -> State:
    site = kb().site
    served = None
    try:
        site.look(afresh=True)
        served = build().id
        index, noted = index_state(), notes()
    except KbError as error:
        return State(status="not ready", build=served, problems=[str(error)])
    except SQLAlchemyError:
        return State(status="not ready", build=served, problems=["The database cannot be reached."])
    frozen = [] if kb().database.is_writable else [FROZEN]
    found = [*site.problems, *problems(), *frozen]
    return State(status="degraded" if found else "ready", build=served, index=index, problems=found, notes=noted)
