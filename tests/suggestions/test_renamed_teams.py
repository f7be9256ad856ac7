"""What was asked of a team, and what it asked, is that of the team it has become."""

from __future__ import annotations

from dataclasses import replace

from suggesting import House

from kb_server.suggestions import reading
from kb_server.suggestions.adopting import adopt
from kb_server.suggestions.models import Filter


def test_a_renamed_team_answers_and_is_answered_as_before(house: House) -> None:
    asked, asks = house.ask("sam"), house.ask("mia", to_team="sales", from_team="marketing")
    elsewhere = house.ask("sam", to_team="success")
    teams = {**house.roster.teams}
    old = teams.pop("marketing")
    people = {
        handle: replace(one, teams=tuple("growth" if team == "marketing" else team for team in one.teams))
        for handle, one in house.roster.people.items()
    }
    growth = replace(old, id="growth", name="Growth", was=("marketing",))
    house.roster = replace(house.roster, teams=teams | {"growth": growth}, people=people)
    house.__post_init__()
    written = house.log()
    with house.database.transaction() as connection:
        adopt(connection, house.roster)
    assert house.one(asked).to_team == house.one(asks).from_team == "growth"
    assert house.one(elsewhere).to_team == "success"
    assert [one.number for one in house.read(reading.listed, Filter(to_team=("growth",)))] == [asked.number]
    assert house.log() == written
    assert house.plan("mia", asked).state == "planned"


def test_where_nobody_was_renamed_nothing_is_written(house: House) -> None:
    house.ask("sam")
    before = house.written()
    with house.database.transaction() as connection:
        adopt(connection, house.roster)
    assert house.written() == before
