"""What becomes of a suggestion, over HTTP: answered, told more, agreed with, said better, sent to another team."""

from __future__ import annotations

from flask import Blueprint, Response
from werkzeug.wrappers import Response as BaseResponse

from kb_server.people.permissions import require
from kb_server.suggestions import service, states
from kb_server.suggestions.forms import given, labels
from kb_server.suggestions.routes import answers, troubles
from kb_server.web import drafting, live
from kb_server.web.context import kb
from kb_server.web.gate import actor
from kb_server.writing import drafts, text
from kb_server.writing.forms import number


def add(routes: Blueprint) -> None:
    """Put these routes into the blueprint."""
    routes.post("/s/<name>/")(act)
    routes.post("/s/<name>/not-yet/")(keep_open)
    routes.post("/s/<name>/vote/")(vote)
    routes.post("/s/<name>/to/")(address)
    routes.post("/s/<name>/labels/")(label)
    routes.get("/s/<name>/edit/")(editing)
    routes.post("/s/<name>/edit/")(edit)
    routes.post("/s/<name>/hide/")(hide)
    routes.post("/s/<name>/show/")(show)


def act(name: str) -> BaseResponse:
    """Do one of the acts of the table, which decides whether it is open."""
    by, form = live.by(), answers.form()
    if form["preview"]:
        return troubles.previewed(text.preview(by, form["body"]))
    with kb().database.transaction() as connection:
        one = answers.found(connection, name)
        service.act(connection, by, one, given(form))
        drafts.forget(connection, form["draft"], live.writer())
    return live.done(f"s/{one.number}/")


def keep_open(name: str) -> BaseResponse:
    """Say that the change which referred to it does not finish it."""
    return answers.with_one(name, lambda connection, one: service.keep_open(connection, live.by(), one))


def vote(name: str) -> BaseResponse:
    """Agree, or no longer. What somebody was writing when they found this stays at hand, as a remark."""
    by, form = live.by(), answers.form()
    with kb().database.transaction() as connection:
        one = answers.found(connection, name)
        service.vote(connection, by, one, does=not form["undo"])
    typed = form["body"].strip()
    kept = drafting.lay_by({"body": typed}) if typed else ""
    return live.to(f"s/{one.number}/?draft={kept}#say") if kept else live.done(f"s/{one.number}/")


def address(name: str) -> BaseResponse:
    """Ask another team instead."""
    form = answers.form()
    to, version = form["to_team"], number(form["version"])
    return answers.with_one(name, lambda connection, one: service.address(connection, live.by(), one, to, version))


def label(name: str) -> BaseResponse:
    """Give it these labels and no others."""
    wanted = labels(answers.form()["labels"])
    return answers.with_one(name, lambda connection, one: service.label(connection, live.by(), one, wanted))


def editing(name: str) -> Response:
    """The form to say it better."""
    with kb().database.read() as connection:
        one = answers.found(connection, name)
    require(actor(), states.AUTHOR, states.thing(states.AUTHOR, one))
    fields = {"title": one.title, "body": one.body, "version": str(one.version)}
    return troubles.filled(f"/s/{one.number}/edit/", fields)


def edit(name: str) -> BaseResponse:
    """Say it better; what it said before is kept."""
    by, form = live.by(), answers.form()
    if form["preview"]:
        return troubles.previewed(text.preview(by, form["body"]))
    with kb().database.transaction() as connection:
        one = answers.found(connection, name)
        service.edit(connection, by, one, form["title"], form.said)
        drafts.forget(connection, form["draft"], live.writer())
    return live.done(f"s/{one.number}/")


def hide(name: str) -> BaseResponse:
    """Take it out of sight."""
    return answers.with_one(name, lambda connection, one: service.hide(connection, live.by(), one))


def show(name: str) -> BaseResponse:
    """Let it be seen again."""
    return answers.with_one(name, lambda connection, one: service.show(connection, live.by(), one))
