"""What a merge that cannot be built means to people: it waits for its author and for whoever runs the wiki."""

from __future__ import annotations

import sqlalchemy as sa

from kb_server.activity.storage import Event
from kb_server.notifications import whom
from kb_server.notifications.models import Effects, Ended, Source, Told, Wiki
from kb_server.words import each

NAME = "merge"
OWN, BROKE = "own", "broke"
"""Why somebody is told: it is their change, or they run the wiki."""


def _effects_of(connection: sa.Connection, wiki: Wiki, event: Event) -> Effects:
    """It is due at once, since nothing else goes live before; once there is a build again, it waits for nobody."""
    if event.verb == "merge.mended":
        return Effects(event.subject, ended=(Ended(event.subject),))
    author, ref = str(event.data.get("author") or ""), f"{NAME}:{event.subject}"
    admins = whom.people_called(connection, wiki.roster, sorted(wiki.roster.admins))
    reasons = dict.fromkeys(admins, BROKE) | ({author: OWN} if author else {})
    told = [Told(person, why, ref, ref, event.at, direct=True, by=author) for person, why in reasons.items()]
    return Effects(event.subject, told=tuple(told))


def _said(reason: str, name: str, _page: str, title: str) -> str:
    """In a line why somebody is told: "A change by Sam Ode cannot be published: Mend a typo"."""
    return each("merge.told", name=name, title=title)[reason]


SOURCE = Source(
    name=NAME,
    verbs=frozenset({"merge.broke", "merge.mended"}),
    effects=_effects_of,
    template="notifications/merge.html",
    said=_said,
    url_of=lambda _subject: "waiting/",
    watched=lambda subject: f"merge:{subject}",
    place_of=lambda _reason, _subject: "waiting/",
)
