"""Who is in which team, for those who see to it."""

from __future__ import annotations

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as BaseResponse

from kb_server.accounts import overview
from kb_server.accounts.routes import answers
from kb_server.people import memberships
from kb_server.web.context import build, kb
from kb_server.web.gate import actor, must


def add(routes: Blueprint) -> None:
    """Put these routes into the blueprint."""
    routes.get("/people/")(people)
    routes.post("/people/confirm/")(confirm)
    routes.post("/people/decline/")(decline)


def people() -> Response:
    """Who waits to be let into a team; for who runs the wiki, everybody."""
    asked = request.args.get("page", "1")
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1  # noqa: PLR2004
    with kb().database.read() as connection:
        found = overview.people(connection, must("people.see"), build().roster, max(1, number))
    return answers.page("accounts/people.html", people=found, me=actor())


def confirm() -> BaseResponse:
    """Let somebody into a team."""
    person, team = request.form.get("person", ""), request.form.get("team", "")
    with kb().database.transaction() as connection:
        memberships.confirm(connection, actor(), person, team, build().roster, answers.now())
    return answers.go("/people/")


def decline() -> BaseResponse:
    """Say no to somebody, or take them out of a team again."""
    person, team = request.form.get("person", ""), request.form.get("team", "")
    with kb().database.transaction() as connection:
        memberships.end(connection, actor(), person, team, build().roster)
    return answers.go("/people/")
