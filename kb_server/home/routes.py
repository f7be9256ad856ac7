"""Home over HTTP. Where the wiki has no live home, or the store cannot be asked, it is the page the author wrote."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response as BaseResponse

from kb_server.home import service
from kb_server.home.directions import MOST_WAYS
from kb_server.home.steps import steps
from kb_server.notifications import view as cards
from kb_server.notifications.models import Wiki
from kb_server.notifications.routes import listing
from kb_server.notifications.service import Teller
from kb_server.web import files, live
from kb_server.web.context import build, kb
from kb_server.web.gate import actor
from kb_server.writing.models import MOST_BYTES

log = logging.getLogger("kb.home")

SHELL = "home"
Problems = Callable[[], list[str]]
Live = Callable[[], str]
"""Since when what is merged is live, "" where nobody follows."""


class Home:
    """The route, with what tells people, and what is the matter with the server, at hand."""

    def __init__(self, teller: Teller, problems: Problems, since: Live) -> None:
        self._teller = teller
        self._problems = problems
        self._since = since
        self._look = live.Look(SHELL, "kb_server.home", _common)

    def page(self) -> BaseResponse:
        """Home for whoever asks."""
        home = build().page_of.get("index.html")
        if home is None or home.shell != SHELL:
            return files.page_or_asset("")
        try:
            return self._page()
        except SQLAlchemyError as error:  # what the author wrote can be read all the same
            log.warning("Home is shown as it was written: %s", type(error).__name__)
            return files.page_or_asset("")

    def _page(self) -> BaseResponse:
        listing.catch_up(self._teller)
        now, me = datetime.now(UTC), actor()
        problems, since = (self._problems(), self._since()) if me.is_admin else ([], "")
        wiki = Wiki(build().roster, build().pages)
        with kb().database.read() as connection:
            # By the minute, since a clock runs; otherwise nothing here changes without a line of the log.
            etag = self._look.tag(service.standing(connection), now.strftime("%Y%m%d%H%M"), problems, since)
            if (kept := live.at_hand(etag)) is not None:
                return kept
            found = service.home(connection, me, wiki, {one.name: one for one in self._teller.sources}, now)
        run = {"problems": problems, "since": since}
        return self._look.page("home/page.html", etag=etag, home=found, run=run, now=now, today=now.date())


def blueprint(teller: Teller, problems: Problems, since: Live) -> Blueprint:
    """Home, with what tells people, what is the matter with the server, and since when it is up to date, at hand."""
    routes = Blueprint("home", __name__)
    routes.add_url_rule("/", "page", Home(teller, problems, since).page)
    return routes


def _common() -> Mapping[str, Any]:
    shared = {"lead": cards.lead, "when": live.when, "steps": steps, "limits": {"most": MOST_BYTES}}
    return shared | {"me": actor(), "teams": build().roster.teams, "most_ways": MOST_WAYS}
