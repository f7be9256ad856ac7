"""What the routes of definitions share: which definition an address means, who looks, and how its pages look."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from flask import Response, render_template, request

from kb_server.definitions.models import LONGEST_OWN, Facts
from kb_server.definitions.pages import facts_of
from kb_server.definitions.speaking import speaking
from kb_server.definitions.view import Viewer
from kb_server.errors import NotFound
from kb_server.pages.manifest import Page
from kb_server.people.roster import Team
from kb_server.web import live
from kb_server.web.context import build, shell
from kb_server.web.gate import actor
from kb_server.web.live import Look
from kb_server.words import t
from kb_server.writing.models import LONGEST_REASON, By


def found(page_id: str) -> tuple[Page, Facts]:
    """The definition in an address. Raises NotFound."""
    page = build().pages.get(page_id)
    facts = facts_of(page) if page else None
    if page is None or facts is None:
        raise NotFound(t("definition.none"))
    return page, facts


def by(connection: sa.Connection) -> By:
    """Who does what this request asks for, with the teams they speak for now."""
    usual = live.by()
    return replace(usual, actor=speaking(connection, usual.actor, usual.roster, usual.now))


def viewer(me: By) -> Viewer:
    """Who looks."""
    return Viewer(me.actor.speaks_for, me.roster, f"{request.script_root}/", me.actor.id)


def spoken_for(me: By, facts: Facts) -> list[Team]:
    """The teams of a definition for which somebody speaks now."""
    return [me.roster.teams[key] for key in facts.teams if key in me.actor.speaks_for and key in me.roster.teams]


class Gone(Exception):  # noqa: N818  -- nothing is wrong with it, it is only not there
    """The form that was filled in does not stand on its page any more."""


def bare(template: str, *, status: int, **fields: Any) -> Response:  # noqa: ANN401
    """A page that asks nothing of the store: not even who looks, where that could not be asked."""
    return live.once(render_template(template, shell=shell("definition"), **fields), status)


def _common() -> dict[str, Any]:
    return {"me": actor(), "when": live.when, "limits": {"own": LONGEST_OWN, "reason": LONGEST_REASON}}


_LOOK = Look("definition", "kb_server.definitions", _common)
page = _LOOK.page
part = _LOOK.part
tag = _LOOK.tag
