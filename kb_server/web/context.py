"""What a route may reach: the settings, the store, the site, and the one build that answers this request."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import Request, current_app, g, request
from jinja2 import Template
from markupsafe import Markup

from kb_server.config import Settings
from kb_server.db import Database
from kb_server.pages import layout
from kb_server.web.build import Build
from kb_server.web.filling import Filler
from kb_server.web.site import Site


@dataclass(frozen=True, slots=True)
class Kb:
    """One running server's parts."""

    settings: Settings
    database: Database
    site: Site
    fillers: tuple[Filler, ...]
    above: Callable[[], Markup]
    preview_of: Callable[[str], str]
    """Where what is on a branch can be seen, below the wiki's root; "" for nowhere."""


def kb() -> Kb:
    """The parts of the server that answers this request."""
    parts: Kb = current_app.extensions["kb"]
    return parts


def the_request() -> Request:
    """The request that is answered: for whoever asks much of it, since what stands for it in Flask is slow."""
    found: Request = request._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001  -- Werkzeug's documented way
    return found


def build() -> Build:
    """The build this request is answered from, the same from its first word to its last. Raises BuildError."""
    served: Build | None = g.get("build")
    if served is None:
        served = g.build = kb().site.current()
    return served


def above() -> Markup:
    """What stands above every page for whoever asks, as HTML; mostly nothing."""
    shown: Markup | None = g.get("above")
    if shown is None:
        shown = g.above = kb().above()
    return shown


def shell(name: str) -> Template:
    """The shell with this name, for ``{% extends shell %}``; for who may not read, the door. Raises BuildError."""
    return build().shell(name if _reads() else layout.DOOR, current_app.jinja_env)


def _reads() -> bool:
    """Whether who asks may read, as far as anybody has looked: the gate keeps in `g` whom it found."""
    return kb().settings.is_public or ("actor" in g and g.actor.reads)
