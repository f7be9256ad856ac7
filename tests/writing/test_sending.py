"""A thing sent twice is said once; how it was sent is forgotten when nobody sends it again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from kb_server.db import Database
from kb_server.people.models import Actor
from kb_server.people.roster import Listed, Roster
from kb_server.people.service import people_for
from kb_server.writing import sending
from kb_server.writing.models import By, Said

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)


@pytest.fixture
def sent(database: Database) -> sending.Sending:
    roster = Roster(people={"sam": Listed("sam", "Sam")})
    with database.transaction() as connection:
        sam = people_for(connection, ["sam"], roster, NOW)["sam"]
        made = sending.Sending(By(Actor(sam.id), roster, NOW), Said("Hello", "key"), "th_1")
        made.remember(connection, "c_1")
    return made


def test_what_was_sent_before_is_known_by_its_key(database: Database, sent: sending.Sending) -> None:
    with database.read() as connection:
        assert sent.before(connection) == "c_1"


@pytest.mark.parametrize(("days", "known"), [(7, "c_1"), (7.1, "")])
def test_it_is_forgotten_after_a_week(database: Database, sent: sending.Sending, days: float, known: str) -> None:
    for _ in range(2):
        sending.forget_old(database, NOW + timedelta(days=days))
    with database.read() as connection:
        assert sent.before(connection) == known
