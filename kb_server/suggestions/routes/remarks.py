"""What is said about a suggestion, over HTTP: added, edited, taken back, hidden and shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response
from sqlalchemy import Connection
from werkzeug.wrappers import Response as BaseResponse

from kb_server.errors import NotFound
from kb_server.suggestions import reading, service, single
from kb_server.suggestions.models import HIDDEN, Remark
from kb_server.suggestions.routes import answers, troubles
from kb_server.web import live
from kb_server.web.context import kb
from kb_server.web.gate import actor
from kb_server.words import t
from kb_server.writing import drafts, text
from kb_server.writing.models import By


def add(routes: Blueprint) -> None:
    """Put these routes into the blueprint."""
    routes.post("/s/<name>/remarks/")(remark)
    routes.get("/s/<name>/<remark_id>/")(one_remark)
    routes.post("/s/<name>/<remark_id>/")(edit_remark)
    routes.post("/s/<name>/<remark_id>/delete/")(delete_remark)
    routes.post("/s/<name>/<remark_id>/hide/")(hide_remark)
    routes.post("/s/<name>/<remark_id>/show/")(show_remark)


def remark(name: str) -> BaseResponse:
    """Say something about it."""
    by, form = live.by(), answers.form()
    if form["preview"]:
        return troubles.previewed(text.preview(by, form["body"]))
    with kb().database.transaction() as connection:
        one = answers.found(connection, name)
        said = service.remark(connection, by, one, form.said)
        drafts.forget(connection, form["draft"], live.writer())
    return live.done(f"s/{one.number}/#{said.id}")


def one_remark(name: str, remark_id: str) -> Response:
    """A remark by itself: what it said before, and what may be done with it."""
    with kb().database.read() as connection:
        one = answers.found(connection, name)
        said = answers.remark(connection, one, remark_id)
        rights = single.rights_of_remark(actor(), one, said)
        if said.state == HIDDEN and not rights["hide"]:
            raise NotFound(t("talk.no_comment"))
        shown = single.said(connection, live.by(), one, said)
        before = reading.remark_versions_of(connection, remark_id)
    fields: dict[str, Any] = {"suggestion": one, "said": shown, "versions": before, "may": rights}
    return answers.page("suggestions/remark.html", **fields)


def edit_remark(name: str, remark_id: str) -> BaseResponse:
    """Change what one has said."""
    by, form = live.by(), answers.form()
    if form["preview"]:
        return troubles.previewed(text.preview(by, form["body"]))
    with kb().database.transaction() as connection:
        one = answers.found(connection, name)
        service.edit_remark(connection, by, answers.remark(connection, one, remark_id), form.said)
        drafts.forget(connection, form["draft"], live.writer())
    return live.done(f"s/{one.number}/#{remark_id}")


def delete_remark(name: str, remark_id: str) -> BaseResponse:
    """Take back what one has said."""
    return _with_remark(name, remark_id, service.delete_remark)


def hide_remark(name: str, remark_id: str) -> BaseResponse:
    """Take it out of sight."""
    return _with_remark(name, remark_id, service.hide_remark)


def show_remark(name: str, remark_id: str) -> BaseResponse:
    """Let it stand."""
    return _with_remark(name, remark_id, service.show_remark)


def _with_remark(name: str, remark_id: str, act: Callable[[Connection, By, Remark], None]) -> BaseResponse:
    with kb().database.transaction() as connection:
        one = answers.found(connection, name)
        said = answers.remark(connection, one, remark_id)
        if said.state == HIDDEN and not single.rights_of_remark(actor(), one, said)["hide"]:
            raise NotFound(t("talk.no_comment"))
        act(connection, live.by(), said)
    return live.done(f"s/{one.number}/")
