"""A version of a definition at an address of its own, for as long as the wiki lasts."""

from __future__ import annotations

from flask import Blueprint, Response

from kb_server.definitions import storage, view
from kb_server.definitions.routes import answers
from kb_server.errors import NotFound
from kb_server.web.context import build, kb
from kb_server.words import t
from kb_server.writing.names import Names


def add(routes: Blueprint) -> None:
    """Put these routes into the blueprint."""
    routes.get("/p/<page_id>/v/<int:number>/")(version)


def version(page_id: str, number: int) -> Response:
    """A version as it was agreed to, be its page gone by now."""
    with kb().database.read() as connection:
        past = storage.past(connection, page_id)
        of_it = [one for one in past.versions if one.version == number]
        kept = storage.wording(connection, page_id, of_it[-1].digest) if of_it else None
        if kept is None:
            raise NotFound(t("definition.no_version"))
        first, found = of_it[0], of_it[-1]
        names = Names(connection, view.people_in(past, [kept]), build().roster)
        frame = view.version_shown(past, found, kept, names, answers.viewer(answers.by(connection)))
    page = build().pages.get(page_id)
    latest = past.versions[-1].version
    return answers.page(
        "definitions/version.html", page_id=page_id, page=page, first=first, version=found, frame=frame, latest=latest
    )
