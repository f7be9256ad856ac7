"""Between the teams: which directions are shown, in which order, and to which rows each figure leads."""

from __future__ import annotations

from by_hand import ROSTER

from kb_server.home.directions import MOST_PIPS, directions
from kb_server.people.roster import from_data
from kb_server.suggestions.models import Between

ROSTER_ = from_data(ROSTER)
SINCE = "2026-08-24"


def between(of: str, to: str, in_time: int = 9, late: int = 1) -> Between:
    return Between(of, to, in_time, late, 3, 1, 6)


def ways(*found: Between, own: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    return [(one.asks.id, one.answers.id) for one in directions(found, ROSTER_, own, SINCE)]


def test_nine_of_ten_counts_what_was_answered_and_what_should_have_been() -> None:
    (one,) = directions([between("sales", "marketing")], ROSTER_, (), SINCE)
    assert (one.in_time, one.answered, one.waiting, one.done) == (9, 10, 3, 6)


def test_both_directions_stand_in_the_order_of_the_teams() -> None:
    assert ways(between("marketing", "sales"), between("sales", "marketing")) == [
        ("sales", "marketing"),
        ("marketing", "sales"),
    ]


def test_of_three_teams_those_with_ones_own_come_first() -> None:
    found = [between("sales", "marketing"), between("marketing", "sales"), between("success", "sales")]
    assert ways(*found, own=("success",))[0] == ("success", "sales")
    assert len(ways(*found, own=("success",))) == 3


def test_a_direction_in_which_nothing_was_asked_is_left_out() -> None:
    assert ways(Between("sales", "marketing", 0, 0, 0, 0, 0)) == []


def test_teams_that_are_no_more_and_people_in_none_are_left_out() -> None:
    assert ways(between("", "sales"), between("dissolved", "sales")) == []


def test_each_figure_leads_to_its_rows() -> None:
    (one,) = directions([between("sales", "marketing")], ROSTER_, (), SINCE)
    assert one.links["answered"] == "suggestions/?from=sales&to=marketing&since=2026-08-24&in_time=due"
    assert one.links["waiting"] == "suggestions/?from=sales&to=marketing&since=2026-08-24&state=waiting"
    assert one.links["late"].endswith("&state=waiting&late=1")
    assert one.links["done"].endswith("&state=done")


def test_up_to_twenty_answers_are_blocks_and_more_are_a_bar() -> None:
    twenty, more = (directions([between("sales", "marketing", n, 0)], ROSTER_, (), SINCE)[0] for n in (MOST_PIPS, 21))
    assert (twenty.is_bar, more.is_bar) == (False, True)
