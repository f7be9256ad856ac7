"""How often somebody may do something, whichever node they ask and however they ask."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from kb_server.db import Database
from kb_server.people.limits import Limit, TooOften, allowances, give_back, require_left, spend

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
TWICE = Limit("say", 2, timedelta(minutes=10))


def use(database: Database, who: str = "p_sam", *, limit: Limit = TWICE, later: int = 0) -> None:
    with database.transaction() as connection:
        spend(connection, limit, who, NOW + timedelta(minutes=later))


def test_so_often_and_not_once_more(database: Database) -> None:
    use(database)
    use(database, later=4)
    with pytest.raises(TooOften) as refused:
        use(database, later=4)
    assert refused.value.seconds == 6 * 60
    use(database, "p_mia", later=4)
    use(database, limit=Limit("ask", 2, timedelta(minutes=10)), later=4)


def test_after_its_time_it_begins_anew(database: Database) -> None:
    use(database)
    use(database)
    use(database, later=10)
    use(database, later=11)
    with pytest.raises(TooOften):
        use(database, later=19)


def test_a_clock_that_was_a_day_ahead_keeps_nobody_out(database: Database) -> None:
    use(database, later=24 * 60)
    use(database, later=24 * 60)
    with database.read() as connection:
        require_left(connection, TWICE, "p_sam", NOW)
    use(database)
    use(database)
    with pytest.raises(TooOften) as refused:
        use(database, later=1)
    assert refused.value.seconds == 9 * 60


def test_what_is_refused_is_not_counted(database: Database) -> None:
    use(database)
    use(database)
    for _ in range(3):
        with pytest.raises(TooOften):
            use(database, later=1)
    with database.read() as connection:
        assert connection.scalar(sa.select(allowances.c.used)) == 2


def test_one_can_look_without_counting_and_have_it_back(database: Database) -> None:
    with database.read() as connection:
        require_left(connection, TWICE, "p_sam", NOW)
    use(database)
    use(database)
    with database.read() as connection, pytest.raises(TooOften):
        require_left(connection, TWICE, "p_sam", NOW)
    with database.transaction() as connection:
        give_back(connection, TWICE, "p_sam")
        require_left(connection, TWICE, "p_sam", NOW)


def test_the_store_does_not_say_who_and_forgets(database: Database) -> None:
    use(database, "sam@example.com")
    with database.read() as connection:
        assert "sam" not in str(connection.execute(sa.select(allowances)).all())
    use(database, "mia", later=10)
    with database.read() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(allowances)) == 1
