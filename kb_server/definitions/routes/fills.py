"""What the server puts on the page of a definition: its state, the text in force, what the reader may say to it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import current_app, render_template

from kb_server.definitions import view
from kb_server.definitions.apart import service as sorting
from kb_server.definitions.apart import view as apart
from kb_server.definitions.apart.tally import Tally
from kb_server.definitions.apart.together import together
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
        viewer = answers.viewer(answers.by(connection))
        shown = view.shown(connection, facts, viewer, datetime.now(UTC))
        is_apart = shown.stands.is_apart
        tally = sorting.tally_of(connection, sorting.cases_of(connection, page), facts) if is_apart else None
    parts = {slots.STATE: "state", slots.GROUND: "ground", slots.FORCE: "force"}
    parts |= {slots.NEW: "new", slots.NEW_END: "new_end"} if shown.new else {}
    parts |= {slots.ASKED: "asked"} if shown.asked else {}
    parts |= {slots.example(number): "added" for number in shown.added}
    known = _known(shown)
    filled = {slot: _rendered(part, known) for slot, part in parts.items()}
    return filled | _apart(page, known, viewer, tally) if tally else filled


def _apart(page: Page, known: dict[str, Any], viewer: view.Viewer, tally: Tally) -> dict[str, str]:
    """Each team's text and how they sort the cases; and the ways to one wording, once there is nothing else to say."""
    shown: view.Shown = known["shown"]
    sides = apart.sides(shown.stands, shown.segments, page.term.text if page.term else "")
    counted = apart.counted(tally, viewer.roster, apart.verdicts(page))
    text = _rendered("force", known) + _rendered("apart", known, sides=sides, counted=counted)
    if {one.team for one in shown.stands.teams if not one.says} & viewer.speaks_for:
        return {slots.FORCE: text}
    ways = together(page, viewer.roster, live.by().actor.teams, shown.stands.teams, counted)
    return {slots.FORCE: text, slots.ASKED: _rendered("together", known, together=ways)}


def _known(shown: view.Shown) -> dict[str, Any]:
    """What all the parts of a page know, worked out once: Flask would do it anew for each of them."""
    known = {"shown": shown, "when": live.when}
    current_app.update_template_context(known)
    return known


def _rendered(part: str, known: dict[str, Any], **more: object) -> str:
    return current_app.jinja_env.get_template(f"definitions/{part}.html").render(known, **more).strip()
