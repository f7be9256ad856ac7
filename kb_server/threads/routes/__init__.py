"""Conversations over HTTP: pages and forms that need no script, and the same in parts for those who have one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, Response, redirect, request
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.wrappers import Response as BaseResponse

from kb_server.errors import KbError, NotFound
from kb_server.people.permissions import require
from kb_server.threads import attaching as attachments
from kb_server.threads import drafts, moderation, reading, service, text, view
from kb_server.threads.finding import url_of
from kb_server.threads.forms import number
from kb_server.threads.models import HIDDEN, By, Comment, Passage, Place, Thread, Topic
from kb_server.threads.names import Names
from kb_server.threads.routes import answers, past, troubles
from kb_server.web import addresses
from kb_server.web.context import build, kb
from kb_server.web.gate import actor, must
from kb_server.words import t

blueprint = Blueprint("threads", __name__)
for trouble in (KbError, DBAPIError, PoolTimeout):
    blueprint.register_error_handler(trouble, troubles.again)
past.add(blueprint)


# ── On a page ─────────────────────────────────────────────────────────────


@blueprint.get("/talk/<page_id>/")
def on_page(page_id: str) -> Response:
    """What is said on a page, with the form to say something."""
    place = answers.place_at(page_id, request.args.get("section", ""))
    return _talks(place, answers.page, "threads/page.html")


@blueprint.get("/talk/<page_id>/part/")
def part(page_id: str) -> Response:
    """The same, for the page itself to show."""
    return _talks(answers.place_at(page_id), answers.part, "threads/part.html")


def _talks(place: Place, answer: Callable[..., Response], template: str) -> Response:
    with kb().database.read() as connection:
        etag = answers.tag(connection, place.page)
        if ready := answers.at_hand(etag):
            return ready
        before = number(request.args.get("before", ""))
        settled = number(request.args.get("settled", ""))
        talks = view.on_page(connection, answers.viewer(), place, before=before, settled_before=settled)
    return answer(template, etag=etag, talks=talks, key=etag)


@blueprint.post("/talk/<page_id>/")
def start(page_id: str) -> BaseResponse:
    """Begin a conversation."""
    by, form = answers.by(), answers.form()
    place = answers.place_at(page_id, form["section"])
    if form["preview"]:
        return troubles.previewed(text.preview(by, form["body"]))
    with kb().database.transaction() as connection:
        comment = service.start(connection, by, Topic(place, form["kind"], form.passage), form.said)
        drafts.forget(connection, form["draft"], answers.writer())
    return _done(comment.thread, comment.id)


@blueprint.get("/draft/<secret>/")
def draft(secret: str) -> Response:
    """What somebody was writing before they signed in, ready to be sent."""
    must("talk")
    with kb().database.read() as connection:
        fields = drafts.found(connection, secret, answers.writer(), datetime.now(UTC))
    if not fields:
        raise NotFound(t("talk.no_draft"))
    return troubles.filled(fields.pop("path"), {**fields, "draft": secret}, note=t("talk.draft"))


# ── One conversation ──────────────────────────────────────────────────────


@blueprint.get("/t/<thread_id>/")
def thread(thread_id: str) -> Response:
    """A conversation by itself: the address that lasts."""
    with kb().database.read() as connection:
        found = _readable(reading.thread(connection, thread_id))
        etag = answers.tag(connection, found.page)
        if ready := answers.at_hand(etag):
            return ready
        after = number(request.args.get("after", ""))
        talk, on = view.one(connection, answers.viewer(), found, answers.place_of(found), after=after)
    return answers.page("threads/thread.html", etag=etag, talk=talk, place=answers.place_of(found), on=on, key=etag)


@blueprint.post("/t/<thread_id>/")
def answer(thread_id: str) -> BaseResponse:
    """Say something in it."""
    by, form = answers.by(), answers.form()
    if form["preview"]:
        return troubles.previewed(text.preview(by, form["body"]))
    with kb().database.transaction() as connection:
        found = _readable(reading.thread(connection, thread_id))
        comment = service.answer(connection, by, found, answers.place_of(found), form.said)
        drafts.forget(connection, form["draft"], answers.writer())
    return _done(thread_id, comment.id)


@blueprint.post("/t/<thread_id>/settle/")
def settle(thread_id: str) -> BaseResponse:
    """Settle it."""

    def act(connection: Connection, by: By, found: Thread, place: Place) -> None:
        service.settle(connection, by, found, place, answers.form()["reason"])

    return _with_thread(thread_id, act)


@blueprint.post("/t/<thread_id>/reopen/")
def reopen(thread_id: str) -> BaseResponse:
    """Open it again."""
    return _with_thread(thread_id, service.reopen)


@blueprint.post("/t/<thread_id>/move/")
def move(thread_id: str) -> BaseResponse:
    """Let it hang elsewhere."""
    page_id, _, section = answers.form()["to"].strip().strip("/").partition("#")
    to = answers.place_at(page_id.strip("/").rpartition("/")[2], section)

    def act(connection: Connection, by: By, found: Thread, place: Place) -> None:
        service.move(connection, by, found, place, to)

    return _with_thread(thread_id, act)


@blueprint.get("/t/<thread_id>/attach/")
def attaching(thread_id: str) -> Response:
    """Say which passage it is about, by its words."""
    with kb().database.read() as connection:
        found = _thread(reading.thread(connection, thread_id))
    place = answers.place_of(found)
    require(actor(), "thread.attach", place.thing(found.author))
    chosen = build().pages.get(request.args.get("page", found.page))
    return answers.page("threads/attach.html", thread=found, place=place, chosen=chosen)


@blueprint.post("/t/<thread_id>/attach/")
def attach(thread_id: str) -> BaseResponse:
    """Let it be about this passage."""
    form = answers.form()

    def act(connection: Connection, by: By, found: Thread, place: Place) -> None:
        to = answers.place_at(form["page"] or found.page, form["section"])
        attachments.attach(connection, by, found, place, to, form.passage or Passage(""))

    return _with_thread(thread_id, act)


@blueprint.get("/gone/")
def lost() -> Response:
    """The conversations whose passage is gone, for whoever may say where they belong."""
    served = build()
    with kb().database.read() as connection:
        rows = attachments.lost(connection, answers.by(), served.pages, served.id)
    return answers.page("threads/lost.html", rows=rows)


def _with_thread(thread_id: str, act: Callable[..., None]) -> BaseResponse:
    with kb().database.transaction() as connection:
        found = _readable(reading.thread(connection, thread_id))
        act(connection, answers.by(), found, answers.place_of(found))
    return _done(thread_id)


# ── One comment ───────────────────────────────────────────────────────────


@blueprint.get("/t/<thread_id>/<comment_id>/")
def comment(thread_id: str, comment_id: str) -> Response:
    """A comment by itself: what it said before, and what may be done with it."""
    with kb().database.read() as connection:
        said = _comment(reading.comment(connection, comment_id, actor().id), thread_id)
        found = _thread(reading.thread(connection, thread_id))
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


@blueprint.post("/t/<thread_id>/<comment_id>/")
def edit(thread_id: str, comment_id: str) -> BaseResponse:
    """Change what one has said."""
    by, form = answers.by(), answers.form()
    if form["preview"]:
        return troubles.previewed(text.preview(by, form["body"]))
    with kb().database.transaction() as connection:
        said = _comment(reading.comment(connection, comment_id), thread_id)
        place = answers.place_of(_thread(reading.thread(connection, thread_id)))
        service.edit(connection, by, said, place, form.said)
        drafts.forget(connection, form["draft"], answers.writer())
    return _done(thread_id, comment_id)


@blueprint.post("/t/<thread_id>/<comment_id>/delete/")
def delete(thread_id: str, comment_id: str) -> BaseResponse:
    """Take back what one has said."""
    return _with_comment(thread_id, comment_id, service.delete)


@blueprint.post("/t/<thread_id>/<comment_id>/agree/")
def agree(thread_id: str, comment_id: str) -> BaseResponse:
    """Agree, or no longer."""
    does = not answers.form()["undo"]
    return _with_comment(thread_id, comment_id, lambda *given: service.agree(*given, does=does))


@blueprint.post("/t/<thread_id>/<comment_id>/flag/")
def flag(thread_id: str, comment_id: str) -> BaseResponse:
    """Tell the liaisons that it should not stand here."""

    def act(connection: Connection, by: By, said: Comment, place: Place) -> None:
        moderation.flag(connection, by, said, place, answers.form()["reason"])

    return _with_comment(thread_id, comment_id, act)


@blueprint.post("/t/<thread_id>/<comment_id>/hide/")
def hide(thread_id: str, comment_id: str) -> BaseResponse:
    """Take it out of sight."""
    return _with_comment(thread_id, comment_id, moderation.hide)


@blueprint.post("/t/<thread_id>/<comment_id>/show/")
def show(thread_id: str, comment_id: str) -> BaseResponse:
    """Let it stand."""
    return _with_comment(thread_id, comment_id, moderation.show)


def _with_comment(thread_id: str, comment_id: str, act: Callable[..., None]) -> BaseResponse:
    with kb().database.transaction() as connection:
        said = _comment(reading.comment(connection, comment_id), thread_id)
        found = _thread(reading.thread(connection, thread_id))
        if said.state == HIDDEN and not view.rights(actor(), said, answers.place_of(found))["hide"]:
            raise NotFound(t("talk.no_comment"))
        act(connection, answers.by(), said, answers.place_of(found))
        left = reading.thread(connection, thread_id)
    if left and not left.shown and "back" not in request.form:  # nothing is left to read there
        return _to(f"talk/{found.page}/")
    return _done(thread_id, comment_id)


# ── What was flagged and hidden ───────────────────────────────────────────


@blueprint.get("/moderation/")
def moderated() -> Response:
    """What waits for somebody to look at it, and what was done."""
    with kb().database.read() as connection:
        seen = moderation.on_record(connection, answers.by())
        people = {row["person_id"] for row in seen.waiting} | {row["author"] for row in seen.waiting}
        names = Names(connection, people | {event.actor for event in seen.done}, answers.viewer().roster)
    return answers.page("threads/moderation.html", record=seen, names=names)


# ── Shared by all of them ─────────────────────────────────────────────────


def _thread(found: Thread | None) -> Thread:
    if found is None:
        raise NotFound(t("talk.no_thread"))
    return found


def _readable(found: Thread | None) -> Thread:
    """The conversation, if there is anything in it to read: nothing is done with one of which all is hidden or gone."""
    if found is None or not found.shown:
        raise NotFound(t("talk.no_thread"))
    return found


def _comment(found: Comment | None, thread_id: str) -> Comment:
    """The comment, if it belongs to the conversation in the address."""
    if found is None or found.thread != thread_id:
        raise NotFound(t("talk.no_comment"))
    return found


def _done(thread_id: str, comment_id: str = "") -> BaseResponse:
    back = addresses.local(request.form["back"]).lstrip("/") if "back" in request.form else ""
    return _to(back or url_of(thread_id, comment_id))


def _to(url: str) -> BaseResponse:
    """On to a page that shows what was done; our own script is told where, and fetches what it needs itself."""
    there = f"{request.script_root}/{url}"
    response = Response(status=204, headers={"KB-At": there}) if answers.is_part() else redirect(there, 303)
    response.headers["Cache-Control"] = "no-store"
    return response
