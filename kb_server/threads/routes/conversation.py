"""One conversation over HTTP: read, answered, settled, moved, hung on its passage again."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import unquote

from flask import Blueprint, Response, request
from sqlalchemy import Connection
from werkzeug.wrappers import Response as BaseResponse

from kb_server.people.permissions import require
from kb_server.threads import attaching as attachments
from kb_server.threads import reading, service, view
from kb_server.threads.forms import number
from kb_server.threads.models import Thread
from kb_server.threads.routes import answers, there, troubles
from kb_server.web.context import build, kb
from kb_server.web.gate import actor
from kb_server.writing import drafts, text
from kb_server.writing.models import By, Marked, Place


def add(routes: Blueprint) -> None:
    """Put these routes into the blueprint."""
    routes.get("/t/<thread_id>/")(thread)
    routes.post("/t/<thread_id>/")(answer)
    routes.post("/t/<thread_id>/settle/")(settle)
    routes.post("/t/<thread_id>/reopen/")(reopen)
    routes.post("/t/<thread_id>/move/")(move)
    routes.get("/t/<thread_id>/attach/")(attaching)
    routes.post("/t/<thread_id>/attach/")(attach)
    routes.get("/gone/")(lost)


def thread(thread_id: str) -> Response:
    """A conversation by itself: the address that lasts."""
    with kb().database.read() as connection:
        found = there.readable(reading.thread(connection, thread_id))
        etag = answers.tag(connection, found.page)
        if ready := answers.at_hand(etag):
            return ready
        after = number(request.args.get("after", ""))
        talk, on = view.one(connection, answers.viewer(), found, answers.place_of(found), after=after)
    return answers.page("threads/thread.html", etag=etag, talk=talk, place=answers.place_of(found), on=on, key=etag)


def answer(thread_id: str) -> BaseResponse:
    """Say something in it."""
    by, form = answers.by(), answers.form()
    if form["preview"]:
        return troubles.previewed(text.preview(by, form["body"]))
    with kb().database.transaction() as connection:
        found = there.readable(reading.thread(connection, thread_id))
        comment = service.answer(connection, by, found, answers.place_of(found), form.said)
        drafts.forget(connection, form["draft"], answers.writer())
    return answers.done(thread_id, comment.id)


def settle(thread_id: str) -> BaseResponse:
    """Settle it."""

    def act(connection: Connection, by: By, found: Thread, place: Place) -> None:
        service.settle(connection, by, found, place, answers.form()["reason"])

    return _with_thread(thread_id, act)


def reopen(thread_id: str) -> BaseResponse:
    """Open it again."""
    return _with_thread(thread_id, service.reopen)


def move(thread_id: str) -> BaseResponse:
    """Let it hang elsewhere."""
    to = answers.place_at(*_meant(answers.form()["to"]))

    def act(connection: Connection, by: By, found: Thread, place: Place) -> None:
        service.move(connection, by, found, place, to)

    return _with_thread(thread_id, act)


def attaching(thread_id: str) -> Response:
    """Say which passage it is about, by its words."""
    with kb().database.read() as connection:
        found = there.thread(reading.thread(connection, thread_id))
    place = answers.place_of(found)
    require(actor(), "thread.attach", place.thing(found.author))
    chosen = build().pages.get(_meant(request.args.get("page", found.page))[0])
    return answers.page("threads/attach.html", thread=found, place=place, chosen=chosen)


def attach(thread_id: str) -> BaseResponse:
    """Let it be about this passage."""
    form = answers.form()

    def act(connection: Connection, by: By, found: Thread, place: Place) -> None:
        to = answers.place_at(form["page"] or found.page, form["section"])
        attachments.attach(connection, by, found, place, to, form.passage or Marked(""))

    return _with_thread(thread_id, act)


def lost() -> Response:
    """The conversations whose passage is gone, for whoever may say where they belong."""
    served = build()
    with kb().database.read() as connection:
        rows = attachments.lost(connection, answers.by(), served.pages, served.id)
    return answers.page("threads/lost.html", rows=rows)


def _meant(address: str) -> tuple[str, str]:
    """Page and section at what “Copy link” gives, with or without the site it is on; or at an id and #heading."""
    path, _, heading = address.strip().partition("#")
    _, is_link, below = path.partition("/p/")
    page, _, section = (below if is_link else path.strip("/").rpartition("/")[2]).strip("/").partition("/")
    return page, unquote(heading or section)


def _with_thread(thread_id: str, act: Callable[..., None]) -> BaseResponse:
    with kb().database.transaction() as connection:
        found = there.readable(reading.thread(connection, thread_id))
        act(connection, answers.by(), found, answers.place_of(found))
    return answers.done(thread_id)
