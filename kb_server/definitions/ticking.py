"""What time alone brings about: seven days without an objection have passed, or a text is due for a fresh look.

Whoever ticks every minute does so by a `Watch`: to see that there is nothing to be done would take a second in a large
wiki, and there is nothing to be done until something is said of a definition, another build is served, a day has come
or a declaration has waited long enough.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta

from kb_server.db import Database
from kb_server.definitions import checking, service, storage
from kb_server.definitions.models import Announced, Facts, Standing
from kb_server.definitions.pages import facts_in
from kb_server.pages.manifest import Page
from kb_server.people.secret import stamp


class Watch:
    """What was found when this was last looked at, and until when that holds."""

    def __init__(self) -> None:
        """Nothing was ever looked at."""
        self._seen: tuple[Iterable[Page], int] = ((), -1)
        self._since = self._until = datetime.min.replace(tzinfo=UTC)

    def tick(self, database: Database, pages: Iterable[Page], now: datetime) -> list[str]:
        """The same as `tick`; one query where nothing can have changed. `pages` are one object as long as one build."""
        with database.read() as connection:
            number = storage.last_number(connection)
            if self._seen[0] is pages and self._seen[1] == number and self._since <= now < self._until:
                return []
            declared = storage.next_declaration(connection, stamp(now))
        done = tick(database, pages, now)
        tomorrow = datetime.combine(now.date() + timedelta(days=1), time(), now.tzinfo)
        self._until = min(tomorrow, datetime.fromisoformat(declared)) if declared else tomorrow
        self._seen, self._since = (pages, number), now
        return done


def tick(database: Database, pages: Iterable[Page], now: datetime) -> list[str]:
    """Settle what has changed by now, once whoever ticks; gives the ids of the pages.

    What a build brings about is settled when it is published. A node that still serves another one leaves that alone.
    """
    listed = list(pages)
    facts = facts_in(listed)
    with database.read() as connection:
        told = storage.announced_states(connection, [one.page for one in facts])
        same = [one for one in facts if one.page in told and told[one.page].digest == one.digest]
        stands = service.standings(connection, same, now)
    changed = [one for one in same if _has_changed(one, stands[one.page], told[one.page])]
    if changed:
        with database.transaction() as connection:
            service.settle_all(connection, changed, now)
    _tell(database, listed, now)
    return [one.page for one in changed]


def _tell(database: Database, pages: list[Page], now: datetime) -> None:
    """Tell of the pages under which a term has moved."""
    with database.read() as connection:
        found = checking.untold(connection, pages)
    if found:
        with database.transaction() as connection:
            checking.tell(connection, pages, now)


def _has_changed(facts: Facts, stands: Standing, told: Announced) -> bool:
    return service.announcement(facts, stands) != told
