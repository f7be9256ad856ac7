"""Suggestions for programs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Annotated

from flask import Blueprint
from pydantic import Field, TypeAdapter
from sqlalchemy import Connection

from kb_server.people.secret import stamp
from kb_server.suggestions import acts, models, reading, service
from kb_server.suggestions.edits import programs
from kb_server.suggestions.faults import Stale, Wrong
from kb_server.suggestions.models import OPEN, Asking, Filter, Suggestion
from kb_server.suggestions.outcomes import DONE, GONE, MADE, MAY, TAG
from kb_server.suggestions.routes import shapes, showing
from kb_server.web import live
from kb_server.web.api import Answer, Fault, Unusable, cursors, matching, operation
from kb_server.web.api.shared import Keyed
from kb_server.web.context import kb
from kb_server.web.gate import actor
from kb_server.writing.models import Marked, Said

NUMBER = TypeAdapter(Annotated[int, Field(ge=1, lt=1 << 63)])
ACTING = MAY | GONE | matching.NEEDED


def blueprint() -> Blueprint:
    """All routes for programs."""
    routes = Blueprint("suggestions_api", __name__)
    for path, method, view in (
        ("", "GET", suggestions),
        ("", "POST", ask),
        ("/<number>", "GET", suggestion),
        ("/<number>", "PUT", edit),
        ("/<number>/history", "GET", history),
        ("/<number>/edits", "GET", programs.edits),
        ("/<number>/acts", "POST", act),
        ("/<number>/vote", "PUT", vote),
        ("/<number>/vote", "DELETE", unvote),
        ("/<number>/team", "PUT", address),
        ("/<number>/labels", "PUT", label),
        ("/<number>/remarks", "GET", remarks),
        ("/<number>/remarks", "POST", remark),
    ):
        routes.add_url_rule(f"/api/v1/suggestions{path}", view_func=view, methods=[method])
    return routes


# ── Reading ───────────────────────────────────────────────────────────────


@operation(TAG, answers={200: "The suggestions, in the order that was asked for."})
def suggestions(query: shapes.Wanted) -> shapes.Suggestions:
    """What teams ask of one another."""
    of = ("suggestions", *(value for name, value in query if name not in {"limit", "cursor"}))
    after = cursors.read(query.cursor, NUMBER, *of) or 0
    with kb().database.read() as connection:
        wanted, most = filter_of(query, datetime.now(UTC)), query.limit + 1
        found = reading.listed(connection, wanted, query.order, after=after, most=most, viewer=actor().id)
        shown, following = cursors.cut(found, query.limit, lambda one: one.number, *of)
        return shapes.Suggestions(suggestions=showing.suggestions(connection, shown), next=following)


@operation(TAG, answers={200: "The suggestion."})
def suggestion(path: shapes.One) -> Answer[shapes.Suggestion]:
    """A suggestion. Its `ETag` is what a change has to match."""
    with kb().database.read() as connection:
        return showing.answered(connection, _found(connection, path))


@operation(TAG, answers={200: "What happened, oldest first."})
def history(path: shapes.One) -> shapes.History:
    """What has become of a suggestion so far."""
    with kb().database.read() as connection:
        return showing.history(connection, service.history_of(connection, _found(connection, path)))


@operation(TAG, answers={200: "The remarks, in the order they were made."})
def remarks(path: shapes.One, query: shapes.Part) -> shapes.Remarks:
    """What is said about a suggestion."""
    with kb().database.read() as connection:
        found = _found(connection, path)
        after = cursors.read(query.cursor, NUMBER, "remarks", found.number) or 0
        rows = reading.remarks_of(connection, found.number, after=after, most=query.limit + 1)
        shown, following = cursors.cut(rows, query.limit, lambda one: one.number, "remarks", found.number)
        return shapes.Remarks(remarks=showing.remarks(connection, shown), next=following)


# ── Asking, agreeing, remarking ───────────────────────────────────────────


@operation(TAG, answers=MADE, errors=MAY)
def ask(body: shapes.Asked, headers: Keyed) -> Answer[shapes.Suggestion]:
    """Ask a team for something."""
    place = live.place_at(body.page, body.section) if body.page else None
    passage = Marked(body.quote.exact, body.quote.prefix, body.quote.suffix) if body.quote else None
    with kb().database.transaction() as connection, _told():
        said = Said(body.body, headers.key, strict=True)
        asking = Asking(said, body.to_team, body.from_team, body.title, place, passage)
        made = service.ask(connection, live.by(), asking)
        return showing.answered(connection, made, 201)


@operation(TAG, answers=DONE, errors=MAY | GONE)
def vote(path: shapes.One) -> Answer[shapes.Suggestion]:
    """Agree with a suggestion, so that it counts and you hear what becomes of it."""
    return _with(path, lambda connection, one: service.vote(connection, live.by(), one))


@operation(TAG, answers=DONE, errors=MAY | GONE)
def unvote(path: shapes.One) -> Answer[shapes.Suggestion]:
    """Agree no longer, neither with what joined it."""
    return _with(path, lambda connection, one: service.vote(connection, live.by(), one, does=False))


@operation(TAG, answers=MADE, errors=MAY)
def remark(path: shapes.One, body: shapes.Remarked, headers: Keyed) -> Answer[shapes.Remark]:
    """Say something about a suggestion."""
    with kb().database.transaction() as connection:
        said = Said(body.body, headers.key, strict=True)
        made = service.remark(connection, live.by(), _found(connection, path), said)
        return Answer(
            showing.remarks(connection, [made])[0], 201, headers={"Location": _at(made.suggestion, "/remarks")}
        )


# ── What becomes of it ────────────────────────────────────────────────────


@operation(TAG, answers=DONE, errors=ACTING)
def act(path: shapes.One, body: shapes.Given, headers: shapes.Doing) -> Answer[shapes.Suggestion]:
    """Answer a suggestion, or do whatever else becomes of it.

    What may be done from which state, and by whom, is one table; `may` of a suggestion names what is open to you.
    """

    def do(connection: Connection, one: Suggestion) -> Suggestion:
        version = matching.version(headers.match, one.version)
        given = models.Given(**body.model_dump(), version=version, key=headers.key, strict=True)
        return service.act(connection, live.by(), one, given)

    return _with(path, do)


@operation(TAG, answers=DONE, errors=ACTING)
def edit(path: shapes.One, headers: matching.Matching, body: shapes.Reworded) -> Answer[shapes.Suggestion]:
    """Say better what you have asked for. What it said before is kept."""

    def do(connection: Connection, one: Suggestion) -> Suggestion:
        said = Said(body.body, version=matching.version(headers.match, one.version))
        return service.edit(connection, live.by(), one, body.title, said)

    return _with(path, do)


@operation(TAG, answers=DONE, errors=ACTING)
def address(path: shapes.One, headers: matching.Matching, body: shapes.Addressed) -> Answer[shapes.Suggestion]:
    """Ask another team instead. Its time to answer begins now."""

    def do(connection: Connection, one: Suggestion) -> Suggestion:
        return service.address(connection, live.by(), one, body.to_team, matching.version(headers.match, one.version))

    return _with(path, do)


@operation(TAG, answers=DONE, errors=MAY)
def label(path: shapes.One, body: shapes.Labelled) -> Answer[shapes.Suggestion]:
    """Give a suggestion these labels and no others."""
    return _with(path, lambda connection, one: service.label(connection, live.by(), one, body.labels))


# ── Shared by all of them ─────────────────────────────────────────────────


def filter_of(query: shapes.Listed, now: datetime) -> Filter:
    """Which suggestions are meant."""
    state = OPEN if query.state == "open" else (query.state,) if query.state else ()
    return Filter(
        to_team=_each(query.to),
        from_team=_each(query.of),
        state=state,
        page=_plain(query.page),
        label=_plain(query.label),
        author=_plain(query.author),
        owner=_plain(query.owner),
        late=stamp(now) if query.late else "",
        in_time=query.in_time,
        since=query.since,
        text=_plain(query.text),
    )


def _each(team: str) -> tuple[str, ...]:
    return (_plain(team),) if team else ()


def _plain(text: str) -> str:
    """A text without signs that no database could hold; one of nothing else is no text that anything has."""
    return "".join(sign for sign in text if sign.isprintable()) or (text and "-")


def _with(path: shapes.One, do: Callable[[Connection, Suggestion], Suggestion]) -> Answer[shapes.Suggestion]:
    with kb().database.transaction() as connection, _told():
        now = do(connection, _found(connection, path))
        return showing.answered(connection, reading.suggestion(connection, now.number, actor().id) or now)


@contextmanager
def _told() -> Iterator[None]:
    """Say which part of the body cannot be used, and that somebody was faster."""
    try:
        with matching.failing(Stale):
            yield
    except Wrong as error:
        raise Unusable(Fault(detail=str(error), pointer=f"/{error.field}")) from error


def _found(connection: Connection, path: shapes.One) -> Suggestion:
    return acts.numbered(connection, actor().id, path.number)


def _at(number: int, behind: str = "") -> str:
    return f"/api/v1/suggestions/{number}{behind}"
