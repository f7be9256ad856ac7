"""What waits, ready for the templates: who said it, where, and the words for it."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from markupsafe import Markup

from kb_server.notifications import naming
from kb_server.notifications.models import Entry, Source, Wiki
from kb_server.notifications.service import Watched
from kb_server.people import service, storage
from kb_server.people.models import Actor
from kb_server.people.roster import Team
from kb_server.words import day, each, t

LONGEST = 600  # characters of what was said; the place has the rest
MINUTES_EACH = 0.5


@dataclass(frozen=True, slots=True)
class Card:
    """One thing that waits. ``sending`` lets an answer be sent twice and said once."""

    entry: Entry
    name: str
    teams: Sequence[Team]
    page_title: str
    page_url: str
    template: str
    title: str
    text: Markup
    is_cut: bool
    sending: str
    more: object


@dataclass(frozen=True, slots=True)
class Line:
    """Something that is watched, by what it is called and where it is."""

    watched: Watched
    title: str
    url: str
    is_yours: bool


def cards(  # noqa: PLR0913, PLR0917  -- what waits, for whom, when, and who says what
    connection: sa.Connection,
    wiki: Wiki,
    sources: Mapping[str, Source],
    actor: Actor,
    entries: Sequence[Entry],
    now: datetime,
) -> list[Card]:
    """The entries as `actor` is shown them. As many queries for one as for a hundred."""
    more = _more(connection, wiki, sources, actor, entries, now)
    called = naming.names(connection, [entry.facts for entry in entries], wiki.roster)
    ids = {entry.actor for entry in entries}
    people = storage.people_by_id(connection, ids) if ids else {}
    memberships = storage.memberships_by_person(connection, ids) if ids else {}
    shown = []
    for entry in entries:
        person, page = people.get(entry.actor), wiki.pages.get(entry.page)
        theirs = service.teams_of(person, memberships.get(person.id, []), wiki.roster) if person else frozenset()
        shown.append(
            Card(
                entry,
                person.name if person and person.name else t("talk.somebody"),
                [team for key, team in wiki.roster.teams.items() if key in theirs],
                page.title if page else t("talk.page_gone"),
                page.url if page else "",
                sources[entry.source].template,
                naming.plain(entry.title, entry.facts, called),
                naming.marked(entry.text[:LONGEST], entry.facts, called),
                len(entry.text) > LONGEST,
                secrets.token_urlsafe(12),
                more.get((entry.source, entry.subject)),
            )
        )
    return shown


def _more(  # noqa: PLR0913, PLR0917  -- as above
    connection: sa.Connection,
    wiki: Wiki,
    sources: Mapping[str, Source],
    actor: Actor,
    entries: Sequence[Entry],
    now: datetime,
) -> dict[tuple[str, str], object]:
    """What cards show besides, by source and subject."""
    found: dict[tuple[str, str], object] = {}
    for name in dict.fromkeys(entry.source for entry in entries):
        theirs = [entry for entry in entries if entry.source == name]
        shown = sources[name].more(connection, wiki, actor, theirs, now)
        found |= {(name, subject): one for subject, one in shown.items()}
    return found


def lead(count: int) -> str:
    """How much there is, and how long it takes."""
    numbers, minutes = each("number"), max(1, round(count * MINUTES_EACH))
    things = t("waiting.lead", count=count, things=numbers.get(str(count), f"{count:,}").capitalize())
    return f"{things} {t('waiting.minutes', count=minutes, minutes=numbers.get(str(minutes), f'{minutes:,}'))}"


def lines(wiki: Wiki, handle: str, titles: Mapping[str, tuple[str, str]], found: Sequence[Watched]) -> list[Line]:
    """What somebody watches, by name; what is not there any more is left out. `titles` are of what goes on."""
    shown = []
    for one in found:
        page = wiki.pages.get(one.id) if one.kind == "page" else None
        if page:
            shown.append(Line(one, page.title, page.url, is_yours=bool(handle) and page.meta.get("owner") == handle))
        elif one.what in titles:
            shown.append(Line(one, *titles[one.what], is_yours=False))
    return shown


def moment(stamp: str) -> str:
    """A moment as it is written where no script makes it local: `14 March 2027, 16:05 UTC`."""
    return t("date.moment", day=day(date.fromisoformat(stamp[:10])), time=stamp[11:16])
