"""Two who answer at once, a button pressed in many windows: one wins, the others are told, and each is done once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
import sqlalchemy as sa
from stores import patiently
from suggesting import House

from kb_server.errors import KbError
from kb_server.suggestions import reading, service
from kb_server.suggestions.faults import Stale, StaleRemark, Wrong
from kb_server.suggestions.models import Asking, Given, Remark, Suggestion
from kb_server.writing.models import Said

AT_ONCE = 8
WHO = ("mia", "tom", "lee", "ada") * 2


def all_together(*attempts: Callable[[], Any]) -> list[Any]:
    """What comes of each of these, which all begin at the same moment: what it gives, or what was in the way."""
    ready = Barrier(len(attempts))

    def when_all_are_ready(attempt: Callable[[], Any]) -> Any:  # noqa: ANN401  -- whatever it gives
        ready.wait()
        try:
            return patiently(attempt)
        except KbError as problem:
            return problem

    with ThreadPoolExecutor(len(attempts)) as pool:
        return list(pool.map(when_all_are_ready, attempts))


def test_of_many_who_answer_at_once_one_wins_and_each_other_is_told_and_has_their_words(house: House) -> None:
    one = house.ask("sam")

    def answer(turn: int, who: str) -> Callable[[], Suggestion]:
        given = Given("decline", words=f"Because of {turn}", version=one.version)
        return lambda: house.do(service.act, who, one, given)

    came = all_together(*(answer(turn, who) for turn, who in enumerate(WHO)))
    (won,) = [each for each in came if isinstance(each, Suggestion)]
    lost = [each for each in came if isinstance(each, Stale)]
    assert len(lost) == AT_ONCE - 1
    assert all(each.current == won for each in lost), "they are shown what was answered"
    assert house.one(one) == won
    assert won.version == 2
    (said,) = house.read(reading.remarks_of, one.number)
    assert said.body == f"Because of {came.index(won)}"
    assert len(house.log("declined")) == 1


def test_a_plan_and_a_refusal_at_once_never_make_a_mixture(house: House) -> None:
    for _ in range(5):
        one = house.ask("sam")
        plan = Given("plan", owner="tom", by_when="2026-12-01", version=1)
        refusal = Given("decline", words="No", version=1)
        came = all_together(
            lambda: house.do(service.act, "mia", one, plan),  # noqa: B023
            lambda: house.do(service.act, "tom", one, refusal),  # noqa: B023
            lambda: house.do(service.edit, "sam", one, "", Said("Otherwise", version=1)),  # noqa: B023
        )
        assert sum(isinstance(each, Suggestion) for each in came) == 1
        now = house.one(one)
        assert now.version == 2
        assert (now.state, bool(now.owner), now.body == "Otherwise") in {
            ("planned", True, False),
            ("notnow", False, False),
            ("waiting", False, True),
        }


def test_nobody_agrees_more_than_once_however_often_they_press(house: House) -> None:
    one = house.ask("sam")
    all_together(*[lambda: house.vote("otto", one)] * AT_ONCE)
    assert house.one(one).votes == 1
    assert len(house.log("voted")) == 1
    with house.database.read() as connection:
        assert connection.scalar(sa.text("SELECT count(*) FROM suggestion_votes")) == 1


def test_many_who_agree_at_once_are_all_counted(house: House) -> None:
    one, other = house.ask("sam"), house.ask("otto")
    house.act("mia", one, "join", into=other.number)
    who = ("nia", "mia", "tom", "lee", "vera", "ada")
    all_together(*(lambda each=each: house.vote(each, one) for each in who))
    assert house.one(one).votes == len(who)
    assert house.one(other).votes == len(who) + 1


def test_what_is_sent_many_times_at_once_is_asked_said_and_answered_once(house: House) -> None:
    asking = Asking(Said("Once", "k"), "marketing")
    asked = all_together(*[lambda: house.do(service.ask, "sam", asking)] * AT_ONCE)
    assert {each.number for each in asked} == {1}
    one = house.one(1)
    said = all_together(*[lambda: house.say("otto", one, "Once too", key="k")] * AT_ONCE)
    assert len({each.id for each in said}) == 1
    given = Given("finish", words="There", version=1, key="k")
    done = all_together(*[lambda: house.do(service.act, "mia", one, given)] * AT_ONCE)
    assert {(each.state, each.version) for each in done} == {("done", 2)}
    assert [line["verb"] for line in house.log()] == ["asked", "remarked", "finished"]
    assert len(house.read(reading.remarks_of, 1)) == 2


def test_two_that_join_each_other_at_once_do_not_go_round_in_circles(house: House) -> None:
    for _ in range(5):
        one, other = house.ask("sam"), house.ask("otto")
        came = all_together(
            lambda: house.act("mia", one, "join", into=other.number),  # noqa: B023
            lambda: house.act("tom", other, "join", into=one.number),  # noqa: B023
        )
        assert sum(isinstance(each, Suggestion) for each in came) == 1
        assert sum(isinstance(each, Wrong) for each in came) == 1
        assert 0 in {house.one(one).into, house.one(other).into}


@pytest.mark.slow
def test_of_fifty_who_edit_one_text_at_once_exactly_one_wins_and_the_others_get_both_texts(house: House) -> None:
    one = house.ask("sam")
    said = house.say("sam", one, "As it was")

    def edit(turn: int) -> Callable[[], Suggestion | Remark]:
        if turn % 2:
            return lambda: house.do(service.edit, "sam", one, "", Said(f"Text {turn}", version=1))
        return lambda: house.do(service.edit_remark, "sam", said, Said(f"Text {turn}", version=1))

    came = all_together(*map(edit, range(50)))
    (won,) = [each for each in came if isinstance(each, Suggestion)]
    (changed,) = [each for each in came if isinstance(each, Remark)]
    assert {each.current.body for each in came if isinstance(each, Stale)} == {won.body}
    assert {each.current.body for each in came if isinstance(each, StaleRemark)} == {changed.body}
    assert sum(isinstance(each, Stale) for each in came) == sum(isinstance(each, StaleRemark) for each in came) == 24
    assert len(house.read(reading.versions_of, one.number)) == len(house.read(reading.remark_versions_of, said.id)) == 1
