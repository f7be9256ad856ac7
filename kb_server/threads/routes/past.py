"""What happened in a conversation, or in all of a page, over HTTP."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request
from sqlalchemy import Connection

from kb_server.errors import NotFound
from kb_server.threads import past, reading
from kb_server.threads.finding import url_of
from kb_server.threads.forms import number
from kb_server.threads.past import Past
from kb_server.threads.routes import answers
from kb_server.web.context import build, kb
from kb_server.words import t
from kb_server.writing.models import Place
from kb_server.writing.names import Names


def add(routes: Blueprint) -> None:
    """Put these routes into the blueprint."""
    routes.get("/t/<thread_id>/history/")(past_of_thread)
    routes.get("/talk/<page_id>/history/")(past_of_page)


def past_of_thread(thread_id: str) -> Response:
    """What happened in a conversation."""
    with kb().database.read() as connection:
        found = reading.thread(connection, thread_id)
        if found is None or not found.shown:
            raise NotFound(t("talk.no_thread"))
        happened = past.of_thread(connection, thread_id, before=_before())
        return _page(connection, happened, answers.place_of(found), found.title or t("talk.title"), url_of(thread_id))


def past_of_page(page_id: str) -> Response:
    """What happened in the conversations of a page."""
    place = answers.place_at(page_id)
    with kb().database.read() as connection:
        happened = past.of_page(connection, page_id, before=_before())
        return _page(connection, happened, place, place.title, f"talk/{page_id}/")


def _page(connection: Connection, happened: Past, place: Place, title: str, url: str) -> Response:
    names = Names(connection, {event.actor for event in happened.events}, answers.viewer().roster)
    pages = {page.id: page.title for page in build().pages.values()}
    fields: dict[str, Any] = {"past": happened, "names": names, "pages": pages, "place": place}
    return answers.page("threads/history.html", **fields, title=title, back=url)


def _before() -> int:
    return number(request.args.get("before", ""))
