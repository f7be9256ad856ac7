"""Which pages are to be checked, and that each is told once, against a plain account of whatever may happen."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from by_hand import ROSTER, page
from terms import MONDAY

from kb_server.activity.storage import activity
from kb_server.db import Database
from kb_server.definitions import checking, publishing, service
from kb_server.definitions.models import AGREE
from kb_server.definitions.pages import facts_of
from kb_server.definitions.service import Said
from kb_server.definitions.ticking import Watch
from kb_server.pages.manifest import Page, Term
from kb_server.people.models import Actor
from kb_server.people.roster import from_data
from kb_server.writing.models import By

SPEAKER = Actor("p_sam", "sam", "Sam", teams=frozenset({"sales"}), speaks_for=frozenset({"sales"}))
ROSTER_OF = from_data(ROSTER)


class Play:
    """Terms that use each other and pages that use them: as they are in the store, and in an account of marks.

    The account puts a mark on each page that links to a term when that means something else, and wipes all marks of a
    page when its text changes or somebody says that it is still right.
    """

    def __init__(self, database: Database, seed: int) -> None:
        self.database, self.luck, self.now, self.watch = database, random.Random(seed), MONDAY, Watch()
        self.terms = [f"term-{number}-{seed}" for number in range(4)]
        every = [*self.terms, *(f"page-{number}-{seed}" for number in range(4))]
        some = {one: [term for term in self.terms if term != one and self.luck.random() < 0.5] for one in every}
        self.links, self.text = some, dict.fromkeys(every, 0)
        self.agreed: dict[str, int] = {}
        self.marks: dict[str, set[str]] = {one: set() for one in every}
        self.untold: set[str] = set()
        self.told: Counter[str] = Counter()
        self.publish()
        for term in self.terms:
            self.agree(term)

    def step(self) -> None:
        """Something happens."""
        self.now += timedelta(minutes=1)
        one, term = self.luck.choice(list(self.links)), self.luck.choice(self.terms)
        happens = self.luck.choice(("edit", "edit", "agree", "agree", "agree", "clear", "tick", "tick"))
        {"edit": self.edit, "agree": self.agree, "clear": self.clear, "tick": self.tick}[happens](
            term if happens == "agree" else one
        )

    def publish(self) -> None:
        self.pages = tuple(self.page(one) for one in self.links)  # as a build has them: one object until the next
        with self.database.read() as connection:
            made = publishing.plan(connection, "build", self.pages, ROSTER_OF, lambda _: None, language="en")
        with self.database.transaction() as connection:
            publishing.publish(connection, made, self.now)

    def page(self, one: str) -> Page:
        says, is_term = f"1:{self.text[one]}", one in self.terms
        shown = replace(page(one, says), teams=("sales",), digest=says, links=tuple(self.links[one]))
        term = Term(says, f"<p>{says}</p>", says)
        return replace(shown, kind="definition", binding=says, term=term) if is_term else shown

    def edit(self, one: str) -> None:
        self.text[one] += 1
        self.publish()
        self.wipe(one)

    def agree(self, term: str) -> None:
        facts = facts_of(self.page(term))
        assert facts
        with self.database.transaction() as connection:
            service.say(connection, By(SPEAKER, ROSTER_OF, self.now), facts, Said("sales", facts.digest, AGREE))
        if self.agreed.get(term, self.text[term]) != self.text[term]:
            users = {one for one, links in self.links.items() if term in links}
            self.untold |= users
            for one in users:
                self.marks[one].add(term)
        self.agreed[term] = self.text[term]

    def clear(self, one: str) -> None:
        with self.database.transaction() as connection:
            checking.clear(connection, By(SPEAKER, ROSTER_OF, self.now), self.page(one), 1 << 40)
        self.wipe(one)

    def wipe(self, one: str) -> None:
        self.marks[one].clear()
        self.untold.discard(one)

    def tick(self, _one: str = "") -> None:
        self.watch.tick(self.database, self.pages, self.now)
        self.told.update(self.untold)
        self.untold.clear()

    def found(self) -> tuple[dict[str, set[str]], dict[str, int], Counter[str]]:
        """What the store says: the terms that moved under each page, how many each term asks, and what was told."""
        with self.database.read() as connection:
            moved = {one: checking.moved_under(connection, one, links) for one, links in self.links.items()}
            users = {term: [one for one, links in self.links.items() if term in links] for term in self.terms}
            asked = {term: checking.asked_by(connection, term, users[term])[1] for term in self.terms}
            told = sa.select(activity.c.subject).where(activity.c.verb == "page.to_check")
            lines = [one for one in connection.scalars(told) if one in self.links]
        return {one: {each.term for each in some} for one, some in moved.items()}, asked, Counter(lines)


@pytest.mark.slow
def test_the_pages_told_are_those_of_a_plain_account_and_each_is_told_once(database: Database) -> None:
    plays = [played(Play(database, seed), f"seed {seed}") for seed in range(6 if database.dialect == "sqlite" else 1)]
    assert sum(play.told.total() for play in plays) >= len(plays)


def played(play: Play, name: str) -> Play:
    for number in range(25):
        play.step()
        marks, asked, told = play.found()
        assert marks == play.marks, f"{name}, step {number}"
        assert asked == {term: sum(term in some for some in marks.values()) for term in play.terms}
        assert told == play.told, f"{name}, step {number}"
    return play
