"""What became of a passage, as it is shown: where it went, how it reads now, or how it went away."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from markupsafe import Markup

from kb_server.pages import differences as changes
from kb_server.pages.passages import CHANGED, GONE, HERE
from kb_server.threads import origins
from kb_server.threads.models import Thread
from kb_server.threads.origins import Origin
from kb_server.words import each, t
from kb_server.writing.differing import marked

_NONE = Markup("")


@dataclass(frozen=True, slots=True)
class Became:
    """What became of a passage: a sentence, since when ("" where it is not known), and how it read, word by word.

    ``differs`` has the words that were there and those that are, marked, where it was changed.
    """

    fate: str
    says: str
    at: str = ""
    differs: Markup = _NONE


def became(connection: sa.Connection, threads: Iterable[Thread]) -> dict[str, Became]:
    """What became of the passages of these conversations, of those that are not where they were."""
    other = {one.id: one for one in threads if one.quote and one.fate != HERE}
    if not other:
        return {}
    known = origins.of(connection, other)
    return {key: _shown(one, known.get(key)) for key, one in other.items()}


def _shown(thread: Thread, origin: Origin | None) -> Became:
    if thread.fate == GONE:
        cause = origin.cause if origin else ""
        return Became(GONE, each("talk.gone", section=thread.section_title).get(cause, ""), _at(origin))
    if thread.fate == CHANGED and origin and thread.quote:
        count, words = differences(origin.exact, thread.quote.exact)
        return Became(CHANGED, t("talk.changed", count=count), origin.at, words)
    return Became(thread.fate, "", _at(origin))


def _at(origin: Origin | None) -> str:
    return origin.at if origin else ""


def differences(before: str, after: str) -> tuple[int, Markup]:
    """How many words are others, and both texts as one, with what was taken out and what was put in marked."""
    found = changes.pieces(before, after)
    return changes.count(found), marked(found)
