"""Lists of suggestions: each takes the same number of queries however long, and none is left out or told twice."""

from __future__ import annotations

import pytest
from counting import counted
from suggesting import House

from kb_server.suggestions import reading, service
from kb_server.suggestions.models import DUE, ORDERS, Filter
from kb_server.suggestions.tallies import OnPage
from kb_server.writing.models import Place

PLACE = Place("handing", "Handing a lead to Sales", "handing/")


def grow(house: House, times: int) -> None:
    """Let more be asked, labelled, joined, agreed with and said of the first."""
    for turn in range(times):
        one = house.ask("sam", f"Number {turn} for @mia", place=PLACE)
        house.do(service.label, "lee", one, ["prices", f"label {turn}"])
        house.vote("otto", one)
        if turn % 2:
            house.act("mia", one, "join", into=1, words="The same")
        else:
            house.act("mia", one, "ask", words="Which?")
        house.say("otto", 1, f"Remark {turn}")
        house.vote(("otto", "nia", "tom", "vera")[turn % 4], 1)


@pytest.mark.slow
def test_the_number_of_queries_stays_the_same_as_suggestions_grow(house: House) -> None:
    house.ask("sam", "The first", place=PLACE)

    def numbers() -> list[int]:
        found = []
        questions = (
            *(lambda c, order=order: reading.listed(c, Filter(), order, viewer=house.id("otto")) for order in ORDERS),
            lambda c: reading.listed(c, Filter(label="prices", to_team=("marketing",)), after=2),
            lambda c: reading.counts(c, Filter(text="number")),
            lambda c: reading.joined_to(c, 1),
            lambda c: reading.voters(c, 1),
            lambda c: reading.remarks_of(c, 1),
            lambda c: reading.history(c, reading.suggestion(c, 1)),
            lambda c: reading.on_page(c, "handing"),
            lambda c: reading.between(c, "", "9"),
            lambda c: reading.side_by_side(
                c, [Filter(), Filter(state=("more",))], DUE, most=20, viewer=house.id("otto")
            ),
            lambda c: reading.tally(c, Filter(), Filter(state=("more",))),
            lambda c: reading.suggestions_by_number(c, list(range(1, 100)), house.id("otto")),
            reading.standing,
        )
        for question in questions:
            with counted(house.database) as said:
                house.read(question)
            found.append(len(said))
        with counted(house.database) as said:
            house.act("mia", house.ask("nia"), "join", into=1, words="Again @tom")
        return [*found, len(said)]

    grow(house, 2)
    few = numbers()
    grow(house, 30)
    assert numbers() == few
    assert few[: len(ORDERS)] == [2] * len(ORDERS)
    assert max(few[:-1]) <= 4


@pytest.mark.parametrize("order", ORDERS)
def test_a_list_is_read_a_part_at_a_time_and_none_is_left_out(order: str, house: House) -> None:
    grow(house, 10)
    whole = [one.number for one in house.read(reading.listed, Filter(), order)]
    assert len(whole) == 10
    parts: list[int] = []
    while part := house.read(reading.listed, Filter(), order, after=parts[-1] if parts else 0, most=3):
        parts += [one.number for one in part]
    assert parts == whole
    assert house.read(reading.listed, Filter(), order, after=999) == []


def test_columns_side_by_side_are_the_lists_they_would_be_by_themselves(house: House) -> None:
    grow(house, 7)
    wanted = [Filter(), Filter(state=("more",)), Filter(to_team=("success",)), Filter(label="prices", state=("asked",))]
    for order in ORDERS:
        found = house.read(reading.side_by_side, wanted, order, most=3, viewer=house.id("otto"))
        assert found == [house.read(reading.listed, one, order, most=3, viewer=house.id("otto")) for one in wanted]
        assert [len(ones) for ones in found] == [3, 3, 0, 3]
    tally = house.read(reading.tally, *wanted)
    assert tally.counts == [house.read(reading.counts, one) for one in wanted]
    assert tally.labels == sorted(["prices", *(f"label {turn}" for turn in range(7))])


