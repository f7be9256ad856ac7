"""Who is away, and who does meanwhile what waits for them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from kb_server.activity.storage import events_of
from kb_server.db import Database
from kb_server.errors import Invalid
from kb_server.people import absences, privacy, service
from kb_server.people.models import Actor
from kb_server.people.roster import Listed, Roster, Team

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
SOON = "2026-11-27"
SALES = ("sam", "nia", "bea", "tim")
ROSTER = Roster(
    {
        "sales": Team("sales", "Sales", "blue", deputies={"sam": ("nia",), "nia": ("bea", "tim"), "bea": ("sam",)}),
        "marketing": Team("marketing", "Marketing", "plum", deputies={"sam": ("mia",)}),
    },
    {name: Listed(name, name.title(), teams=("sales",)) for name in SALES}
    | {"mia": Listed("mia", "Mia", teams=("marketing",))},
)


def actor(connection: sa.Connection, handle: str) -> Actor:
    return service.actor_of(connection, service.person_for(connection, handle, ROSTER, NOW), ROSTER)


def leave(database: Database, *handles: str, deputy: str = "", until: str = SOON) -> None:
    for handle in handles:
        with database.transaction() as connection:
            absences.go(connection, actor(connection, handle), ROSTER, until, deputy, NOW)


def instead_of(database: Database, *handles: str, now: datetime = NOW, team: str = "sales") -> list[str]:
    with database.read() as connection:
        return absences.standing_in(connection, ROSTER, handles, now, [team] if team else ())


def test_whoever_is_there_acts_for_themselves(database: Database) -> None:
    assert instead_of(database, "sam", "nia", "sam") == ["sam", "nia"]


def test_the_teams_deputy_stands_in_for_whoever_is_away(database: Database) -> None:
    leave(database, "sam")
    assert instead_of(database, "sam") == ["nia"]
    assert instead_of(database, "sam", team="marketing") == ["mia"]
    assert instead_of(database, "sam", team="") == ["nia", "mia"]
    assert instead_of(database, "sam", "nia") == ["nia"]


def test_whom_somebody_named_comes_before_the_teams_deputy(database: Database) -> None:
    leave(database, "sam", deputy="tim")
    assert instead_of(database, "sam") == ["tim"]


def test_a_deputy_who_is_away_has_deputies_too(database: Database) -> None:
    leave(database, "sam", "nia")
    assert instead_of(database, "sam") == ["bea", "tim"]
    leave(database, "tim")
    assert instead_of(database, "sam") == ["bea"]


def test_where_everybody_is_away_nobody_drops_out(database: Database) -> None:
    """Sam's deputy is Nia, hers is Bea, and hers is Sam."""
    leave(database, *SALES)
    assert instead_of(database, "sam", "nia") == ["sam", "nia"]
    with database.read() as connection:
        assert absences.present(ROSTER, ["sam"], absences.away(connection, NOW), ["sales"]) == []


def test_somebody_is_away_through_the_day_they_named(database: Database) -> None:
    leave(database, "sam", until="2026-11-24")
    assert instead_of(database, "sam", now=NOW + timedelta(days=1, hours=13)) == ["nia"]
    assert instead_of(database, "sam", now=NOW + timedelta(days=1, hours=14)) == ["sam"]


def test_whoever_comes_back_earlier_says_so_once(database: Database) -> None:
    leave(database, "sam")
    with database.transaction() as connection:
        absences.come_back(connection, actor(connection, "sam"), NOW)
        absences.come_back(connection, actor(connection, "sam"), NOW)
    assert instead_of(database, "sam") == ["sam"]
    with database.read() as connection:
        told = events_of(connection, ("absence.said", "absence.ended"), 10)
    assert [line.verb for line in told] == ["absence.ended", "absence.said"]


def test_the_log_says_it_in_ids_alone(database: Database) -> None:
    leave(database, "sam", deputy="tim")
    with database.read() as connection:
        (line,) = events_of(connection, ("absence.said",), 10)
        tim = service.person_for(connection, "tim", ROSTER, NOW)
    assert line.data == {"until": SOON, "deputy": tim.id}


@pytest.mark.parametrize("until", ["", "soon", "2026-11-22", "2027-11-30", "20261127T10"])
def test_one_is_away_until_a_day_within_a_year(database: Database, until: str) -> None:
    with pytest.raises(Invalid, match="Choose a day"):
        leave(database, "sam", until=until)


@pytest.mark.parametrize("deputy", ["mia", "sam", "nobody"])
def test_only_somebody_of_ones_own_team_stands_in(database: Database, deputy: str) -> None:
    with pytest.raises(Invalid, match="shares a team"):
        leave(database, "sam", deputy=deputy)


def test_a_deputy_whom_the_teams_file_no_longer_names_is_passed_over(database: Database) -> None:
    leave(database, "sam", deputy="tim")
    smaller = Roster(ROSTER.teams, {name: one for name, one in ROSTER.people.items() if name != "tim"})
    with database.read() as connection:
        assert absences.standing_in(connection, smaller, ["sam"], NOW) == ["sam"]


def test_it_is_held_about_a_person_and_erased_with_them(database: Database) -> None:
    leave(database, "sam", deputy="tim")
    leave(database, "nia", deputy="sam")
    with database.transaction() as connection:
        sam, tim = (service.person_for(connection, name, ROSTER, NOW) for name in ("sam", "tim"))
        known = privacy.export(connection, sam, [privacy.ACCOUNT], NOW)
        assert known["account"]["away"] == {"until": SOON, "stands_in": tim.id}
        privacy.erase(connection, sam, [privacy.ACCOUNT], "somebody")
    with database.read() as connection:
        assert absences.away(connection, NOW) == {"nia": ""}
