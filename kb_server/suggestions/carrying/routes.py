"""Carrying a suggested text over to the page of today, over HTTP: today's text in a box, with what was suggested."""

from __future__ import annotations

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as BaseResponse

from kb_server.suggestions.carrying import service
from kb_server.suggestions.edits import asking, forms, screen, storage
from kb_server.suggestions.edits.models import KeptEdit
from kb_server.suggestions.models import Suggestion
from kb_server.suggestions.routes import answers
from kb_server.web import live
from kb_server.web.context import build, kb
from kb_server.web.gate import actor
from kb_server.writing import drafts
from kb_server.writing.forms import number

blueprint = Blueprint("suggestion_carrying", __name__)


@blueprint.get("/s/<name>/carry/")
def page(name: str) -> Response:
    """The texts of today, each with what was suggested of the one before."""
    one, edits = _wanted(name)
    pages = build().pages
    typed = [asking.typed_of(pages, *service.place_of(edit, pages)) for edit in service.behind(edits, pages)]
    fields = forms.fields_of(typed) | {"version": str(one.version)}
    return screen.form(f"/s/{one.number}/carry/", fields, fresh=True)


@blueprint.post("/s/<name>/carry/")
def carry(name: str) -> BaseResponse:
    """Suggest the texts that are sent instead of those that are behind; look at them first; leave one out."""
    (one, edits), draft = _wanted(name), forms.draft_of(request.form)
    if left := screen.dropped(draft):
        return left
    pages = build().pages
    found = asking.ready(draft.typed, pages, screen.wiki(), build().id)
    changes = service.carried(edits, found, pages)
    if "preview" in draft.form.fields:
        return screen.form(request.path, draft.fields(), previews=found)
    with kb().database.transaction() as connection:
        service.carry(connection, live.by(), one, number(draft.form["version"]), changes)
        drafts.forget(connection, draft.form["draft"], live.writer())
    return live.done(f"s/{one.number}/")


def _wanted(name: str) -> tuple[Suggestion, list[KeptEdit]]:
    """The suggestion and its edits, for whoever may carry them over. Raises NotFound, Forbidden, Conflict."""
    with kb().database.read() as connection:
        one = answers.found(connection, name)
        edits = storage.edits_of(connection, one.number)
    service.refuse(actor(), one, edits, build().pages)
    return one, edits


screen.keeping("suggestion_carrying.carry").watch(blueprint)
