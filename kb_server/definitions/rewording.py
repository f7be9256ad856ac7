"""Whether a newer text may be declared to say the same as the one in force, and in words what stands against it."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa

from kb_server.definitions import storage
from kb_server.definitions.models import Wording
from kb_server.pages.wording import Objection, Text, objections
from kb_server.words import each, t

MOST = 5
"""Objections that are told; who has read these knows what to do."""
LONGEST = 80


def against(connection: sa.Connection, page: str, old: str, new: str, language: str) -> tuple[Objection, ...]:
    """What stands against declaring that the wordings of these two digests say the same; nothing where one may."""
    kept = [storage.wording(connection, page, digest) for digest in (old, new)]
    texts = [_text(one) for one in kept if one]
    return objections(texts[0], texts[1], language) if len(texts) == len(kept) else (Objection("unkept"),)


def reasons(found: Iterable[Objection]) -> list[str]:
    """The same for people: “30 became 14”, “a criterion was taken out”."""
    said = list(dict.fromkeys(map(_said, found)))
    more = len(said) - MOST
    return [*said[:MOST], t("wording.more", count=more)] if more > 0 else said


def _text(kept: Wording) -> Text:
    return Text(kept.text, kept.html)


def _said(one: Objection) -> str:
    if one.kind in ("order", "mark", "unseen", "unkept", "language"):
        return each("wording.whole", language=one.now)[one.kind]
    shape = "both" if one.was and one.now else "out" if one.was else "in" if one.now else "neither"
    values = {"was": _short(one.was), "now": _short(one.now)}
    match one.kind:
        case "line":
            return each("wording.line", **values)[shape]
        case "link":
            return each("wording.link", **values)[shape]
        case "number":
            return each("wording.number", **values)[shape]
    said = each("wording.word", **values)[shape]
    return t("wording.ask", said=said) if one.kind in ("word", "name") else said


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST].rstrip()} …"
