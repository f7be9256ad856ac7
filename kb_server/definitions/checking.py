"""Pages to look at once more because a term they use has another meaning now.

A page that links to a definition was written by the version in force then. When another one comes into force, the page
is to be checked, until its own text changes or somebody says that it is still right. Only links count, and one step: a
definition that uses another is such a page itself, so no circle goes round for ever. A version that only reads
otherwise asks for nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa

from kb_server.activity.storage import THE_BUILD, record
from kb_server.definitions import checks, storage
from kb_server.definitions.checks import Looked
from kb_server.definitions.models import AGREED, Version
from kb_server.definitions.pages import KIND
from kb_server.pages.manifest import Page
from kb_server.people.permissions import Thing, require
from kb_server.people.secret import stamp
from kb_server.writing.models import By

Links = Mapping[str, tuple[str, ...]]
"""The definitions each page links to, by the ids of the pages; pages that link to none are not in it."""


@dataclass(frozen=True, slots=True)
class Moved:
    """A term that has another meaning than when a page was looked at: version ``was`` became ``now``."""

    term: str
    was: int
    now: int
    number: int


def to_check(terms: Iterable[str], versions: Mapping[str, Sequence[Version]], since: int) -> list[Moved]:
    """The terms that have moved since number `since`, when a page that uses them was last looked at."""
    found = []
    for term in terms:
        news = [one for one in versions.get(term, ()) if asks(one) and one.number > since]
        if news:
            found.append(Moved(term, news[0].version - 1, news[-1].version, news[-1].number))
    return found


def asks(version: Version) -> bool:
    """Whether a version means something else than one before it."""
    return version.how == AGREED and version.version > 1


def links_in(pages: Iterable[Page]) -> dict[str, tuple[str, ...]]:
    """The definitions each of these pages links to, itself left out."""
    found = list(pages)
    terms = {page.id for page in found if page.kind == KIND}
    linked = {page.id: tuple(one for one in page.links if one in terms and one != page.id) for page in found}
    return {page: links for page, links in linked.items() if links}


def note(connection: sa.Connection, pages: Iterable[Page]) -> None:
    """Note what each page that uses a term says now: one that changed was looked at, just now."""
    found = list(pages)
    links = links_in(found)
    digests = {page.id: page.digest for page in found if page.id in links}
    known = checks.looked_at(connection, list(digests))
    changed = [page for page, digest in digests.items() if page not in known or known[page].digest != digest]
    if changed:
        since = storage.next_number(connection)
        checks.put(connection, [Looked(page, digests[page], since, since) for page in changed])


def moved_under(connection: sa.Connection, page: str, terms: Sequence[str], upto: int = 0) -> list[Moved]:
    """The terms that have moved under a page, or would have if it had been looked at by number `upto`; two queries."""
    looked = checks.looked_at(connection, [page]).get(page)
    return to_check(terms, checks.versions_that_ask(connection, terms), max(looked.since, upto)) if looked else []


def asked_by(connection: sa.Connection, term: str, pages: Sequence[str]) -> tuple[int, int]:
    """The version that asks, and how many of these pages, which link to the term, it asks for a check; two queries."""
    last = checks.versions_that_ask(connection, [term]).get(term, [])[-1:]
    return (last[0].version, checks.looked_before(connection, pages, last[0].number)) if last else (0, 0)


def thing(page: Page) -> Thing:
    """Whose page it is, for who may clear it."""
    return Thing(owner=str(page.meta.get("owner") or ""), teams=page.teams)


def clear(connection: sa.Connection, by: By, page: Page, seen: int) -> None:
    """Say that a page is still right by all that has come into force up to the number `seen`. Raises Forbidden."""
    require(by.actor, "definition.check", thing(page))
    storage.next_number(connection)  # alone from here on
    moved = moved_under(connection, page.id, page.links)
    upto = min(seen, max((one.number for one in moved), default=0))
    if moved == moved_under(connection, page.id, page.links, upto):
        return
    looked = checks.looked_at(connection, [page.id])[page.id]
    checks.put(connection, [replace(looked, since=upto)])
    data = {"page": page.id, "terms": [one.term for one in moved], "teams": list(page.teams)}
    record(connection, actor=by.actor.id, verb="page.checked", subject=page.id, data=data, at=stamp(by.now))


def untold(connection: sa.Connection, pages: Iterable[Page]) -> list[tuple[Page, list[Moved]]]:
    """The pages that are to be checked and were not told so, with what has moved; two queries."""
    listed = {page.id: page for page in pages}
    links = links_in(listed.values())
    versions = checks.versions_that_ask(connection, list({term for terms in links.values() for term in terms}))
    if not versions:
        return []
    looked = checks.looked_at(connection, list(links))
    found = ((page, to_check(links[page], versions, max(one.since, one.told))) for page, one in looked.items())
    return [(listed[page], moved) for page, moved in found if moved]


def tell(connection: sa.Connection, pages: Iterable[Page], now: datetime) -> list[str]:
    """Write a line in the log for each page that is to be checked and was not told of before; gives their ids."""
    storage.next_number(connection)  # whoever holds it is alone: nobody else tells the same
    found = untold(connection, pages)
    looked = checks.looked_at(connection, [page.id for page, _ in found])
    checks.put(connection, [replace(looked[page.id], told=max(one.number for one in moved)) for page, moved in found])
    for page, moved in found:
        data = {"page": page.id, "terms": [one.term for one in moved], "teams": list(page.teams)}
        record(connection, actor=THE_BUILD, verb="page.to_check", subject=page.id, data=data, at=stamp(now))
    return [page.id for page, _ in found]
