"""What one watches, and how mail comes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import sqlalchemy as sa
from flask import Response, request
from werkzeug.wrappers import Response as BaseResponse

from kb_server.documents import storage as documents
from kb_server.errors import NotFound
from kb_server.notifications import service, storage, view
from kb_server.notifications.models import MAILED
from kb_server.notifications.routes import answers, listing
from kb_server.notifications.service import Teller, Watched
from kb_server.people import storage as people
from kb_server.web.context import build, kb
from kb_server.web.gate import actor
from kb_server.words import t


class Settings:
    """The routes, with what tells people at hand."""

    def __init__(self, teller: Teller) -> None:
        self._teller = teller

    def page(self) -> Response:
        """What one watches, and how mail comes."""
        listing.catch_up(self._teller)
        with kb().database.read() as connection:
            found = service.watched(connection, actor(), answers.wiki())
            how = service.mailed(connection, actor())
            titles = _titles(connection, found)
            me = people.person(connection, actor().id)
        said = {one.id: one for one in found if one.kind == "team"}
        listed = build().roster.people.get(actor().handle) if actor().handle else None
        return answers.page(
            "notifications/settings.html",
            lines=view.lines(answers.wiki(), actor().handle, titles, found),
            teams=[(team, said.get(key) or _off(key)) for key, team in build().roster.teams.items()],
            how=how,
            hows=MAILED,
            has_mail=self._teller.has_mail,
            email=(me.email if me else "") or (listed.email if listed else ""),
            is_saved="saved" in request.args,
        )

    def set_mail(self) -> BaseResponse:
        """Change how mail comes."""
        with kb().database.transaction() as connection:
            service.set_mailed(connection, actor(), request.form.get("how", ""))
        return answers.back("waiting/settings/?saved=1")

    def watching(self) -> Response:
        """Whether one watches a page, or a suggestion."""
        listing.catch_up(self._teller)
        page_id, number = request.args.get("page", ""), request.args.get("suggestion", "")
        what = f"suggestion:{number}" if number else f"page:{page_id}"
        with kb().database.read() as connection:
            found = service.watches(connection, actor(), answers.wiki(), what)
            title, url = _place(connection, found)
        return answers.page("notifications/watch.html", watched=found, title=title, url=url)

    def watch(self) -> BaseResponse:
        """Watch something, or no longer."""
        what, does = request.form.get("what", ""), request.form.get("does") == "1"
        with kb().database.transaction() as connection:
            service.watch(connection, actor(), answers.wiki(), what, datetime.now(UTC), does=does)
        return answers.back("waiting/settings/")


def _place(connection: sa.Connection, watched: Watched) -> tuple[str, str]:
    """What is watched by its title, and where it is. Raises NotFound where it may not be seen."""
    if watched.kind == "page":
        return build().pages[watched.id].title, build().pages[watched.id].url
    found = _titles(connection, [watched])
    if watched.what not in found:
        raise NotFound(t("waiting.bad_watch"))
    return found[watched.what]


def _off(team_id: str) -> Watched:
    return Watched("team", team_id, storage.OFF)


def _titles(connection: sa.Connection, watched: Sequence[Watched]) -> dict[str, tuple[str, str]]:
    """What conversations and suggestions are called, and where they are, by what is watched."""
    subjects = {one.what: service.SUBJECTS[one.kind].format(one.id) for one in watched if one.kind in service.SUBJECTS}
    began = storage.subjects_by_id(connection, list(subjects.values()))
    refs = {what: began[subject].ref for what, subject in subjects.items() if subject in began}
    found = documents.titles(connection, list(refs.values()))
    return {what: (found[ref][0], _url(what)) for what, ref in refs.items() if ref in found}


def _url(what: str) -> str:
    kind, _, one = what.partition(":")
    return f"t/{one}/" if kind == "thread" else f"s/{one}/"
