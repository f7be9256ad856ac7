"""Changing the text itself, over HTTP: one form for sections and new pages, that needs no script."""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import urlencode

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as BaseResponse

from kb_server.errors import Invalid, KbError, NotFound
from kb_server.people.permissions import require
from kb_server.suggestions import states
from kb_server.suggestions.edits import asking, beginning, finding, forms, screen, storage
from kb_server.suggestions.edits.forms import Draft
from kb_server.suggestions.edits.models import MOST, KeptEdit, Typed
from kb_server.suggestions.models import OPEN, Asking
from kb_server.suggestions.routes import answers
from kb_server.web import drafting, live
from kb_server.web.context import build, kb
from kb_server.web.gate import actor, must
from kb_server.words import t
from kb_server.writing import drafts
from kb_server.writing.forms import number
from kb_server.writing.models import Said

CARRIED = 1_500
"""Characters of what was said that go along in an address, where it has to be chosen first what is changed."""

blueprint = Blueprint("suggestion_edits", __name__)


@blueprint.get("/suggestions/change/")
def new() -> Response:
    """The form with the text of a section in it; without one, which section of the page it is to be."""
    page_id, section = request.args.get("page", ""), request.args.get("section", "")
    page = build().pages.get(page_id)
    try:
        fields = forms.fields_of([asking.typed_of(build().pages, page_id, section)])
    except Invalid as error:
        return screen.choosing(page, request.args.get("body", ""), str(error) if "section" in request.args else "")
    with kb().database.read() as connection:
        fields["key"] = answers.tag(connection)
    given = {name: request.args[name] for name in screen.GIVEN if request.args.get(name)}
    return screen.form(screen.PATH, fields | given, fresh=True)


@blueprint.get("/suggestions/new-page/")
def new_page() -> Response:
    """The form with a template in it; before that, which kind of page, what it is called and whose it is."""
    kind, name = request.args.get("kind", ""), request.args.get("title", "")
    if not kind or not name.strip():
        return screen.beginning(request.args)
    chosen = tuple(dict.fromkeys(request.args.getlist("team")))[:MOST]
    typed = Typed("", kind=kind, name=name, teams=chosen)
    wiki = screen.wiki()
    try:
        beginning.checked(typed, wiki)
    except Invalid as error:
        return screen.beginning(request.args, str(error))
    fields = forms.fields_of([Typed(beginning.template(kind, wiki), kind=kind, name=name, teams=chosen)])
    with kb().database.read() as connection:
        fields["key"] = answers.tag(connection)
    to = next((team for team in chosen if team not in actor().teams), "")
    return screen.form(screen.PATH, fields | ({"to_team": to} if to else {}), fresh=True)


@blueprint.post("/suggestions/change/")
def ask() -> BaseResponse:
    """Suggest it, look at it first, or take another section in; whoever comes with an idea gets the text to change."""
    by, draft = live.by(), forms.draft_of(request.form)
    if not draft.typed:
        return _begun(draft)
    if changed := _arranged(draft):
        return changed
    form = draft.form
    found = asking.ready(draft.typed, build().pages, screen.wiki(), build().id)
    if "preview" in form.fields:
        return screen.form(screen.PATH, draft.fields(), previews=found)
    first = found[0]
    place = None if first.is_new_page else live.place_at(first.page, first.section)
    with kb().database.transaction() as connection:
        wanted = Asking(Said(form["body"], form["key"]), form["to_team"], form["from_team"], form["title"], place)
        made = asking.ask(connection, by, wanted, found)
        drafts.forget(connection, form["draft"], live.writer())
    return live.done(f"s/{made.number}/")


@blueprint.get("/suggestions/change/draft/<secret>/")
def draft(secret: str) -> Response:
    """What somebody was writing before they signed in, ready to be sent."""
    must("talk")
    fields = drafting.taken_up(secret)
    path, is_begun = fields.pop("path"), bool(fields.pop("begun", ""))
    note = "" if is_begun else t("talk.draft")
    return screen.form(path, {**fields, "draft": secret}, note=note, fresh=is_begun)


