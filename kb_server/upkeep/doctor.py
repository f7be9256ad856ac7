"""``kb doctor``: everything that can be looked at from here, each in a sentence, with what to do about it.

It changes nothing, and it has to work where nothing else does: a check that cannot be made is itself a finding.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

from sqlalchemy.exc import DBAPIError

from kb_server.config import Settings
from kb_server.db import Database
from kb_server.db.damage import Damaged, is_damage
from kb_server.errors import KbError
from kb_server.upkeep.checks import backups, builds, history, machine, store, teams, versions
from kb_server.upkeep.checks import settings as settings_checks
from kb_server.upkeep.models import Check, Installation, State, attention, broken
from kb_server.upkeep.starting import way_out

CHECKS: dict[str, Callable[[Installation], Iterable[Check]]] = {
    "server": machine.server,
    "versions": versions.versions,
    "disk": machine.disk,
    "network disk": machine.network_disk,
    "permissions": machine.permissions,
    "backup": backups.backups,
    "settings": settings_checks.settings,
    "history": history.history,
}
IN_THE_DATABASE: dict[str, Callable[[Installation], Iterable[Check]]] = {
    "index": store.index,
    "mail": store.mail,
    "following": store.following,
    "builds": builds.builds,
    "teams": teams.teams,
}


def examine(  # noqa: PLR0913, PLR0917  -- all that is looked at
    settings: Settings,
    published: Callable[[Database], Sequence[str]],
    audit: Callable[[Database], Sequence[str]] = lambda _: (),
    mail: Callable[[Database], Sequence[str]] = lambda _: (),
    merges: Callable[[Database], tuple[str, Sequence[str]] | None] = lambda _: None,
    unusable: Callable[[Database], str] = lambda _: "",
    named: Callable[[Database], Collection[str]] = lambda _: (),
) -> list[Check]:
    """Look at everything. For what is given besides the settings see `Installation`."""
    installation = Installation(settings, published, audit, mail, merges, unusable, named)
    if not settings.data_dir.is_dir():
        finding = f"There is no folder {settings.data_dir}: nothing was ever published there."
        nothing = attention("data", finding, "Run `kb serve --build`, or name the folder there is in KB_DATA_DIR.")
        return [*versions.versions(installation), nothing, *settings_checks.settings(installation)]
    found = list(_made("database", store.store, installation))
    # If something is the matter with the database, that sentence is enough: the others would follow from it.
    asked = CHECKS | (IN_THE_DATABASE if worst(found) is State.OK else {})
    return found + [check for name, look in asked.items() for check in _made(name, look, installation)]


def is_broken(checks: Iterable[Check]) -> bool:
    """Whether anything does not work."""
    return worst(checks) is State.BROKEN


def worst(checks: Iterable[Check]) -> State:
    """How it stands altogether."""
    return max((check.state for check in checks), key=list(State).index, default=State.OK)


def _made(name: str, look: Callable[[Installation], Iterable[Check]], installation: Installation) -> Iterator[Check]:
    try:
        yield from look(installation)
    except (KbError, OSError, DBAPIError, sqlite3.Error) as error:
        if isinstance(error, Damaged) or is_damage(getattr(error, "orig", error)):
            yield broken(name, "It cannot be looked at: the database is damaged.", way_out(installation.settings))
        else:
            said = str(getattr(error, "orig", error))
            yield broken(name, f"It cannot be looked at: {said}", "See that this user may read it, and try again.")
