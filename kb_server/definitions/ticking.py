"""What time alone brings about: seven days without an objection have passed, or a text is due for a fresh look."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from kb_server.db import Database
from kb_server.definitions import checking, service, storage
from kb_server.definitions.models import Announced, Facts, Standing
from kb_server.definitions.pages import facts_in
from kb_server.pages.manifest import Page


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
