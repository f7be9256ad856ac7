"""What of suggestions can be found: each that everybody may read, and what was said about it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import sqlalchemy as sa

from kb_server.documents import reading as documents
from kb_server.documents import storage
from kb_server.documents.models import SUGGESTION, Draft
from kb_server.suggestions import reading
from kb_server.suggestions.models import Remark, Suggestion
from kb_server.writing import markdown


def url_of(number: int, remark_id: str = "") -> str:
    """Where a suggestion, or something said about it, can always be found; relative to the site's root."""
    return f"s/{number}/#{remark_id}" if remark_id else f"s/{number}/"


def ref(suggestion: Suggestion) -> str:
    """The name of a suggestion among all that can be found."""
    return f"suggestion:{suggestion.number}"


def ref_of_remark(remark: Remark) -> str:
    """The name of a remark among all that can be found."""
    return f"remark:{remark.id}"


def put(connection: sa.Connection, suggestion: Suggestion) -> None:
    """Let a suggestion be found as it is now."""
    storage.put(connection, [_asked(suggestion)], documents.analyser(connection))


def put_remark(connection: sa.Connection, suggestion: Suggestion, remark: Remark) -> None:
    """Let what somebody said be found as it is now."""
    storage.put(connection, [_said(suggestion, remark)], documents.analyser(connection))


def put_all(connection: sa.Connection, suggestion: Suggestion) -> None:
    """Let a suggestion and all that was said about it be found as they are now."""
    said = reading.shown_remarks(connection, suggestion.number)
    storage.put(connection, drafts(suggestion, said), documents.analyser(connection))


def remove_all(connection: sa.Connection, suggestion: Suggestion) -> None:
    """Let neither be found any more."""
    said = reading.shown_remarks(connection, suggestion.number)
    refs = [ref(suggestion), *map(ref_of_remark, said)]
    storage.remove(connection, refs, documents.analyser(connection))


def remove_remark(connection: sa.Connection, remark: Remark) -> None:
    """Let a remark be found no more."""
    storage.remove(connection, [ref_of_remark(remark)], documents.analyser(connection))


def drafts(suggestion: Suggestion, said: Iterable[Remark]) -> list[Draft]:
    """A suggestion and what was said about it, as they can be found."""
    return [_asked(suggestion), *(_said(suggestion, one) for one in said)]


def _asked(one: Suggestion) -> Draft:
    facts = {"state": one.state, "from": one.from_team, "to": one.to_team}
    return _draft(one, ref(one), url_of(one.number), one.html, one.mentions, facts)


def _said(one: Suggestion, remark: Remark) -> Draft:
    return _draft(one, ref_of_remark(remark), url_of(one.number, remark.id), remark.html, remark.mentions)


def _draft(  # noqa: PLR0913, PLR0917  -- the parts of a text
    one: Suggestion, ref: str, url: str, html: str, mentions: Mapping[str, str], facts: Mapping[str, object] = {}
) -> Draft:
    teams = tuple(sorted({one.to_team, one.from_team} - {""}))
    known: dict[str, object] = {"number": one.number, **facts} | ({"mentions": dict(mentions)} if mentions else {})
    return Draft(ref, SUGGESTION, one.page, one.title, url, markdown.plain(html), teams, known)
