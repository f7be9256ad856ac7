"""How teams sort the cases of a definition, and bring others. Everything works without scripts."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as BaseResponse

from kb_server.definitions.apart import service as sorting
from kb_server.definitions.apart import storage as sortings
from kb_server.definitions.apart import view as apart
from kb_server.definitions.apart.service import LONGEST, LONGEST_TITLE, MOST, Put, Sheet
from kb_server.definitions.apart.tally import digest_of, latest, tally
from kb_server.definitions.models import Facts
from kb_server.definitions.routes import answers
from kb_server.definitions.routes.answers import Gone
from kb_server.people.permissions import Thing, may
from kb_server.web import live
from kb_server.web.context import kb
from kb_server.writing import drafts
from kb_server.writing.models import By


def add(routes: Blueprint) -> None:
    """Put these routes into the blueprint."""
    routes.get("/d/<page_id>/cases/")(cases)
    routes.post("/d/<page_id>/cases/")(sort)
    routes.post("/d/<page_id>/cases/new/")(add_case)
    routes.post("/d/<page_id>/cases/<int:number>/remove/")(remove_case)


def cases(page_id: str) -> Response:
    """The cases of a definition, to sort them for a team; and how far the teams are."""
    return shown(page_id, {"team": request.args.get("team", "")})


def sort(page_id: str) -> BaseResponse:
    """Say for a team what the cases are."""
    page, facts = answers.found(page_id)
    form = request.form
    puts = [
        Put(form[f"item-{at}"], form[f"digest-{at}"], form.get(f"verdict-{at}", ""), form.get(f"reason-{at}", ""))
        for at in range(MOST)
        if form.get(f"verdict-{at}") or form.get(f"reason-{at}")
    ]
    with kb().database.transaction() as connection:
        sheet = Sheet(form["team"], sorting.cases_of(connection, page), puts)
        sorting.sort(connection, answers.by(connection), facts, sheet)
        drafts.forget(connection, form.get("draft", ""), live.writer())
    return live.to(f"d/{page_id}/cases/?team={form['team']}#kb-tally")


def add_case(page_id: str) -> BaseResponse:
    """Bring another case."""
    page, facts = answers.found(page_id)
    with kb().database.transaction() as connection:
        known = sorting.cases_of(connection, page)
        case = (request.form["title"], request.form["text"])
        sorting.add(connection, answers.by(connection), facts, known, case)
        drafts.forget(connection, request.form.get("draft", ""), live.writer())
    return live.to(f"d/{page_id}/cases/")


def remove_case(page_id: str, number: int) -> BaseResponse:
    """Take a case away that was typed here."""
    _, facts = answers.found(page_id)
    with kb().database.transaction() as connection:
        sorting.remove(connection, answers.by(connection), facts, number)
    return live.to(f"d/{page_id}/cases/")


def shown(page_id: str, fields: dict[str, str], *, status: int = 200, **more: Any) -> Response:  # noqa: ANN401
    """The cases of a definition with the forms, filled in. Raises Gone where what was typed does not fit in them."""
    page, facts = answers.found(page_id)
    with kb().database.read() as connection:
        me = answers.by(connection)
        brought = sortings.added_to(connection, page_id)
        known = sorting.cases_of(connection, page)
        said = sorting.said_of(connection, facts)
    mine, words, adds = answers.spoken_for(me, facts), apart.verdicts(page), _may(me, "definition.add_case", facts)
    team = next((one for one in mine if one.id == fields.get("team")), mine[0] if mine else None)
    _require_forms(fields, team.id if team else "", {case.id for case in known}, adds=adds)
    before = latest(known, said, team.id) if team else {}
    more |= {
        "page": page,
        "cases": [(case, digest_of(case), *_answer(fields, case.id, before)) for case in known],
        "counted": apart.counted(tally(known, said, facts.teams), me.roster, words),
        "mine": mine,
        "team": team,
        "verdicts": words,
        "removable": {one.id: one.number for one in brought if _may(me, "definition.remove_case", facts, one.person)},
        "adds": adds,
        "fields": fields,
        "longest": {"title": LONGEST_TITLE, "text": LONGEST},
    }
    return answers.page("definitions/cases.html", status=status, **more)


def _may(me: By, right: str, facts: Facts, author: str = "") -> bool:
    """Whether somebody may bring a case, or take away one of this author's."""
    return may(me.actor, right, Thing(author, owner=facts.owner, teams=facts.teams))


def _require_forms(fields: dict[str, str], team: str, known: set[str], *, adds: bool) -> None:
    """Raise Gone where what was typed is of another team, of a case there is no more, or a case nobody may bring."""
    items = {value for name, value in fields.items() if name.startswith("item-") and _reason(fields, name)}
    if (items and (fields.get("team") != team or not items <= known)) or (not adds and fields.get("text")):
        raise Gone


def _reason(fields: dict[str, str], item: str) -> str:
    return fields.get(item.replace("item-", "reason-"), "")


def _answer(fields: dict[str, str], item: str, before: dict[str, Any]) -> tuple[str, str]:
    """What was typed for a case, or what the team said of it before."""
    at = next((name.removeprefix("item-") for name, value in fields.items() if value == item and "item-" in name), None)
    if at is not None:
        return fields.get(f"verdict-{at}", ""), fields.get(f"reason-{at}", "")
    return (before[item].verdict, before[item].reason) if item in before else ("", "")
