"""What suggestions hold about a person. What they said stays for those it was said to, under an id and no name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from kb_server.people.models import Person
from kb_server.people.privacy import Holding
from kb_server.suggestions import finding, rows, storage
from kb_server.suggestions.closing import storage as landed
from kb_server.suggestions.edits import storage as edits
from kb_server.suggestions.history import remark_versions_of, versions_of
from kb_server.suggestions.models import DELETED, SHOWN, Remark, Suggestion, Version
from kb_server.suggestions.rows import ONE, asked, complete, place_in, said, votes
from kb_server.suggestions.storage import remark_versions, versions
from kb_server.writing import storage as writing
from kb_server.writing.unnaming import handles_of, unnamed, without


def _export(connection: sa.Connection, person: Person, _now: datetime) -> dict[str, Any]:
    theirs = complete(connection, ONE.where(asked.c.author == person.id).order_by(asked.c.number))
    does = complete(connection, ONE.where(asked.c.owner == person.id).order_by(asked.c.number))
    said_here = rows.remarks(connection, (said.c.author == person.id) & (said.c.state != DELETED))
    agreed = sa.select(votes.c.suggestion, votes.c.at).where(votes.c.person_id == person.id)
    return {
        "asked": [_asked(one) | _versions(connection, one) for one in theirs],
        "said": [_said(one) | {"before": _past(remark_versions_of(connection, one.id))} for one in said_here],
        "changed_the_text": [
            {"url": finding.url_of(number), "commit": commit}
            for number, commit in landed.made_by(connection, person.id)
        ],
        "does": [{"url": finding.url_of(one.number), "by_when": one.by_when} for one in does],
        "agrees_with": [
            {"url": finding.url_of(row.suggestion), "at": row.at}
            for row in connection.execute(agreed.order_by(votes.c.suggestion))
        ],
    }


def _asked(one: Suggestion) -> dict[str, Any]:
    facts = {name: getattr(one, name) for name in ("title", "state", "from_team", "to_team", "labels")}
    return facts | {"at": one.created_at, "text": one.body, "url": finding.url_of(one.number)}


def _versions(connection: sa.Connection, one: Suggestion) -> dict[str, Any]:
    """What it said before, and what it would have the text say, of now and of before."""
    changes = [
        {"at": past.at, "page": edit.path, "title": edit.title, "text": edit.after, "instead_of": edit.before}
        for past in edits.all_of(connection, one.number)
        for edit in past.edits
    ]
    return {"before": _past(versions_of(connection, one.number)), "changes": changes}


def _said(one: Remark) -> dict[str, Any]:
    facts = {"at": one.created_at, "text": one.body, "state": one.state, "act": one.act}
    return facts | {"url": finding.url_of(one.suggestion, one.id)}


def _past(before: Sequence[Version]) -> list[dict[str, str]]:
    return [{"at": old.at, "text": "\n\n".join(filter(None, (old.title, old.body)))} for old in before]


def _forget(connection: sa.Connection, person: Person) -> None:
    writing.forget_sendings_of(connection, person.id)
    landed.forget(connection, person.id)
    is_meant = place_in(connection, asked.c.mentions, f'"{person.id}"') > 0
    if person.handle:  # a title means nobody, but may name them
        is_meant |= place_in(connection, sa.func.lower(asked.c.title), f"@{person.handle.lower()}") > 0
    known = {person.handle} - {""}
    for one in complete(connection, ONE.where(is_meant)):
        known |= _unname(connection, one, person)
    for remark in rows.remarks(connection, place_in(connection, said.c.mentions, f'"{person.id}"') > 0):
        known |= _unname_remark(connection, remark, person)
    for handle in sorted(known):
        _unname_past(connection, handle)
        _unname_edits(connection, handle)
    storage.changed(connection)


def _unname_edits(connection: sa.Connection, handle: str) -> None:
    """The same for texts of the wiki that somebody suggested; what stands in the wiki itself is for the wiki to say."""
    for suggestion, version, edit in edits.naming(connection, f"@{handle}"):
        if f"@{handle}".lower() not in edit.before.lower():
            texts = {name: without([handle], getattr(edit, name)) for name in ("title", "front", "after")}
            edits.rewrite(connection, (suggestion, version, edit.position), **texts)


def _unname(connection: sa.Connection, one: Suggestion, person: Person) -> set[str]:
    """Take somebody's handles out of what another person asked for; gives them."""
    handles = {*handles_of(one.mentions, person.id), person.handle} - {""}
    body, html, mentions = unnamed(one.body, one.mentions, person.id)
    now = replace(one, title=without(handles, one.title), body=body, html=html, mentions=mentions)
    storage.rewrite(connection, now)
    if not now.hidden:
        finding.put_all(connection, now)
    return handles


def _unname_remark(connection: sa.Connection, remark: Remark, person: Person) -> set[str]:
    body, html, mentions = unnamed(remark.body, remark.mentions, person.id)
    now = replace(remark, body=body, html=html, mentions=mentions)
    storage.rewrite_remark(connection, now)
    (about,) = complete(connection, ONE.where(asked.c.number == remark.suggestion))
    if now.state == SHOWN and not about.hidden:
        finding.put_remark(connection, about, now)
    return set(handles_of(remark.mentions, person.id))


def _unname_past(connection: sa.Connection, handle: str) -> None:
    """The same for all that was said before."""
    both = versions.c.title.concat(" ").concat(versions.c.body)
    for row in connection.execute(sa.select(versions).where(_may_name(connection, both, handle))).all():
        title, body = without([handle], row.title), without([handle], row.body)
        storage.rewrite_version(connection, row.suggestion, row.version, title, body)
    here = _may_name(connection, remark_versions.c.body, handle)
    for row in connection.execute(sa.select(remark_versions).where(here)).all():
        storage.rewrite_remark_version(connection, row.remark, row.version, without([handle], row.body))


def _may_name(connection: sa.Connection, column: sa.ColumnElement[str], handle: str) -> sa.ColumnElement[bool]:
    """Whether a text has a handle in it, or a sign written by its number or name: then it has to be looked at."""
    plain = place_in(connection, sa.func.lower(column), f"@{handle.lower()}") > 0
    return plain | (place_in(connection, column, "&") > 0) | (place_in(connection, column, "\\") > 0)


HOLDING = Holding("suggestions", _export, _forget)
