"""What was said and done lately, from the log: conversations and suggestions, each once, by what happened last."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from kb_server.activity.storage import THE_BUILD, Event, events_of
from kb_server.documents import storage as documents
from kb_server.notifications import storage as subjects
from kb_server.people import storage as people
from kb_server.words import t

VERBS = {
    "thread.started": "begun",
    "comment.posted": "answered",
    "suggestion.asked": "asked",
    "suggestion.planned": "planned",
    "suggestion.finished": "done",
}
"""What is told of, and by which words."""
LIVE = "live"
"""What a change did by itself: nobody said so."""
LOOKED_AT = 60


@dataclass(frozen=True, slots=True)
class News:
    """Something that happened: what it is called and where, and who did what when."""

    title: str
    url: str
    what: str
    name: str
    at: str


def lately(connection: sa.Connection, most: int) -> list[News]:
    """The last of what happened that everybody may see. Four queries."""
    last: dict[str, Event] = {}
    for event in events_of(connection, VERBS, LOOKED_AT):
        last.setdefault(str(event.data.get("thread") or event.subject), event)
    began = subjects.subjects_by_id(connection, list(last))
    firsts = {key: one.ref for key, one in began.items()}
    shown = documents.titles(connection, [*map(_ref, last.values()), *firsts.values()])
    found = [(key, event) for key, event in last.items() if _ref(event) in shown][:most]
    called = people.people_by_id(connection, {event.actor for _, event in found}) if found else {}
    names = {key: person.name for key, person in called.items()}
    # What is said in a conversation is called by what that began with, as long as everybody may see it.
    titles = {key: shown[ref][0] for key, ref in firsts.items() if ref in shown}
    return [_news(event, titles.get(key, ""), shown[_ref(event)], names) for key, event in found]


def _ref(event: Event) -> str:
    comment = event.data.get("comment")
    return f"comment:{comment}" if comment else f"suggestion:{event.data.get('number')}"


def _news(event: Event, called: str, shown: tuple[str, str], names: Mapping[str, str]) -> News:
    title, url = shown
    what = LIVE if event.actor == THE_BUILD else VERBS[event.verb]
    return News(called or title, url, what, names.get(event.actor) or t("talk.somebody"), event.at)