def test_a_filter_finds_what_it_says(house: House) -> None:
    plain = house.ask("sam", "A *price* list, 50% off", place=PLACE)
    other = house.ask("otto", "Something else", to_team="success")
    planned = house.plan("mia", house.ask("nia", "Prices_too"))
    house.do(service.label, "lee", plain, ["money"])
    house.later(days=4)
    late = house.act("mia", house.ask("lee", "Answered late"), "ask", words="What?")
    wanted: dict[Filter, set[int]] = {
        Filter(): {1, 2, 3, 4},
        Filter(to_team=("marketing",)): {1, 3, 4},
        Filter(to_team=("marketing", "success")): {1, 2, 3, 4},
        Filter(from_team=("sales",)): {1, 3, 4},
        Filter(from_team=("",)): {2},
        Filter(state=("waiting", "planned")): {1, 2, 3},
        Filter(page="handing"): {1},
        Filter(label="money"): {1},
        Filter(label="no such"): set(),
        Filter(author=house.id("otto")): {2},
        Filter(owner=house.id("tom")): {3},
        Filter(late="2026-11-24T17:00:00Z"): set(),
        Filter(late="2026-11-24T17:00:01Z"): {1, 2},
        Filter(in_time="yes"): {3},
        Filter(since="2026-11-24T00:00:00Z"): {4},
        Filter(text="PRICE"): {1, 3},
        Filter(text="50%"): {1},
        Filter(text="%"): {1},
        Filter(text="_"): {3},
        Filter(text="'"): set(),
        Filter(text="/"): set(),
    }
    for filter_, numbers in wanted.items():
        found = {one.number for one in house.read(reading.listed, filter_)}
        assert found == numbers, filter_
        assert sum(house.read(reading.counts, filter_).values()) == len(numbers), filter_
    assert house.read(reading.counts, Filter()) == {"waiting": 2, "planned": 1, "more": 1}
    assert [one.number for one in house.read(reading.waiting_for, ["marketing", "success"])] == [1, 2]
    assert house.read(reading.waiting_for, []) == []
    assert house.read(reading.on_page, "handing") == OnPage(waiting=1, planned=0, improved={})
    assert house.read(reading.on_page, "other") == OnPage(0, 0, {})
    assert (plain.number, other.number, planned.number, late.number) == (1, 2, 3, 4)


def test_the_two_directions_are_told_in_numbers(house: House) -> None:
    for turn in range(3):
        house.act("mia", house.ask("sam", f"To Marketing {turn}"), "finish")
    late = house.ask("nia", "Late")
    house.ask("mia", "To Sales", to_team="sales", from_team="marketing")
    house.ask("otto", "From nobody")
    house.later(days=4)
    house.act("mia", late, "decline", words="No")
    house.ask("sam", "Just now")
    told = {(row.from_team, row.to_team): row for row in house.read(reading.between, "", "2026-11-27T09:00:00Z")}
    assert set(told) == {("", "marketing"), ("marketing", "sales"), ("sales", "marketing")}
    ours = told["sales", "marketing"]
    assert (ours.in_time, ours.late, ours.waiting, ours.waiting_late, ours.done) == (3, 1, 1, 0, 3)
    # Each figure opens its rows: those that were answered, or should have been.
    owed = Filter(from_team=("sales",), to_team=("marketing",), owed="2026-11-27T09:00:00Z")
    assert {(one.number, one.in_time) for one in house.read(reading.listed, owed)} == {
        (1, "yes"),
        (2, "yes"),
        (3, "yes"),
        (4, "no"),
    }
    theirs = told["marketing", "sales"]
    owed = Filter(from_team=("marketing",), owed="2026-11-27T09:00:00Z")
    assert [(one.number, one.in_time) for one in house.read(reading.listed, owed)] == [(5, "")]
    assert (theirs.in_time, theirs.late, theirs.waiting, theirs.waiting_late, theirs.done) == (0, 1, 1, 1, 0)
    assert house.read(reading.between, "2026-11-26T00:00:00Z", "2026-11-27T09:00:00Z")[0].waiting == 1


def test_whoever_has_a_list_learns_that_it_has_changed(house: House) -> None:
    one = house.ask("sam")
    before = house.read(reading.standing)
    assert house.read(reading.standing) == before
    for change in (
        lambda: house.vote("otto", one),
        lambda: house.say("otto", one, "So do I"),
        lambda: house.plan("mia", one),
        lambda: house.do(service.label, "lee", house.one(one), ["prices"]),
        lambda: house.do(service.hide, "lee", one),
    ):
        change()
        now = house.read(reading.standing)
        assert now != before
        before = now
