"""What a route may reach: the settings, the store, the site."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import current_app

from kb_server.config import Settings
from kb_server.db import Database

if TYPE_CHECKING:
    from jinja2 import Template

    from kb_server.web.site import Site


@dataclass(frozen=True, slots=True)
class Kb:
    """One running server's parts."""

    settings: Settings
    database: Database
    site: Site


def kb() -> Kb:
    """The parts of the server that answers this request."""
    parts: Kb = current_app.extensions["kb"]
    return parts


def shell(name: str) -> Template:
    """The shell of the served build with this name, for ``{% extends shell %}``."""
    return kb().site.current().shell(name, current_app.jinja_env)
