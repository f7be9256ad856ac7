"""What the server puts on the page of a definition."""

from __future__ import annotations

from flask import render_template

from kb_server.definitions import service
from kb_server.pages import slots
from kb_server.pages.manifest import Page


def fills(page: Page) -> dict[str, str]:
    """What belongs in the page's places; nothing on a page that defines nothing."""
    if page.kind != "definition":
        return {}
    return {slots.STATE: render_template("definitions/state.html", state=service.state_of(page.id)).strip()}
