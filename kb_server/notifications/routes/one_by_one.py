"""Suggestions to answer, one on a screen. Each is sent as from its own page, and leads back here to the next."""

from __future__ import annotations

import secrets

from flask import Response, request
from werkzeug.wrappers import Response as BaseResponse

from kb_server.errors import NotFound
from kb_server.notifications import one_by_one
from kb_server.notifications.one_by_one import MOST, Going
from kb_server.notifications.routes import answers, listing
from kb_server.notifications.service import Teller
from kb_server.people.permissions import Thing, require
from kb_server.suggestions import service
from kb_server.web import live
from kb_server.web.context import build, kb
from kb_server.web.gate import actor
from kb_server.words import t
from kb_server.writing.forms import number


class OneByOne:
    """The route, with what tells people at hand."""

    def __init__(self, teller: Teller) -> None:
        self._teller = teller

    def page(self) -> BaseResponse:
        """The next that waits. Whoever follows a link to one that waits no more is led to what became of it."""
        listing.catch_up(self._teller)
        by, going = live.by(), _going()
        with kb().database.read() as connection:
            turn = one_by_one.turn(connection, by, build().pages, going)
            first = service.suggestion(connection, going.first) if going.first else None
        if first and (turn is None or turn.shown.card.suggestion.number != first.number):
            return live.to(f"s/{first.number}/")
        return _page(turn, going)


def _page(turn: one_by_one.Turn | None, going: Going) -> Response:
    return answers.page(
        "notifications/answer.html",
        "suggestions",
        turn=turn,
        going=going,
        team=build().roster.teams.get(going.team),
        key=secrets.token_urlsafe(12),
        when=live.when,
    )


def _going() -> Going:
    """How far somebody has come, by the address. Whatever makes no sense in it is as if it were not there."""
    team = request.args.get("team", "")
    if team and team not in build().roster.teams:
        raise NotFound(t("suggestions.no_team"))
    if team:
        require(actor(), "suggestion.answer", Thing(teams=(team,)))
    numbers = (number(text) for text in request.args.get("skip", "").split(",", MOST)[:MOST])
    skipped = tuple(dict.fromkeys(one for one in numbers if one))
    return Going(team, number(request.args.get("first", "")), skipped, min(number(request.args.get("done", "")), MOST))
