"""What the server puts on the page of a definition: its state, the text in force, what the reader may say to it."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import render_template

from kb_server.definitions import view
from kb_server.definitions.pages import KIND, facts_of
from kb_server.definitions.routes import answers
from kb_server.pages import slots
from kb_server.pages.manifest import Page
from kb_server.web import live
from kb_server.web.context import kb


def fills(page: Page) -> dict[str, str]:
    """What belongs in the page's places; nothing on a page that defines nothing."""
    if page.kind != KIND:
        return {}
    facts = facts_of(page)
    if facts is None:  # without a text that binds there is nothing to agree to
        return {slots.STATE: render_template("definitions/nothing.html").strip()}
    with kb().database.read() as connection:
        shown = view.shown(connection, facts, answers.viewer(connection), datetime.now(UTC))
    parts = {slots.STATE: "state", slots.GROUND: "ground", slots.FORCE: "force"}
    parts |= {slots.NEW: "new", slots.NEW_END: "new_end"} if shown.new else {}
    parts |= {slots.ASKED: "asked"} if shown.asked else {}
    parts |= {slots.example(number): "added" for number in shown.added}
    return {slot: _rendered(part, shown) for slot, part in parts.items()}


def _rendered(part: str, shown: view.Shown) -> str:
    return render_template(f"definitions/{part}.html", shown=shown, when=live.when).strip()
