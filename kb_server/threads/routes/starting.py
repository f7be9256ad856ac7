"""What is said on a page, and how somebody begins to say something there."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

from flask import Blueprint, Response, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from kb_server.threads import service, view
from kb_server.threads.forms import number
from kb_server.threads.models import Topic
from kb_server.threads.routes import answers, troubles
from kb_server.web import drafting
from kb_server.web.context import kb
from kb_server.web.gate import must
from kb_server.words import t
from kb_server.writing import drafts, text
from kb_server.writing.models import Place
from kb_server.writing.text import MOST_MENTIONS


def add(routes: Blueprint) -> None:
    """Put these routes into the blueprint."""
    routes.get("/talk/<page_id>/")(on_page)
    routes.get("/talk/<page_id>/part/")(part)
    routes.post("/talk/<page_id>/")(start)
    routes.get("/draft/<secret>/")(draft)


def on_page(page_id: str) -> Response:
    """What is said on a page, with the form to say something."""
    place = answers.place_at(page_id, request.args.get("section", ""))
    return _talks(place, answers.page, "threads/page.html")


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
    return answer(template, etag=etag, talks=talks, key=etag, begun=_begun())


def _begun() -> str:
    """What a conversation begins with that somebody is invited to: whom it means, as far as there is such a person."""
    known = answers.by().roster.people
    return "".join(f"@{handle} " for handle in request.args.getlist("to")[:MOST_MENTIONS] if handle in known)


def start(page_id: str) -> BaseResponse:
    """Begin a conversation."""
    by, form = answers.by(), answers.form()
    place = answers.place_at(page_id, form["section"])
    if form["preview"]:
        return troubles.previewed(text.preview(by, form["body"]))
    if form["kind"] == "idea":  # what could be better goes to a team, and that answers it
        return redirect(f"{request.script_root}/suggestions/?{urlencode({'page': page_id})}", 307)
    with kb().database.transaction() as connection:
        comment = service.start(connection, by, Topic(place, form["kind"], form.passage), form.said)
        drafts.forget(connection, form["draft"], answers.writer())
    return answers.done(comment.thread, comment.id)


def draft(secret: str) -> Response:
    """What somebody was writing before they signed in, ready to be sent."""
    must("talk")
    fields = drafting.taken_up(secret)
    return troubles.filled(fields.pop("path"), {**fields, "draft": secret}, note=t("talk.draft"))
