"""What somebody says for their team of a definition."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as BaseResponse

from kb_server.definitions import declaring, service, timeline, view
from kb_server.definitions.apart import service as sorting
from kb_server.definitions.apart import view as apart
from kb_server.definitions.apart.view import Side
from kb_server.definitions.models import AGREE
from kb_server.definitions.routes import answers
from kb_server.definitions.routes.answers import Gone
from kb_server.definitions.service import Said
from kb_server.definitions.view import Shown
from kb_server.pages.manifest import Page
from kb_server.people.permissions import Thing, may
from kb_server.web import live
from kb_server.web.context import build, kb
from kb_server.writing import drafts


def add(routes: Blueprint) -> None:
    """Put these routes into the blueprint."""
    routes.get("/d/<page_id>/")(page)
    routes.post("/d/<page_id>/")(say)
    routes.post("/d/<page_id>/wording/")(declare)


def page(page_id: str) -> Response:
    """A definition with everything that was said of it, and the forms to say something."""
    return shown(page_id, {"team": request.args.get("team", ""), "says": request.args.get("says", "")})


def say(page_id: str) -> BaseResponse:
    """Agree for a team, say "not yet", or take an agreement back."""
    found, facts = answers.found(page_id)
    form = request.form
    said = Said(form["team"], form["digest"], form["says"], form.get("reason", ""), form.get("own", ""))  # type: ignore[arg-type]
    with kb().database.transaction() as connection:
        service.say(connection, answers.by(connection), facts, said)
        drafts.forget(connection, form.get("draft", ""), live.writer())
    return live.done(found.url)


def declare(page_id: str) -> BaseResponse:
    """Declare that the wording of now says the same as the one in force."""
    found, facts = answers.found(page_id)
    with kb().database.transaction() as connection:
        service.declare(connection, answers.by(connection), facts, request.form["old"], build().manifest.language)
    return live.done(found.url)


def shown(page_id: str, fields: dict[str, str], *, status: int = 200, **more: Any) -> Response:  # noqa: ANN401
    """A definition with everything that was said of it, and the forms, filled in. Raises Gone where they are not."""
    found, facts = answers.found(page_id)
    language = build().manifest.language
    with kb().database.read() as connection:
        me = answers.by(connection)
        one = view.shown(connection, facts, answers.viewer(me), datetime.now(UTC))
        more["told"] = timeline.told(connection, found, me.roster, language)
        more["refused"] = declaring.against(connection, facts, one.stands, me.roster, language) if one.new else []
        more["cases"] = sorting.cases_of(connection, found)
    mine = answers.spoken_for(me, facts)
    if fields.get("reason") or fields.get("own"):
        _require_form(one, {team.id for team in mine}, fields.get("team", ""))
    declares = may(me.actor, "definition.declare", Thing(owner=facts.owner, teams=facts.teams))
    more |= {"page": found, "shown": one, "mine": mine, "declares": declares, "sides": _sides(found, one)}
    return answers.page("definitions/page.html", status=status, fields=fields, **more)


def _sides(page: Page, one: Shown) -> tuple[Side, ...]:
    """Each team's text, where they see it differently."""
    return apart.sides(one.stands, one.segments, page.term.text if page.term else "") if one.stands.is_apart else ()


def _require_form(one: Shown, mine: set[str], team: str) -> None:
    """Raise Gone where there is nowhere to say "not yet" for this team."""
    says = {said.team: said.says for said in one.stands.teams}
    if team not in mine or (says.get(team) == AGREE and not one.stands.pending):
        raise Gone
