"""Agreeing, and what was asked before: who counts for what, and that everything comes back when they part."""

from __future__ import annotations

import pytest
from suggesting import House

from kb_server.suggestions import reading, service
from kb_server.suggestions.faults import Wrong
from kb_server.suggestions.models import Suggestion


def join(house: House, one: Suggestion, into: Suggestion, who: str = "mia") -> Suggestion:
    return house.act(who, one, "join", into=into.number)


def part(house: House, one: Suggestion, who: str = "mia") -> Suggestion:
    return house.act(who, one, "part")


def agree(house: House, one: Suggestion) -> tuple[int, set[str]]:
    """How many agree by the count that is kept, and who they are."""
    names = {actor.id: handle for handle, actor in house.actors.items()}
    return house.one(one).votes, {names[one] for one in house.read(reading.voters, one.number)}


def test_everybody_agrees_once_and_may_think_better_of_it(house: House) -> None:
    one = house.ask("sam")
    for _ in range(3):
        assert house.vote("mia", one).votes == 1
    assert house.vote("otto", one).mine
    assert agree(house, one) == (2, {"mia", "otto"})
    for _ in range(2):
        assert not house.vote("mia", one, does=False).mine
    assert agree(house, one) == (1, {"otto"})
    assert [(line["verb"], line["who"]) for line in house.log("voted", "unvoted")] == [
        ("voted", "mia"),
        ("voted", "otto"),
        ("unvoted", "mia"),
    ]


def test_nobody_agrees_with_themselves_nor_with_what_was_taken_back(house: House) -> None:
    one = house.ask("sam")
    assert house.would(lambda c: service.vote(c, house.by("sam"), one)) == "Invalid"
    house.vote("otto", one)
    house.act("sam", one, "back")
    assert house.would(lambda c: service.vote(c, house.by("mia"), one)) == "Conflict"
    assert agree(house, one) == (1, {"otto"})


def test_whoever_asked_for_what_was_asked_before_agrees_and_so_do_those_who_agreed(house: House) -> None:
    first, second = house.ask("sam", "First"), house.ask("nia", "Second")
    for who in ("otto", "vera", "sam"):
        house.vote(who, second)
    house.vote("otto", first)
    now = join(house, second, first)
    assert (now.state, now.into, now.before, now.due) == ("asked", first.number, "waiting", "")
    assert agree(house, first) == (3, {"nia", "otto", "vera"}), "each once, and not the one who asked first"
    assert agree(house, second) == (3, {"otto", "vera", "sam"})
    (line,) = house.log("joined")
    assert (line["subject"], line["into"], line["in_time"]) == ("S-2", 1, "yes")
    now = part(house, second, "nia")
    assert (now.state, now.into, now.before, now.in_time) == ("waiting", 0, "", "")
    assert agree(house, first) == (1, {"otto"})
    assert agree(house, second) == (3, {"otto", "vera", "sam"})
    assert house.log("parted")[0]["into"] == 1


def test_a_vote_counts_for_all_that_was_joined_on_the_way(house: House) -> None:
    one, two, three = house.ask("sam", "One"), house.ask("nia", "Two"), house.ask("lee", "Three")
    join(house, one, two)
    join(house, two, three)
    assert house.one(one).into == two.number
    house.vote("otto", one)
    assert agree(house, one) == (1, {"otto"})
    assert agree(house, two) == (2, {"otto", "sam"})
    assert agree(house, three) == (3, {"otto", "sam", "nia"})
    assert house.one(three, "otto").mine
    house.vote("otto", three)
    house.vote("otto", three, does=False)
    assert not house.one(one, "otto").mine, "who no longer agrees does so with none of what was joined"
    assert [agree(house, each)[0] for each in (one, two, three)] == [0, 1, 2]
    house.vote("otto", one)
    part(house, two)
    assert [agree(house, each)[0] for each in (one, two, three)] == [1, 2, 0]
    part(house, one)
    assert [agree(house, each)[0] for each in (one, two, three)] == [1, 0, 0]


def test_who_joins_one_that_has_joined_another_joins_that(house: House) -> None:
    one, two, three = house.ask("sam", "One"), house.ask("nia", "Two"), house.ask("lee", "Three")
    join(house, one, two)
    assert join(house, three, one).into == two.number
    assert agree(house, two) == (2, {"sam", "lee"})
    assert [each.number for each in house.read(reading.joined_to, two.number)] == [1, 3]
    part(house, one)
    assert house.one(three).into == two.number, "it stays where it went"


def test_nothing_joins_itself_or_what_has_joined_it_by_whatever_way(house: House) -> None:
    one, two, three = house.ask("sam", "One"), house.ask("nia", "Two"), house.ask("lee", "Three")
    for asked, into in ((one, one), (two, two)):
        with pytest.raises(Wrong):
            join(house, asked, into)
    join(house, one, two)
    with pytest.raises(Wrong):
        join(house, two, one)
    join(house, two, three)
    for joined in (one, two):
        with pytest.raises(Wrong):
            join(house, three, joined)
    part(house, two)
    assert join(house, three, one).into == two.number


def test_nothing_joins_what_is_hidden_or_taken_back(house: House) -> None:
    one, hidden, back = house.ask("sam"), house.ask("otto"), house.ask("otto")
    house.do(service.hide, "lee", hidden)
    house.act("otto", back, "back")
    joined = house.ask("nia")
    other = house.ask("nia")
    join(house, joined, other)
    house.do(service.hide, "lee", other)
    for into in (hidden, back, joined):
        with pytest.raises(Wrong):
            join(house, one, into)


@pytest.mark.parametrize("state", ["more", "planned", "notnow"])
def test_what_parts_is_as_it_was_before_it_joined(state: str, house: House) -> None:
    other = house.ask("otto")
    one = house.ask("sam")
    if state == "planned":
        one = house.plan("mia", one)
    else:
        one = house.act("mia", one, {"more": "ask", "notnow": "decline"}[state], words="Because")
    house.later(days=20)
    join(house, one, other)
    house.later(days=20)
    now = part(house, one)
    kept = ("state", "owner", "by_when", "left", "due", "in_time", "answered_at", "into", "before")
    assert {name: getattr(now, name) for name in kept} == {name: getattr(one, name) for name in kept}


def test_the_clock_goes_on_with_what_was_left_when_they_part(house: House) -> None:
    other, one = house.ask("otto"), house.ask("sam")
    house.later(hours=4)
    assert join(house, one, other).left == 12 * 3600
    house.later(days=7)
    now = part(house, one)
    assert (now.due, now.left) == ("2026-12-01T17:00:00Z", 12 * 3600)


def test_a_finished_one_can_be_joined_and_its_votes_grow(house: House) -> None:
    other, one = house.ask("otto"), house.ask("sam")
    house.act("mia", other, "finish")
    join(house, one, other)
    assert agree(house, other) == (1, {"sam"})
