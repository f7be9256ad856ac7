"""One comment over HTTP: what it said before, edited, taken back, agreed with, flagged, hidden and shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, request
from sqlalchemy import Connection
from werkzeug.wrappers import Response as BaseResponse

from kb_server.errors import NotFound
from kb_server.threads import moderation, reading, service, view
from kb_server.threads.models import HIDDEN, Comment
from kb_server.threads.routes import answers, there, troubles
from kb_server.web.context import kb
from kb_server.web.gate import actor
from kb_server.words import t
from kb_server.writing import drafts, text
from kb_server.writing.models import By, Place
from kb_server.writing.names import Names


def add(routes: Blueprint) -> None:
    """Put these routes into the blueprint."""
    routes.get("/t/<thread_id>/<comment_id>/")(comment)
    routes.post("/t/<thread_id>/<comment_id>/")(edit)
    routes.post("/t/<thread_id>/<comment_id>/delete/")(delete)
    routes.post("/t/<thread_id>/<comment_id>/agree/")(agree)
    routes.post("/t/<thread_id>/<comment_id>/flag/")(flag)
    routes.post("/t/<thread_id>/<comment_id>/hide/")(hide)
    routes.post("/t/<thread_id>/<comment_id>/show/")(show)


def comment(thread_id: str, comment_id: str) -> Response:
    """A comment by itself: what it said before, and what may be done with it."""
    with kb().database.read() as connection:
        said = there.comment(reading.comment(connection, comment_id, actor().id), thread_id)
        found = there.thread(reading.thread(connection, thread_id))
        place = answers.place_of(found)
        rights = view.rights(actor(), said, place)
        if said.state == HIDDEN and not rights["hide"]:
            raise NotFound(t("talk.no_comment"))
        names = Names(connection, {said.author, found.author, *said.mentions.values()}, answers.viewer().roster)
        before = reading.versions_of(connection, comment_id)
    remark = view.remark(answers.viewer(), found, said, place, names)
    shown = answers.part if answers.is_part() else answers.page
    fields: dict[str, Any] = {"remark": remark, "comment": said, "thread": found, "versions": before, "may": rights}
    return shown("threads/comment.html", **fields)


def edit(thread_id: str, comment_id: str) -> BaseResponse:
    """Change what one has said."""
    by, form = answers.by(), answers.form()
    if form["preview"]:
        return troubles.previewed(text.preview(by, form["body"]))
    with kb().database.transaction() as connection:
        said = there.comment(reading.comment(connection, comment_id), thread_id)
        place = answers.place_of(there.thread(reading.thread(connection, thread_id)))
        service.edit(connection, by, said, place, form.said)
        drafts.forget(connection, form["draft"], answers.writer())
    return answers.done(thread_id, comment_id)


def delete(thread_id: str, comment_id: str) -> BaseResponse:
    """Take back what one has said."""
    return _with_comment(thread_id, comment_id, service.delete)


def agree(thread_id: str, comment_id: str) -> BaseResponse:
    """Agree, or no longer."""
    does = not answers.form()["undo"]
    return _with_comment(thread_id, comment_id, lambda *given: service.agree(*given, does=does))


def flag(thread_id: str, comment_id: str) -> BaseResponse:
    """Tell the liaisons that it should not stand here."""

    def act(connection: Connection, by: By, said: Comment, place: Place) -> None:
        moderation.flag(connection, by, said, place, answers.form()["reason"])

    return _with_comment(thread_id, comment_id, act)


def hide(thread_id: str, comment_id: str) -> BaseResponse:
    """Take it out of sight."""
    return _with_comment(thread_id, comment_id, moderation.hide)


def show(thread_id: str, comment_id: str) -> BaseResponse:
    """Let it stand."""
    return _with_comment(thread_id, comment_id, moderation.show)


def _with_comment(thread_id: str, comment_id: str, act: Callable[..., None]) -> BaseResponse:
    with kb().database.transaction() as connection:
        said = there.comment(reading.comment(connection, comment_id), thread_id)
        found = there.thread(reading.thread(connection, thread_id))
        if said.state == HIDDEN and not view.rights(actor(), said, answers.place_of(found))["hide"]:
            raise NotFound(t("talk.no_comment"))
        act(connection, answers.by(), said, answers.place_of(found))
        left = reading.thread(connection, thread_id)
    if left and not left.shown and "back" not in request.form:  # nothing is left to read there
        return answers.to(f"talk/{found.page}/")
    return answers.done(thread_id, comment_id)
