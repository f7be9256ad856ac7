"""Suggestions and remarks as programs get them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import sqlalchemy as sa

from kb_server.activity.storage import THE_BUILD, THE_CLOCK, Event
from kb_server.suggestions import models, service
from kb_server.suggestions.edits import storage as edits
from kb_server.suggestions.finding import url_of
from kb_server.suggestions.models import DELETED, ids_in
from kb_server.suggestions.routes import shapes
from kb_server.web.api import Answer, matching
from kb_server.web.api.shared import Quote, person
from kb_server.web.context import build
from kb_server.web.gate import actor
from kb_server.writing import markdown
from kb_server.writing.names import Names


def answered(connection: sa.Connection, one: models.Suggestion, status: int = 0) -> Answer[shapes.Suggestion]:
    """A suggestion as an answer; with a `status`, one that was just made."""
    (shown,) = suggestions(connection, [one])
    headers = {"Location": f"/api/v1/suggestions/{one.number}"} if status else {}
    rest = hashlib.sha256(shown.model_dump_json().encode()).hexdigest()[:12]
    return Answer(shown, status, etag=matching.tag(one.version, rest), headers=headers)


def suggestions(connection: sa.Connection, found: Sequence[models.Suggestion]) -> list[shapes.Suggestion]:
    """Suggestions, with the names of this moment."""
    called = Names(connection, ids_in(found), build().roster)
    texts = edits.counts_of(connection, [one.number for one in found])
    return [_suggestion(one, called, texts.get(one.number, 0)) for one in found]


def _suggestion(one: models.Suggestion, called: Names, texts: int) -> shapes.Suggestion:
    return shapes.Suggestion(
        number=one.number,
        name=one.name,
        title=one.title,
        body=one.body,
        html=str(markdown.named(one.html, called.name)),
        author=person(one.author, called),
        from_team=one.from_team,
        to_team=one.to_team,
        state=one.state,
        since=one.since,
        page=one.page,
        section=one.section,
        quote=Quote.model_validate(one.quote) if one.quote else None,
        owner=person(one.owner, called) if one.owner else None,
        by_when=one.by_when,
        due=one.due,
        left=one.left,
        passed=one.passed,
        answered_at=one.answered_at,
        in_time=one.in_time,
        into=one.into or None,
        votes=one.votes,
        agreed=one.mine,
        labels=list(one.labels),
        created_at=one.created_at,
        edited_at=one.edited_at,
        version=one.version,
        sample=one.sample,
        edits=texts,
        may=list(service.may_act(actor(), one)),
        url=url_of(one.number),
    )


def remarks(connection: sa.Connection, said: Sequence[models.Remark]) -> list[shapes.Remark]:
    """Remarks, with the names of this moment."""
    called = Names(connection, ids_in([], said), build().roster)
    return [
        shapes.Remark(
            id=one.id,
            suggestion=one.suggestion,
            author=person(one.author, called),
            act=one.act,
            body=one.body,
            html=str(markdown.named(one.html, called.name)),
            state=one.state,
            version=one.version,
            created_at=one.created_at,
            edited_at=one.edited_at,
            url=url_of(one.suggestion, one.id),
        )
        for one in said
    ]


def history(connection: sa.Connection, lines: Sequence[tuple[Event, models.Remark | None]]) -> shapes.History:
    """What happened, with the names of this moment."""
    called = Names(connection, {event.actor for event, _ in lines} - {THE_BUILD, THE_CLOCK}, build().roster)
    return shapes.History(history=[_happened(event, remark, called) for event, remark in lines])


def _happened(event: Event, remark: models.Remark | None, called: Names) -> shapes.Happened:
    is_there = remark is not None and remark.state != DELETED
    return shapes.Happened(
        at=event.at,
        what=event.verb.rpartition(".")[2],
        who=None if event.actor in {THE_BUILD, THE_CLOCK} else person(event.actor, called),
        state=str(event.data.get("state", "")),
        remark=remark.id if remark else "",
        said=remark.body if remark and is_there else "",
    )
