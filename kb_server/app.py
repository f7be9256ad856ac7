"""The one place where the server is put together."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import Any

from flask import Flask, request
from jinja2 import ChoiceLoader, PackageLoader
from markupsafe import Markup

from kb_server import (
    accounts,
    definitions,
    guide,
    helpful,
    holdings,
    home,
    notifications,
    pages,
    previews,
    search,
    suggestions,
    threads,
    web,
)
from kb_server.accounts.routes import blueprint as account_routes
from kb_server.accounts.routes.account import HELD
from kb_server.builds import service as building
from kb_server.config import Settings
from kb_server.db import Database
from kb_server.definitions.routes import blueprint as definition_routes
from kb_server.definitions.routes import fills as definition_fills
from kb_server.definitions.routes.checks import fills as check_fills
from kb_server.errors import KbError
from kb_server.following import service as following
from kb_server.following.routes import blueprint as follow_routes
from kb_server.guide.routes import Above
from kb_server.guide.routes import blueprint as guide_routes
from kb_server.helpful.routes import blueprint as helpful_routes
from kb_server.home.routes import blueprint as home_routes
from kb_server.links.routes import install as count_links
from kb_server.links.service import Uses
from kb_server.notifications import conversations, merges
from kb_server.notifications import definitions as agreed
from kb_server.notifications import service as notifying
from kb_server.notifications import suggestions as suggested
from kb_server.notifications.models import Wiki
from kb_server.notifications.routes import blueprint as notification_routes
from kb_server.people.permissions import check_routes
from kb_server.previews.routes import blueprint as preview_routes
from kb_server.previews.shelf import preview_of
from kb_server.search import service as searching
from kb_server.search.routes import blueprint as search_routes
from kb_server.suggestions.applying.routes import blueprint as apply_routes
from kb_server.suggestions.carrying.routes import blueprint as carry_routes
from kb_server.suggestions.edits.routes import blueprint as edit_routes
from kb_server.suggestions.routes import blueprint as suggestion_routes
from kb_server.suggestions.routes.api import blueprint as suggestion_api
from kb_server.suggestions.routes.filling import fills as suggestion_fills
from kb_server.threads.routes import blueprint as thread_routes
from kb_server.threads.routes.api import blueprint as thread_api
from kb_server.upkeep import service as upkeep
from kb_server.web import compressing, errors, files, gate, headers, health, permalinks, sitemap
from kb_server.web.api.routes import blueprint as api_routes
from kb_server.web.application import Application
from kb_server.web.context import Kb, above, build, kb
from kb_server.web.site import Site
from kb_server.words import each, listed, t

MAX_BODY = 1024 * 1024
TELLING = (conversations.SOURCE, suggested.SOURCE, agreed.SOURCE, merges.SOURCE)
"""The features whose events somebody is told of."""
USES = "kb.uses"
"""Under this name `app.extensions` has what counts the uses of links, for the server's threads."""
TELLER = "kb.teller"
"""Under this name `app.extensions` has what tells people, for the server's threads."""


def create_app(settings: Settings, database: Database) -> Flask:
    """The WSGI application of one wiki. The store must be migrated; what is published may change at any time."""
    app = Application("kb_server", static_folder=None, template_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY
    # No redirect of Werkzeug's own: it would be absolute, built from whatever Host the asker sent.
    app.url_map.merge_slashes = app.url_map.strict_slashes = False
    site = Site(settings.data_dir / "builds", lambda: building.published_ids(database))
    fillers = (definition_fills, check_fills, suggestion_fills)
    seen = partial(preview_of, settings)
    app.extensions["kb"] = Kb(settings, database, site, fillers=fillers, above=Above(), preview_of=seen)
    app.extensions[TELLER] = teller = notifying.Teller(database, settings, lambda: _wiki(site), TELLING)
    app.extensions["kb.waiting"] = notifying.count_all
    app.extensions[HELD] = holdings.HELD
    _install_templates(app)
    headers.install(app, is_public=settings.is_public)
    compressing.install(app)
    errors.install(app)
    gate.install(app)
    app.extensions[USES] = uses = Uses()
    count_links(app, uses)
    talking = (thread_routes, thread_api(), helpful_routes, notification_routes(teller))
    asking = (suggestion_routes, edit_routes, carry_routes, apply_routes, suggestion_api(), definition_routes)
    first = home_routes(teller, lambda: _troubles(database, settings), lambda: following.live(database))
    reading = (preview_routes, search_routes(), api_routes(), account_routes, guide_routes)
    ours = (first, follow_routes, *reading, *talking, *asking)
    for blueprint in (*ours, sitemap.blueprint, permalinks.blueprint, files.blueprint):
        app.register_blueprint(blueprint)
    app.register_blueprint(
        health.blueprint(
            lambda: searching.index_state(database, settings),
            lambda: [*_problems(database, settings), *following.problems(database, datetime.now(UTC))],
            lambda: notifying.troubles(database, settings),
        )
    )
    check_routes(rule.endpoint for rule in app.url_map.iter_rules())
    return app


def _troubles(database: Database, settings: Settings) -> list[str]:
    """What whoever runs the wiki should see to, in sentences."""
    merged = following.problems(database, datetime.now(UTC), whole=True)
    return [*_problems(database, settings), *merged, *notifying.troubles(database, settings)]


def _problems(database: Database, settings: Settings) -> list[str]:
    return [*upkeep.problems(settings.data_dir), *searching.problems(database, settings)]


def _wiki(site: Site) -> Wiki:
    served = site.current()
    return Wiki(served.roster, served.pages)


def _install_templates(app: Flask) -> None:
    features = (home, search, accounts, guide, notifications, threads, suggestions, helpful, definitions, previews)
    packages = (*features, web, pages)
    app.jinja_loader = ChoiceLoader([PackageLoader(package.__name__) for package in packages])
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True

    def icon(name: str) -> Markup:
        try:
            return build().icon(name)
        except KbError:
            return Markup()

    app.jinja_env.globals |= {"icon": icon, "t": t, "each": each, "listed": listed, "kb_above": above}
    app.context_processor(_place)


def _place() -> dict[str, Any]:
    """Where the site lies, for every template: a build knows neither host nor path."""
    origin = kb().settings.origin or request.host_url.rstrip("/")
    return {"kb_base": request.script_root + "/", "kb_origin": origin}
