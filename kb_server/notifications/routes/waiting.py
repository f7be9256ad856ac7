"""What waits, for people: the list, or one thing after the other."""

from __future__ import annotations

from flask import Response, request
from werkzeug.wrappers import Response as BaseResponse

from kb_server.notifications import service, view
from kb_server.notifications.routes import answers, listing
from kb_server.notifications.service import Teller
from kb_server.web.context import kb
from kb_server.web.gate import actor

PER_PAGE = 20


class Waiting:
    """The routes, with what tells people at hand."""

    def __init__(self, teller: Teller) -> None:
        self._teller = teller

    def page(self) -> Response:
        """The list; with ``one`` in the address one thing after the other."""
        one = "one" in request.args
        cursor = request.args.get("cursor", "")
        found = listing.part(self._teller, cursor, 1 if one else PER_PAGE)
        return answers.page(
            "notifications/waiting.html",
            cards=found.cards,
            following=found.following,
            count=found.count,
            joining=found.joining,
            one=one,
            cursor=cursor,
            lead=view.lead(found.count + found.joining),
        )

    def seen(self) -> BaseResponse:
        """One has seen to something."""
        with kb().database.transaction() as connection:
            service.seen(connection, actor(), request.form.get("key", ""))
        return answers.back("waiting/")
