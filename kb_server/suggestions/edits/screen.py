"""The form in which texts are changed, as it is shown: with what was typed, what is in the way, how it would look."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flask import Response, request
from markupsafe import Markup

from kb_server.errors import KbError, NotFound
from kb_server.pages.manifest import Page
from kb_server.suggestions.edits import asking, finding, forms, view
from kb_server.suggestions.edits import beginning as pages
from kb_server.suggestions.edits.beginning import Wiki
from kb_server.suggestions.edits.forms import Draft
from kb_server.suggestions.edits.models import MOST, KeptEdit, StaleEdit, Typed, WrongEdit
from kb_server.suggestions.edits.view import Line, Shown
from kb_server.suggestions.faults import Stale, Wrong
from kb_server.suggestions.proposing import teams
from kb_server.suggestions.routes import answers
from kb_server.web import live
from kb_server.web.again import Again
from kb_server.web.context import build, kb
from kb_server.web.words import words_for
from kb_server.wiki.editing.rules import LONGEST
from kb_server.words import each, t
from kb_server.writing.forms import number
from kb_server.writing.models import Place

PATH = "/suggestions/change/"
CARRYING = "/carry/"
"""How the address of a form ends in which texts are carried over to those of today."""
GIVEN = ("title", "to_team", "from_team", "body")
"""What somebody may have said before they began to change the text."""
LEAST_ROWS, MOST_ROWS = 8, 28
WIDE = 60
"""Letters in a line of the box, about."""


@dataclass(frozen=True, slots=True)
class Box:
    """A text to be changed. ``hidden`` are the fields that tell of what; ``now`` is how it reads, if not as before.

    ``suggested`` is what was to be changed of the text of before, where that is carried over.
    """

    at: int
    title: str
    page_title: str
    page_url: str
    text: str
    rows: int
    hidden: Mapping[str, str]
    wrong: str = ""
    now: str = ""
    suggested: Sequence[Line] = ()


def wiki() -> Wiki:
    """What has to be known to begin a page."""
    home = kb().settings.config_file.parent
    return Wiki(build().manifest.pages, tuple(build().roster.teams), home, datetime.now(UTC).date())


def form(path: str, fields: dict[str, str], *, status: int = 200, **more: Any) -> Response:  # noqa: ANN401
    """The form at `path`, filled in."""
    error = more.pop("error", None)
    found: Sequence[KeptEdit] = more.pop("previews", ())
    draft = forms.draft_of(fields)
    suggested = _suggested(path)
    boxes = [_box(at, one, error, suggested) for at, one in enumerate(draft.typed)]
    given = {
        "action": path,
        "fields": fields,
        "boxes": boxes,
        "is_new": path == PATH,
        "words": words_for(status) if status != 200 else None,  # noqa: PLR2004
        "fault": {error.field: str(error)} if isinstance(error, Wrong) else {},
        "teams": teams(live.by(), _place(draft), fields),
        "others": _others(draft),
        "most": LONGEST,
        "many": MOST,
        "previews": [_looked_at(one) for one in found],
        "gone": [one for one in suggested.values() if not one.is_there],
    }
    return answers.page("suggestions/change.html", status=status, **{"fresh": False, **given, **more})


def dropped(draft: Draft) -> Response | None:
    """The form with one text less, where that is asked for; the last one stays."""
    if "drop" not in draft.form.fields:
        return None
    gone = number(draft.form["drop"])
    left = [one for at, one in enumerate(draft.typed) if at != gone]
    return form(request.path, draft.fields(left or draft.typed))


def _looked_at(one: KeptEdit) -> tuple[KeptEdit, Markup, Sequence[Line]]:
    """An edit, how it will look, and what would change in the text as it is."""
    looks = view.preview(one.after, one.path, build().pages, request.script_root)
    return one, looks, () if one.is_new_page else view.lines(one)


def _suggested(path: str) -> dict[tuple[str, str], Shown]:
    """What was suggested of texts that read otherwise by now, by page and section, where it is carried over."""
    if not path.endswith(CARRYING):
        return {}
    with kb().database.read() as connection:
        try:
            one = answers.found(connection, path.removesuffix(CARRYING).rpartition("/")[2])
        except NotFound:  # it was hidden while somebody wrote: what they typed is shown to them all the same
            return {}
        shown = view.shown(connection, one.number, build().pages)
    return {(one.edit.page, one.anchor): one for one in shown if not one.stands}


def keeping(*endpoints: str, also: tuple[str, ...] = ()) -> Again:
    """What is done with a form of these routes that could not be taken; people write texts there, and `also` this."""
    texts = tuple(f"text-{at}" for at in range(MOST))
    return Again(
        endpoints, (*texts, *also), _kept, form, lambda _: {}, "/suggestions/change/draft/{}/", forms.LONGEST_DRAFT
    )


def _kept(error: Exception) -> dict[str, str]:
    """What was typed, as it can be sent once more; of a section that reads otherwise by now, as a change of that."""
    draft = forms.draft_of(request.form)
    fields = draft.fields()
    if not draft.typed:
        fields |= _begun_with()
    if isinstance(error, StaleEdit):
        fields[f"was-{error.position}"] = asking.stamp_of(error.now)
    if isinstance(error, Stale):
        fields["version"] = str(error.current.version)
    return fields


def _begun_with() -> dict[str, str]:
    """The text of the section about which somebody had begun to say something."""
    page_id, section = request.args.get("page", ""), request.form.get("section", "")
    try:
        return forms.fields_of([asking.typed_of(build().pages, page_id, section)])
    except KbError:
        return {}


def choosing(page: Page | None, body: str, why: str) -> Response:
    """Which section of a page is to be changed; `body` is what was said of it so far."""
    return answers.page("suggestions/which.html", page=page, body=body, sections=finding.sections(page), why=why)


def beginning(args: Mapping[str, str], why: str = "") -> Response:
    """Which kind of page it is to be, what it is called and whose it is."""
    names = each("kind", count=1)
    kinds = {kind: names[kind] for kind in pages.OFFERED}
    return answers.page("suggestions/begin.html", args=args, kinds=kinds, roster=build().roster, why=why)


def _box(at: int, one: Typed, error: Exception | None, suggested: Mapping[tuple[str, str], Shown]) -> Box:
    page = build().pages.get(one.page)
    section = next((part for part in page.sections if part.anchor == one.section), None) if page else None
    lines = sum(1 + len(line) // WIDE for line in one.text.split("\n"))
    is_here = isinstance(error, (WrongEdit, StaleEdit)) and error.position == at
    values = forms.fields_of([one])
    return Box(
        at=at,
        title=one.name or (section.title if section else "") or (page.title if page else ""),
        page_title=page.title if page and not one.name else "",
        page_url=page.url + (f"#{one.section}" if one.section else "") if page else "",
        text=one.text,
        rows=max(LEAST_ROWS, min(MOST_ROWS, lines + 1)),
        hidden={f"{name[:-2]}-{at}": value for name, value in values.items() if name != "text-0"},
        wrong=str(error) if is_here else "",
        now=error.now if is_here and isinstance(error, StaleEdit) else "",
        suggested=before.lines if (before := suggested.get((one.page, one.section))) else (),
    )


def _others(draft: Draft) -> list[tuple[str, str]]:
    """The other sections of the pages that are changed, by their addresses."""
    taken = {(one.page, one.section) for one in draft.typed}
    found = [build().pages.get(page_id) for page_id in dict.fromkeys(one.page for one in draft.typed if not one.kind)]
    return [
        (f"p/{page.id}/{section.anchor}", section.title or t("edit.lead"))
        for page in found
        if page
        for section in finding.sections(page)
        if (page.id, section.anchor) not in taken
    ]


def _place(draft: Draft) -> Place | None:
    first = next((one for one in draft.typed if not one.kind), None)
    try:
        return answers.place(first.page, "") if first else None
    except KbError:
        return None