@blueprint.get("/s/<name>/change/")
def editing(name: str) -> Response:
    """The form to say otherwise how the text should read."""
    with kb().database.read() as connection:
        one = answers.found(connection, name)
        kept = storage.edits_of(connection, one.number)
    require(actor(), states.AUTHOR, states.thing(states.AUTHOR, one))
    if one.state not in OPEN:
        raise Invalid(t("edit.closed"))
    if not kept and not one.page:
        raise NotFound(t("edit.nowhere"))
    typed = [_typed(edit) for edit in kept] or [asking.typed_of(build().pages, one.page, one.section)]
    return screen.form(f"/s/{one.number}/change/", forms.fields_of(typed) | {"version": str(one.version)}, fresh=True)


@blueprint.post("/s/<name>/change/")
def edit(name: str) -> BaseResponse:
    """Suggest another text; the one of before is kept."""
    by, draft = live.by(), forms.draft_of(request.form)
    with kb().database.read() as connection:
        one = answers.found(connection, name)
        before = storage.edits_of(connection, one.number)
    require(by.actor, states.AUTHOR, states.thing(states.AUTHOR, one))
    if changed := _arranged(draft):
        return changed
    found = asking.ready(draft.typed, build().pages, screen.wiki(), build().id, before)
    if "preview" in draft.form.fields:
        return screen.form(request.path, draft.fields(), previews=found)
    with kb().database.transaction() as connection:
        asking.change(connection, by, answers.found(connection, name), number(draft.form["version"]), found)
        drafts.forget(connection, draft.form["draft"], live.writer())
    return live.done(f"s/{one.number}/")


def _typed(edit: KeptEdit) -> Typed:
    """What somebody suggested, to be changed."""
    if edit.is_new_page:
        return Typed(edit.after, page=edit.page, kind=forms.KEPT_PAGE, name=edit.title)
    return Typed(edit.after, edit.page, edit.section, asking.stamp_of(edit.before))


def _arranged(draft: Draft) -> Response | None:
    """The form with one section more, or one less, where that is asked for."""
    fields, typed = draft.form.fields, list(draft.typed)
    if "add" not in fields:
        return screen.dropped(draft)
    try:
        page_id, section = finding.meant(
            fields.get("address") or fields.get("more", ""), build().pages, request.script_root
        )
        if any((one.page, one.section) == (page_id, section) for one in typed):
            raise Invalid(t("edit.twice"))
        if len(typed) == MOST:
            raise Invalid(t("edit.many", most=MOST))
        more = asking.typed_of(build().pages, page_id, section)
    except KbError as error:
        return screen.form(
            request.path, draft.fields(), fault={"add": str(error)}, status=HTTPStatus.UNPROCESSABLE_ENTITY
        )
    return screen.form(request.path, draft.fields([*typed, more]), last=True)


def _begun(draft: Draft) -> BaseResponse:
    """On from what somebody began to say of a section to its text; their words become the reason."""
    page_id, section = request.args.get("page", ""), request.form.get("section", "")
    said = {name: draft.form[name] for name in screen.GIVEN if draft.form[name]}
    try:
        fields = forms.fields_of([asking.typed_of(build().pages, page_id, section)])
    except Invalid:
        if section:
            raise
        return live.to(f"suggestions/change/?{urlencode({'page': page_id, 'body': draft.form['body'][:CARRIED]})}")
    if not live.is_part():
        return screen.form(screen.PATH, fields | said, fresh=True)
    given = drafting.lay_by(fields | said | {"begun": "1", "path": screen.PATH}, forms.LONGEST_DRAFT)
    return live.to(f"suggestions/change/draft/{given}/")


screen.keeping("suggestion_edits.ask", "suggestion_edits.edit", also=("body",)).watch(blueprint)
