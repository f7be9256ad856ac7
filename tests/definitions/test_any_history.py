"""Whatever happens to a definition, in whatever order: it stands as a plain account says.

The account beside the product is written from the rules as people tell them, and imports none of the product's.
"""

from __future__ import annotations

import json
import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from kb_server.activity.storage import activity
from kb_server.db import Database
from kb_server.definitions import service, storage
from kb_server.definitions.models import Facts, Standing, Wording
from kb_server.definitions.service import Said
from kb_server.errors import KbError
from kb_server.people.models import Actor
from kb_server.people.roster import Roster
from kb_server.writing.models import By

START = datetime(2026, 1, 5, 9, tzinfo=UTC)
SPEAKERS = {"sales": "sam", "marketing": "mia", "success": "otto"}
TEXTS = ("1:a", "1:b", "1:c")
WORDS = {"1:a": "It is not ours.", "1:b": "It isn't ours.", "1:c": "It isn’t ours."}  # which all say the same


@dataclass
class Account:
    """What somebody with a notebook would know of one definition."""

    text: str = TEXTS[0]
    teams: tuple[str, ...] = ("sales", "marketing")
    said: list[tuple[str, str, str, str]] = field(default_factory=list)  # team, text, what, text of their own
    numbers: list[tuple[int, str]] = field(default_factory=list)  # version, text, as they came into force
    since: int = 0  # how much had been said when the last version came into force
    declared: tuple[str, str, datetime] | None = None  # from, to, until when somebody may object
    told: list[tuple[str, int, str]] = field(default_factory=list)

    @property
    def number(self) -> int:
        return self.numbers[-1][0] if self.numbers else 0

    @property
    def family(self) -> set[str]:
        return {text for number, text in self.numbers if number == self.number}

    def says(self, team: str) -> tuple[str, str]:
        """What a team says of the text of now: of a text in force ever since, of another since that came into force."""
        holds = self.text in self.family
        heard = self.said if holds else self.said[self.since :]
        wanted = self.family if holds else {self.text}
        found = [(what, own) for who, text, what, own in heard if who == team and text in wanted]
        return found[-1] if found else ("", "")

    def state(self) -> str:
        all_say = [self.says(team) for team in self.teams]
        if any(what == "notyet" and own for what, own in all_say):
            return "differ"
        if self.text not in self.family:
            return "wording" if self.numbers else "notyet"
        return "agreed" if all(what == "agree" for what, _ in all_say) else "notyet"

    def is_objected_to(self) -> bool:
        """Whether a team has said of the text of now that it does not agree."""
        return any(self.says(team)[0] in ("notyet", "back") for team in self.teams)

    def may_object(self, now: datetime) -> bool:
        """Whether the text of now was declared to say the same as the one in force, and the week is not over."""
        if not self.declared or not self.numbers:
            return False
        return self.declared[:2] == (self.numbers[-1][1], self.text) and self.declared[2] > now

    def settle(self, now: datetime) -> None:
        """What comes of it by now."""
        if self.declared and self.declared[1] != self.text and self.declared[2] > now:
            self.declared = None
        if self.declared and self.declared[2] <= now and self.declared[:2] == (self.numbers[-1][1], self.text):
            self.numbers.append((self.number, self.text))
            self.since, self.declared = len(self.said), None
        if self.text not in self.family and all(self.says(team)[0] == "agree" for team in self.teams):
            self.numbers.append((self.number + 1, self.text))
            self.since, self.declared = len(self.said), None
        told = (self.state(), self.number, self.text)
        if not self.told or self.told[-1] != told:
            self.told.append(told)


