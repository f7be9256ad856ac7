"""A definition that is published one wording after the other, and agreed to, for the tests of what comes of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from by_hand import ROSTER, page

from kb_server.activity.storage import activity
from kb_server.db import Database
from kb_server.definitions import publishing, service
from kb_server.definitions.models import AGREE
from kb_server.definitions.pages import facts_of
from kb_server.definitions.service import Said
from kb_server.pages.manifest import Page, Term
from kb_server.people.models import Actor
from kb_server.people.roster import Roster, from_data
from kb_server.wiki.history import Change
from kb_server.writing.models import By

MONDAY = datetime(2026, 11, 16, 9, tzinfo=UTC)
BY_LEE = Change(
    "c0ffee", "2026-11-02T09:00:00+01:00", "lee@example.com", "Say it shorter\n\nSales asked for it.", is_merged=True
)


def term(text: str) -> Page:
    """A definition of Sales and Marketing that says this."""
    return replace(
        page("mql", kind="definition"),
        teams=("sales", "marketing"),
        binding=f"1:{text}",
        term=Term(f"## Definition\n\n{text}", f"<p>{text}</p>", text, lines=(1, 3)),
    )


class Wiki:
    """A store, and builds that are published one after the other, a day apart."""

    def __init__(self, database: Database) -> None:
        self.database, self.now, self.roster = database, MONDAY, from_data(ROSTER)
        self.change, self.language = BY_LEE, "en"

    def publish(self, text: str, change: Change | None = BY_LEE) -> str:
        self.now += timedelta(days=1)
        with self.database.read() as connection:
            build, pages = f"build-{self.now.day}", [term(text)]
            made = publishing.plan(connection, build, pages, self.roster, lambda _: change, language=self.language)
        with self.database.transaction() as connection:
            publishing.publish(connection, made, self.now)
            return service.settle(connection, made.facts[0], self.now).state

    def agree(self, text: str) -> str:
        facts = facts_of(term(text))
        assert facts
        for handle, team in (("sam", "sales"), ("mia", "marketing")):
            actor = Actor(f"p_{handle}", handle, handle, speaks_for=frozenset({team}))
            with self.database.transaction() as connection:
                said = Said(team, facts.digest, AGREE)
                stands = service.say(connection, By(actor, Roster(), self.now), facts, said)
        return stands.state

    def log(self, *verbs: str) -> list[str]:
        with self.database.read() as connection:
            said = connection.scalars(sa.select(activity.c.verb).order_by(activity.c.seq))
            return [verb for verb in said if verb in verbs]
