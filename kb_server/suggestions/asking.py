"""Asking a team for something, saying it better, and asking another team instead."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from kb_server.errors import Conflict
from kb_server.people.permissions import require
from kb_server.people.secret import stamp
from kb_server.suggestions import acts, finding, states, storage, timing
from kb_server.suggestions.acts import Told
from kb_server.suggestions.faults import Stale, Wrong
from kb_server.suggestions.models import MORE, WAITING, Asking, Suggestion
from kb_server.suggestions.remarks import added
from kb_server.suggestions.states import ANSWERING, AUTHOR
from kb_server.words import t
from kb_server.writing import marking, pace, text
from kb_server.writing.markdown import VERSION
from kb_server.writing.models import By, Said
from kb_server.writing.sending import Sending

LONGEST_TITLE = 120
_OF_PLACE = ("page", "section", "section_title", "build", "digest")


def ask(connection: sa.Connection, by: By, asking: Asking) -> Suggestion:
    """Ask a team for something; gives the new suggestion. Raises Wrong, Invalid."""
    require(by.actor, "suggestion.ask")
    send = Sending(by, asking.said, _target(asking))
    if before := send.before(connection):
        return acts.numbered(connection, by.actor.id, int(before.removeprefix("S-")))
    new, ready = _new(connection, by, asking)
    pace.spend(connection, by)
    new = timing.begun(replace(new, number=storage.next_number(connection)), by)
    storage.add(connection, new)
    finding.put(connection, new)
    acts.log(connection, by, "asked", new, Told(ready=ready))
    send.remember(connection, new.name)
    return new


def _target(asking: Asking) -> str:
    """What tells it from everything else that could be asked in the same words."""
    place, marked = asking.place, asking.marked
    where = f"{place.page}#{place.section}" if place else ""
    return f"{asking.to_team} {asking.from_team} {where} {asking.title} {marked.exact if marked else ''}"


def _new(connection: sa.Connection, by: By, asking: Asking) -> tuple[Suggestion, text.Ready]:
    """What is asked for, without its number, and its text made ready. Raises Wrong, Invalid."""
    place, now = asking.place, stamp(by.now)
    to_team, from_team = _to_team(by, asking.to_team), _from_team(by, asking.from_team)
    title = titled(asking.title)
    quote = marking.quoted(place, asking.marked) if place else None
    ready = text.ready(connection, by, asking.said.body)
    where: dict[str, Any] = {name: getattr(place, name) for name in _OF_PLACE} if place else {}
    new = Suggestion(
        number=0,
        title=title or ready.title,
        body=ready.body,
        html=ready.made.html,
        renderer=VERSION,
        mentions=ready.mentions,
        author=by.actor.id,
        from_team=from_team,
        to_team=to_team,
        created_at=now,
        since=now,
        quote=quote,
        **where,
    )
    return new, ready


def edit(connection: sa.Connection, by: By, suggestion: Suggestion, title: str, said: Said) -> Suggestion:
    """Change what one has asked for; what it said before is kept. Raises Stale, Wrong, Invalid."""
    before = acts.present(connection, by, suggestion)
    require(by.actor, AUTHOR, states.thing(AUTHOR, before))
    typed, ready = titled(title), text.ready(connection, by, said.body)
    title = typed or ready.title
    if (title, ready.body) == (before.title, before.body):
        return before
    if said.version != before.version:
        raise Stale(before)
    pace.spend(connection, by)
    now = replace(text.reworded(by, before, ready), title=title)
    storage.reword(connection, before, now)
    finding.put_all(connection, now)
    acts.log(connection, by, "edited", now, Told(ready=added(ready, before.mentions)))
    return now


def address(connection: sa.Connection, by: By, suggestion: Suggestion, to_team: str, version: int) -> Suggestion:
    """Ask another team instead; its time to answer begins now. Raises Stale, Conflict, Wrong."""
    before = acts.present(connection, by, suggestion)
    require(by.actor, ANSWERING, states.thing(ANSWERING, before))
    if version != before.version:
        raise Stale(before)
    if before.state not in (WAITING, MORE):
        raise Conflict(t("suggestions.closed"))
    if _to_team(by, to_team) == before.to_team:
        return before
    pace.spend_small(connection, by)
    now = replace(before, to_team=to_team, state=WAITING, since=stamp(by.now), version=before.version + 1)
    now = timing.begun(now, by)
    storage.stand(connection, now)
    finding.put_all(connection, now)
    acts.log(connection, by, "addressed", now, was=before.to_team)
    return now


def titled(typed: str) -> str:
    """A title on one line; "" for none. Raises Wrong."""
    title = text.line(typed)
    if title is None or len(title) > LONGEST_TITLE:
        raise Wrong("title", t("suggestions.bad_title", most=LONGEST_TITLE))
    return title


def _to_team(by: By, team: str) -> str:
    if team not in by.roster.teams:
        raise Wrong("to_team", t("suggestions.no_team"))
    return team


def _from_team(by: By, team: str) -> str:
    if team and team not in by.actor.teams:
        raise Wrong("from_team", t("suggestions.not_yours"))
    return team