class Play:
    """One history, played on the store and written down in the account."""

    def __init__(self, database: Database, seed: int) -> None:
        self.database, self.page = database, f"term-{seed}"
        self.luck, self.now, self.account = random.Random(seed), START, Account()
        with database.transaction() as connection:
            kept = (Wording(self.page, text, says, says, says, "", "") for text, says in WORDS.items())
            storage.keep(connection, kept)
        self.publish()

    @property
    def facts(self) -> Facts:
        return Facts(self.page, self.account.text, self.account.teams)

    def step(self) -> Standing:
        """Something happens, legal or not."""
        self.now += timedelta(hours=self.luck.choice((1, 5, 20, 60, 170)))
        self.luck.choice((self.say,) * 5 + (self.declare,) * 3 + (self.publish, self.reword, self.reword, self.teams))()
        with self.database.transaction() as connection:
            return service.settle(connection, self.facts, self.now)

    def publish(self) -> None:
        with self.database.transaction() as connection:
            service.settle(connection, self.facts, self.now)
        self.account.settle(self.now)

    def reword(self) -> None:
        self.account.text = self.luck.choice(TEXTS)
        self.publish()

    def teams(self) -> None:
        every = tuple(SPEAKERS)
        self.account.teams = self.luck.choice((every, every[:2], every[1:]))
        self.publish()

    def say(self) -> None:
        team, what = self.luck.choice(tuple(SPEAKERS)), self.luck.choice(("agree", "agree", "notyet", "back"))
        own = self.luck.choice(("", "Ours")) if what == "notyet" else ""
        text = self.luck.choice((self.account.text,) * 5 + TEXTS)
        said = Said(team, text, what, "Because" if what == "notyet" else "", own)  # type: ignore[arg-type]
        self.account.settle(self.now)
        may = team in self.account.teams and text == self.account.text
        may = may and (what != "back" or self.account.says(team)[0] == "agree")
        done = self._try(lambda connection, by: service.say(connection, by, self.facts, said), team)
        assert done == may
        if done:
            objects = what != "agree" and self.account.declared is not None
            self.account.said.append((team, text, what, own))
            self.account.declared = None if objects else self.account.declared
        self.account.settle(self.now)

    def declare(self) -> None:
        account = self.account
        account.settle(self.now)
        may = bool(account.numbers) and account.text not in account.family
        may = may and (account.may_object(self.now) or not account.is_objected_to())
        old = account.numbers[-1][1] if account.numbers else ""
        done = self._try(
            lambda connection, by: service.declare(connection, by, self.facts, old, "en"), account.teams[0]
        )
        assert done == may
        if done and not account.declared:
            account.declared = (old, account.text, self.now + timedelta(days=7))
        account.settle(self.now)

    def _try(self, act: object, team: str) -> bool:
        actor = Actor(f"p_{SPEAKERS[team]}", speaks_for=frozenset({team}))
        try:
            with self.database.transaction() as connection:
                act(connection, By(actor, Roster(), self.now))  # type: ignore[operator]
        except KbError:
            return False
        return True

    def told(self) -> list[tuple[str, int, str]]:
        about = (activity.c.subject == self.page) & (activity.c.verb == "definition.stands")
        with self.database.read() as connection:
            lines = connection.scalars(sa.select(activity.c.data).where(about).order_by(activity.c.seq))
            found = [json.loads(line) for line in lines]
        return [(one["state"], one["version"], one["digest"]) for one in found]


def play(database: Database, seed: int, steps: int = 25) -> None:
    one = Play(database, seed)
    for number in range(steps):
        stands, account = one.step(), one.account
        where = f"seed {seed}, step {number}"
        assert stands.state == account.state(), where
        assert (stands.force.version if stands.force else 0) == account.number, where
        assert stands.is_current == (account.text in account.family), where
        assert (stands.pending is not None) == account.may_object(one.now), where
        assert {one.team: one.says for one in stands.teams} == {t: account.says(t)[0] for t in account.teams}, where
    assert one.told() == one.account.told, f"seed {seed}"


@pytest.mark.slow
def test_it_stands_as_a_plain_account_says(database: Database) -> None:
    for seed in range(25):
        play(database, seed)


@pytest.mark.slow
def test_it_stands_so_after_five_hundred_histories(database: Database) -> None:
    for seed in range(25, 525):
        play(database, seed)
