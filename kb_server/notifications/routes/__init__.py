"""Waiting for you over HTTP: the list, what one watches, how mail comes, and the address in a mail that ends it."""

from __future__ import annotations

from flask import Blueprint

from kb_server.notifications.routes import stop
from kb_server.notifications.routes.one_by_one import OneByOne
from kb_server.notifications.routes.programs import ForPrograms
from kb_server.notifications.routes.settings import Settings
from kb_server.notifications.routes.waiting import Waiting
from kb_server.notifications.service import Teller
from kb_server.web.api import operation


def blueprint(teller: Teller) -> Blueprint:
    """All routes, with what tells people at hand."""
    routes = Blueprint("notifications", __name__)
    add = routes.add_url_rule
    programs, waiting, settings = ForPrograms(teller), Waiting(teller), Settings(teller)
    listed = operation("Waiting for you", answers={200: "The list."})(programs.entries)
    gone = operation("Waiting for you", answers={204: "It does not wait any more, or did not."})(programs.seen)
    add("/api/v1/waiting", "entries", listed)
    add("/api/v1/waiting", "seen_by_program", gone, methods=["POST"])
    add("/waiting/", "page", waiting.page)
    add("/suggestions/answer/", "answering", OneByOne(teller).page)
    add("/waiting/seen/", "seen", waiting.seen, methods=["POST"])
    add("/waiting/settings/", "settings", settings.page)
    add("/waiting/settings/", "set_mail", settings.set_mail, methods=["POST"])
    add("/waiting/watch/", "watching", settings.watching)
    add("/waiting/watch/", "watch", settings.watch, methods=["POST"])
    add("/mail/<person_id>/<what>/<signature>/", "stopping", stop.ask)
    add("/mail/<person_id>/<what>/<signature>/", "stop", stop.stop, methods=["POST"])
    return routes
