"""Waiting for you over HTTP: the list, what one watches, how mail comes, and the address in a mail that ends it."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import Annotated, Any

from flask import Blueprint, Response, redirect, render_template, request
from pydantic import Field, TypeAdapter
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response as BaseResponse

from kb_server.documents import storage as documents
from kb_server.errors import KbError
from kb_server.notifications import service, stopping, storage, view
from kb_server.notifications.models import MAILED, Entry, Wiki
from kb_server.notifications.service import Teller, Watched
from kb_server.people import storage as people
from kb_server.web import addresses
from kb_server.web.api import Answer, Answered, Body, Parameters, cursors, operation
from kb_server.web.context import build, kb, shell
from kb_server.web.gate import actor

log = logging.getLogger("kb.mail")

PER_PAGE = 20
PLACE = TypeAdapter(tuple[Annotated[str, Field(max_length=40)], Annotated[int, Field(ge=0, lt=1 << 63)]])
LIST = ("waiting",)


class Wanted(Parameters):
    """Which part of the list."""

    limit: int = Field(default=PER_PAGE, ge=1, le=100, description="How many at most.", examples=[5])
    cursor: cursors.Cursor = ""


class Thing(Answered):
    """Something that waits."""

    key: str = Field(description="What tells it from the others of this list.")
    reason: str = Field(description="Why it waits: `question`, `answer`, `mention` and others.")
    at: str = Field(description="When it came, in UTC.")
    due: str | None = Field(description="When it is due; null where nothing says so.")
    person: str = Field(description="The permanent id of whoever did it.")
    name: str = Field(description="What they are called.")
    page: str = Field(description="The permanent id of the page it belongs to.")
    page_title: str = Field(description="What that is called.")
    title: str = Field(description="What it is about, in a line.")
    text: str = Field(description="What was said, without its formatting.")
    url: str = Field(description="Where it stands, below the wiki's root.")


class Waiting(Answered):
    """What waits for you, first due first."""

    count: int = Field(description="How much there is altogether.")
    waiting: list[Thing] = Field(description="Some of it.")
    next: cursors.Next = None


class Seen(Body):
    """What one has seen to."""

    key: Annotated[
        str,
        Field(
            min_length=1,
            max_length=200,
            examples=["comment:c_0123456789abcdef"],
            description="What tells it from the others of the list.",
        ),
    ]


class Routes:
    """The routes, with what tells people at hand."""

    def __init__(self, teller: Teller) -> None:
        self._teller = teller
        self._sources = {source.name: source for source in teller.sources}

    def blueprint(self) -> Blueprint:
        """All of them."""
        routes = Blueprint("notifications", __name__)
        add = routes.add_url_rule
        add("/api/v1/waiting", "entries", operation("Waiting for you", answers={200: "The list."})(self.entries))
        gone = operation("Waiting for you", answers={204: "It does not wait any more, or did not."})(
            self.seen_by_program
        )
        add("/api/v1/waiting", "seen_by_program", gone, methods=["POST"])
        add("/waiting/", "page", self.page)
        add("/waiting/seen/", "seen", self.seen, methods=["POST"])
        add("/waiting/settings/", "settings", self.settings)
        add("/waiting/settings/", "set_mail", self.set_mail, methods=["POST"])
        add("/waiting/watch/", "watching", self.watching)
        add("/waiting/watch/", "watch", self.watch, methods=["POST"])
        add("/mail/<person_id>/<what>/<signature>/", "stopping", self.stopping)
        add("/mail/<person_id>/<what>/<signature>/", "stop", self.stop, methods=["POST"])
        return routes

    # What waits

    def entries(self, query: Wanted) -> Waiting:
        """What waits for you.

        First due first, then in the order it came. What is hidden or taken back leaves the list at once.
        """
        self._catch_up()
        after = cursors.read(query.cursor, PLACE, *LIST)
        with kb().database.read() as connection:
            rows = service.listed(connection, actor(), query.limit + 1, after)
            shown, following = cursors.cut(rows, query.limit, _place, *LIST)
            cards = view.cards(connection, _wiki(), self._sources, shown)
            count = service.count(connection, actor())
        return Waiting(count=count, waiting=[_thing(card) for card in cards], next=following)

    def seen_by_program(self, body: Seen) -> Answer[None]:
        """Say that you have seen to something.

        It leaves your list and nobody else's.
        """
        with kb().database.transaction() as connection:
            service.seen(connection, actor(), body.key)
        return Answer(None, 204)

    def page(self) -> Response:
        """The list; with ``one`` in the address one thing after the other."""
        self._catch_up()
        one = "one" in request.args
        after = cursors.read(request.args.get("cursor", ""), PLACE, *LIST)
        limit = 1 if one else PER_PAGE
        with kb().database.read() as connection:
            rows = service.listed(connection, actor(), limit + 1, after)
            shown, following = cursors.cut(rows, limit, _place, *LIST)
            cards = view.cards(connection, _wiki(), self._sources, shown)
            count = service.count(connection, actor())
        fields: dict[str, Any] = {
            "cards": cards,
            "following": following,
            "count": count,
            "one": one,
            "lead": view.lead(count),
        }
        return _page("notifications/waiting.html", **fields)

    def seen(self) -> BaseResponse:
        """One has seen to something."""
        with kb().database.transaction() as connection:
            service.seen(connection, actor(), request.form.get("key", ""))
        return _back("waiting/")

    # Watching and mail

    def settings(self) -> Response:
        """What one watches, and how mail comes."""
        self._catch_up()
        with kb().database.read() as connection:
            found = service.watched(connection, actor(), _wiki())
            how = service.mailed(connection, actor())
            titles = _titles(connection, [one.id for one in found if one.kind == "thread"])
            me = people.person(connection, actor().id)
        said = {one.id: one for one in found if one.kind == "team"}
        teams = [
            (team, said.get(key) or Watched("team", key, storage.OFF)) for key, team in build().roster.teams.items()
        ]
        fields: dict[str, Any] = {
            "lines": view.lines(_wiki(), actor().handle, titles, found),
            "teams": teams,
            "how": how,
        }
        listed = build().roster.people.get(actor().handle) if actor().handle else None
        fields |= {"hows": MAILED, "has_mail": self._teller.has_mail}
        fields |= {"email": (me.email if me else "") or (listed.email if listed else "")}
        return _page("notifications/settings.html", is_saved="saved" in request.args, **fields)

    def set_mail(self) -> BaseResponse:
        """Change how mail comes."""
        with kb().database.transaction() as connection:
            service.set_mailed(connection, actor(), request.form.get("how", ""))
        return _back("waiting/settings/?saved=1")

    def watching(self) -> Response:
        """Whether one watches a page."""
        page_id = request.args.get("page", "")
        with kb().database.read() as connection:
            found = service.watches(connection, actor(), _wiki(), f"page:{page_id}")
        return _page("notifications/watch.html", watched=found, place=build().pages[page_id])

    def watch(self) -> BaseResponse:
        """Watch something, or no longer."""
        what, does = request.form.get("what", ""), request.form.get("does") == "1"
        with kb().database.transaction() as connection:
            service.watch(connection, actor(), _wiki(), what, datetime.now(UTC), does=does)
        return _back("waiting/settings/")

    # The address in a mail

    def stopping(self, person_id: str, what: str, signature: str) -> Response:
        """Ask whether mails are to end: whoever only looks, or a scanner of mail, changes nothing."""
        with kb().database.read() as connection:
            stopping.require(connection, person_id, what, signature)
        return _page("notifications/stop.html", "message", is_all=what == stopping.ALL, is_done=False)

    def stop(self, person_id: str, what: str, signature: str) -> Response:
        """End mails, by a click here or in the mail program (RFC 8058)."""
        with kb().database.transaction() as connection:
            stopping.require(connection, person_id, what, signature)
            stopping.stop(connection, person_id, what, datetime.now(UTC))
        return _page("notifications/stop.html", "message", is_all=what == stopping.ALL, is_done=True)

    def _catch_up(self) -> None:
        """Take in what was just done, so that whoever answered does not find the question in their list once more."""
        try:
            if kb().database.is_writable:
                self._teller.take_in()
        except (KbError, SQLAlchemyError) as error:  # the list as it was is better than none
            log.warning("The list is shown as it was: %s", type(error).__name__)


def _place(entry: Entry) -> tuple[str, int]:
    return entry.due, entry.seq


def _wiki() -> Wiki:
    return Wiki(build().roster, build().pages)


def _thing(card: view.Card) -> Thing:
    entry = card.entry
    return Thing(
        key=entry.key,
        reason=entry.reason,
        at=entry.at,
        due=None if entry.due.startswith("9999") else entry.due,
        person=entry.actor,
        name=card.name,
        page=entry.page,
        page_title=card.page_title,
        title=entry.title,
        text=entry.text,
        url=entry.url,
    )


def _titles(connection: Any, ids: list[str]) -> dict[str, tuple[str, str]]:  # noqa: ANN401
    """What conversations are called, and where they are."""
    began = storage.subjects_by_id(connection, ids)
    found = documents.titles(connection, [one.ref for one in began.values()])
    return {key: (found[one.ref][0], f"t/{key}/") for key, one in began.items() if one.ref in found}


def _page(template: str, name: str = "waiting", **fields: Any) -> Response:  # noqa: ANN401
    """A page of this reader's own, in the site's look."""
    text = render_template(template, shell=shell(name), me=actor(), moment=view.moment, **fields)
    headers = {"Content-Security-Policy": build().policy, "Cache-Control": "no-store"}
    return Response(text, 200, headers, content_type="text/html; charset=utf-8")


def _back(usual: str) -> BaseResponse:
    """On to where somebody came from, as far as that is a place of this wiki."""
    there = addresses.local(request.form.get("back", f"/{usual}"))
    response = redirect(f"{request.script_root}{there}", 303)
    response.headers["Cache-Control"] = "no-store"
    return response
