"""What conversations hold about a person. What they said stays for those it was said to, under an id and no name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from kb_server.documents import reading as documents
from kb_server.documents import storage as texts
from kb_server.documents.models import Draft
from kb_server.people.models import Person
from kb_server.people.privacy import Holding
from kb_server.threads import finding, reading, storage
from kb_server.threads.models import SHOWN, Comment
from kb_server.writing.text import first_line
from kb_server.writing.unnaming import handles_of, unnamed, without


def _export(connection: sa.Connection, person: Person, _now: datetime) -> dict[str, Any]:
    return {
        "said": [
            {
                "at": comment.created_at,
                "text": comment.body,
                "state": comment.state,
                "url": finding.url_of(comment.thread, comment.id),
                "before": [{"at": old.at, "text": old.body} for old in reading.versions_of(connection, comment.id)],
            }
            for comment in reading.said_by(connection, person.id)
        ],
        "settled": [
            {"at": one.settled_at, "reason": one.reason, "url": finding.url_of(one.id)}
            for one in reading.settled_by(connection, person.id)
        ],
        "agrees_with": [dict(row) for row in reading.reactions_of(connection, person.id)],
        "flagged": [dict(row) for row in reading.flags_of(connection, person.id)],
    }


def _forget(connection: sa.Connection, person: Person) -> None:
    storage.forget(connection, person.id)
    for comment in reading.mentioning(connection, person.id):
        _unname(connection, comment, person.id)
    for comment_id, old in reading.versions_naming(connection, person.handle) if person.handle else ():
        storage.rewrite_version(connection, comment_id, old.version, without([person.handle], old.body))


def _unname(connection: sa.Connection, comment: Comment, person_id: str) -> None:
    """Take somebody's handle out of what another person wrote."""
    handles = handles_of(comment.mentions, person_id)
    body, html, mentions = unnamed(comment.body, comment.mentions, person_id)
    comment = replace(comment, body=body, html=html, mentions=mentions)
    for old in reading.versions_of(connection, comment.id):
        storage.rewrite_version(connection, comment.id, old.version, without(handles, old.body))
    storage.rewrite(connection, comment)
    thread = reading.thread(connection, comment.thread)
    title = first_line(finding.words(comment))
    if thread and comment.state == SHOWN:
        _find_anew(connection, finding.ref(comment), title, finding.words(comment), comment.mentions)
        if reading.first_comment(connection, thread.id) == comment.id:
            storage.change_thread(connection, thread.id, title=title)
            _find_anew(connection, finding.ref_of_reason(thread), title, thread.reason)
        storage.page_changed(connection, thread.page)


def _find_anew(connection: sa.Connection, ref: str, title: str, text: str, mentions: Mapping[str, str] = {}) -> None:
    found = texts.documents_by_ref(connection, [ref]).get(ref)
    if found:
        facts: dict[str, object] = {**found.facts, "page_title": title}
        facts.pop("mentions", None)
        facts |= {"mentions": dict(mentions)} if mentions else {}
        draft = Draft(found.ref, found.kind, found.page_id, title, found.url, text, found.teams, facts)
        texts.put(connection, [draft], documents.analyser(connection))


HOLDING = Holding("conversations", _export, _forget)
