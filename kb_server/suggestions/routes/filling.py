"""What the server puts on a page: how much is suggested about it, and how often it was improved."""

from __future__ import annotations

from flask import render_template
from sqlalchemy.exc import SQLAlchemyError

from kb_server.pages import slots
from kb_server.pages.manifest import Page
from kb_server.suggestions import reading
from kb_server.web.context import build, kb
from kb_server.words import listed


def fills(page: Page) -> dict[str, str]:
    """What belongs among the page's facts; nothing where there is nothing, or nobody can say."""
    if page.shell:
        return {}
    try:
        with kb().database.read() as connection:
            found = reading.on_page(connection, page.id)
    except SQLAlchemyError:  # a page is worth more without this line than not at all
        return {}
    if not (found.waiting or found.planned or found.improved):
        return {}
    teams = build().roster.teams
    names = listed([teams[one].name for one in teams if one in found.improved])
    line = render_template("suggestions/on_page.html", page=page, found=found, names=names).strip()
    return {slots.SUGGESTIONS: line, slots.SUGGESTIONS_ALONE: f'<div class="kb-facts">{line}</div>'}
