"""Who is asking, for the header of every page: pages are static and cannot know."""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa
from flask import Blueprint, current_app
from pydantic import Field

from kb_server.people.models import Actor
from kb_server.people.roster import Roster
from kb_server.web.api import Answered, operation
from kb_server.web.context import build, kb
from kb_server.web.errors import SIGNS_IN
from kb_server.web.gate import actor

WAITING = "kb.waiting"
"""Under this name `create_app` puts into `app.extensions` how many things wait for somebody: a `Waiting`."""
Waiting = Callable[[sa.Connection, Actor, Roster], int]


class Me(Answered):
    """Who is asking."""

    signed_in: bool = Field(description="Whether anybody is signed in.")
    can_sign_in: bool = Field(description="Whether people sign in on a page of this wiki.")
    id: str = Field(description="The person's permanent id; empty where nobody is signed in.")
    name: str = Field(description="What they are called.")
    hue: str = Field(description="The colour of their first team.")
    teams: list[str] = Field(description="The ids of the teams they are in.")
    waiting: int = Field(description="How many things wait for them.")


def add(routes: Blueprint) -> None:
    """Put these routes into the blueprint."""
    routes.add_url_rule("/api/v1/me", endpoint="me", view_func=me)


@operation("People")
def me() -> Me:
    """Who is asking, and how much waits for them."""
    who, roster = actor(), build().roster
    teams = [team for key, team in roster.teams.items() if key in who.teams]
    return Me(
        signed_in=bool(who.id),
        can_sign_in=kb().settings.auth in SIGNS_IN,
        id=who.id,
        name=who.name,
        hue=teams[0].hue if teams else "slate",
        teams=[team.id for team in teams],
        waiting=_waiting(who) if who.id else 0,
    )


def _waiting(who: Actor) -> int:
    count: Waiting | None = current_app.extensions.get(WAITING)
    if count is None:
        return 0
    with kb().database.read() as connection:
        return count(connection, who, build().roster)
