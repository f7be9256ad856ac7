"""The sample wiki with all of its definitions agreed to, for journeys that are about something else that waits."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from kb_server.app import TELLING
from kb_server.db import Database
from kb_server.definitions import service
from kb_server.definitions.models import AGREE
from kb_server.definitions.pages import facts_in
from kb_server.definitions.service import Said
from kb_server.notifications import service as notifying
from kb_server.notifications.models import Wiki
from kb_server.people import service as people
from kb_server.web.build import load
from kb_server.writing.models import By


def agree_to_all(data: Path) -> None:
    """Let whoever speaks for a team agree for it, to everything, and nobody get mail of that."""
    build = load(next(path for path in (data / "builds").iterdir() if path.name.isalnum()))
    now, database = datetime.now(UTC), Database(f"sqlite:///{data / 'kb.sqlite3'}")
    with database.transaction() as connection:
        for facts in facts_in(build.pages.values()):
            for team in facts.teams:
                person = people.person_for(connection, build.roster.teams[team].speakers[0], build.roster, now)
                by = By(people.actor_of(connection, person, build.roster), build.roster, now, posts=1_000)
                service.say(connection, by, facts, Said(team, facts.digest, AGREE))
        notifying.take_in_samples(connection, Wiki(build.roster, build.pages), TELLING, now)
    database.close()
