"""The sample activity of all features: written once, before the first visitor comes, and taken away by one command.

A feature that shows something to a first visitor adds its `Sample` here; no feature has to know of another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import sqlalchemy as sa

from kb_server.activity.storage import record
from kb_server.config import Settings
from kb_server.db import Database
from kb_server.definitions.sample import SAMPLE as DEFINITIONS
from kb_server.notifications import service as notifying
from kb_server.notifications.models import Source, Wiki
from kb_server.people import samples
from kb_server.people import storage as people
from kb_server.people.roster import Roster
from kb_server.people.samples import REMOVED, THERE, Sample, Stage
from kb_server.suggestions.sample import SAMPLE as SUGGESTIONS
from kb_server.threads.sample import SAMPLE as CONVERSATIONS
from kb_server.web.build import BuildError
from kb_server.web.site import Site

SAMPLES: tuple[Sample, ...] = (CONVERSATIONS, SUGGESTIONS, DEFINITIONS)
"""In the order in which they are written."""
PEOPLE = ("sam", "nia", "mia", "tom", "lee", "otto", "ada")
"""Who plays in it: the people of the sample wiki, by the addresses that its teams.yml gives them."""
OPERATOR = "operator"
"""The actor of what is done from a terminal."""


@dataclass(frozen=True, slots=True)
class Cleared:
    """What `remove` took away: how many of what, by the feature's own words, and the addresses of what stays."""

    counts: dict[str, int]
    kept: tuple[str, ...]


def write_once(database: Database, settings: Settings, site: Site, sources: Sequence[Source]) -> bool:
    """Write sample activity into a store nobody has used yet; gives whether that was done now.

    Only on one's own machine (KB_AUTH=local), for the people of the sample wiki, and never again once it was there.
    """
    if settings.auth != "local" or not settings.sample or not database.is_writable:
        return False
    try:
        served = site.current()
    except BuildError:
        return False
    if not plays(served.roster):
        return False
    stage = Stage(served.roster, served.pages, served.id, datetime.now(UTC))
    with database.transaction() as connection:
        if not _is_unused(connection):
            return False
        for sample in SAMPLES:
            sample.write(connection, stage)
        samples.set_state(connection, THERE)
        notifying.take_in_samples(connection, Wiki(served.roster, served.pages), sources, stage.now)
    return True


def plays(roster: Roster) -> bool:
    """Whether these are the people of the sample wiki."""
    found = [roster.people.get(handle) for handle in PEOPLE]
    return all(one is not None and one.email == f"{one.handle}@example.com" for one in found)


def remove(database: Database) -> Cleared:
    """Take away all sample activity, but for conversations and the like in which somebody has really written."""
    with database.transaction() as connection:
        taken = [sample.remove(connection) for sample in SAMPLES] if samples.state(connection) else []
        ids = [one for some in taken for one in some.ids]
        counts = {what: count for some in taken for what, count in some.counts.items()}
        counts["entries of Waiting for you"] = notifying.forget_samples(connection, ids)
        if taken:
            samples.set_state(connection, REMOVED)
            record(connection, actor=OPERATOR, verb="sample.removed", subject=samples.STATE, data=counts)
    return Cleared(counts, tuple(url for some in taken for url in some.kept))


def told(done: Cleared) -> str:
    """What `kb sample remove` prints."""
    if not any(done.counts.values()) and not done.kept:
        return "There is no sample activity."
    counts = ", ".join(f"{count} {what}" for what, count in done.counts.items())
    lines = [f"Taken away: {counts}. Nothing that somebody has really written."]
    if done.kept:
        lines.append("These stay whole, because somebody has written in them:")
    return "\n".join([*lines, *(f"  {url}" for url in done.kept)])


def _is_unused(connection: sa.Connection) -> bool:
    """Whether nobody has been here, and there never was any sample activity."""
    return not samples.state(connection) and not people.count_of_people(connection)
