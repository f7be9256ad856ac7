"""What became of a passage, as it is shown: where it went, how it reads now, or how it went away."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher

import sqlalchemy as sa
from markupsafe import Markup

from kb_server.pages.passages import CHANGED, GONE, HERE
from kb_server.threads import origins
from kb_server.threads.models import Thread
from kb_server.threads.origins import Origin
from kb_server.words import each, t

_WORD = re.compile(r"\w+|[^\w\s]|\s+")
_NONE = Markup("")
_ADDED, _TAKEN = Markup("<ins>{}</ins>"), Markup("<del>{}</del>")


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
    old, new = _WORD.findall(before), _WORD.findall(after)
    parts, count = [], 0
    for tag, start, end, to, until in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        taken, added = "".join(old[start:end]), "".join(new[to:until])
        if tag == "equal":
            parts.append(Markup.escape(taken))
            continue
        count += max(len(taken.split()), len(added.split()))
        parts += [mark.format(text) for mark, text in ((_TAKEN, taken), (_ADDED, added)) if text]
    return count, Markup("").join(parts)
