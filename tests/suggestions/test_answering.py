"""Answering a suggestion: what must be given, what follows, what the clock does, and what the log tells."""

from __future__ import annotations

from datetime import timedelta

import pytest
from suggesting import House

from kb_server.suggestions import reading, service
from kb_server.suggestions.faults import Stale, Wrong
from kb_server.suggestions.models import Given
from kb_server.writing.models import Said

MISSING: dict[tuple[str, str], tuple[str, ...]] = {
    ("plan", "owner"): ("", "nobody", "p_0000000000000000", "Sam", "\0", "\ud800"),
    ("plan", "by_when"): ("", "soon", "2026-02-30", "2026-11-21", "20261124x", "\0", "9" * 40),
    ("decline", "words"): ("", " \n", "\u200b", "a\0b", "half a \ud83d", "x" * 10_241),
    ("ask", "words"): ("", " \n"),
    ("join", "into"): ("0", "-1", "1", "99", str(2**63 - 1)),
}
WHOLE = {"words": "Because", "owner": "tom", "by_when": "2026-12-01"}


@pytest.mark.parametrize(("act", "field"), MISSING)
def test_what_an_act_needs_must_be_given_and_is_asked_for_by_name(act: str, field: str, house: House) -> None:
    one = house.ask("sam")
    other = house.ask("otto")
    before = house.written()
    for value in MISSING[act, field]:
        given = WHOLE | {"into": other.number} | {field: int(value) if field == "into" else value}
        with pytest.raises(Wrong) as refused:
            house.act("mia", one, act, **given)
        assert refused.value.field == field
    assert house.written() == before


def test_a_number_no_store_could_hold_is_no_suggestion(house: House) -> None:
    one = house.ask("sam")
    for number in (2**63, 2**200, -(2**63) - 1):
        attempt = Given("join", into=number, version=1)
        assert house.would(lambda c: service.act(c, house.by("mia"), one, attempt)) in {"Wrong", "Unstorable"}  # noqa: B023


def test_an_act_there_is_not_is_refused(house: House) -> None:
    one = house.ask("sam")
    for act in ("", "delete", "PLAN", "plan ", "close", "\0"):
        with pytest.raises(Wrong):
            house.act("mia", one, act, **WHOLE)


def test_yes_says_who_does_it_and_by_when_and_stops_the_clock(house: House) -> None:
    one = house.act("mia", house.ask("sam"), "plan", owner="tom", by_when="2026-12-01", words="Gladly, @sam")
    assert (one.state, one.owner, one.by_when) == ("planned", house.id("tom"), "2026-12-01")
    assert (one.due, one.in_time, one.answered_at) == ("", "yes", "2026-11-23T09:00:00Z")
    (line,) = house.log("planned")
    assert (line["owner"], line["by_when"], line["in_time"]) == (house.id("tom"), "2026-12-01", "yes")
    assert line["mentions"] == [house.id("sam")]
    (said,) = house.read(reading.remarks_of, one.number)
    assert (said.body, said.act, said.author, line["remark"]) == ("Gladly, @sam", "plan", house.id("mia"), said.id)


def test_who_does_it_may_be_known_by_their_id_too(house: House) -> None:
    one = house.act("mia", house.ask("sam"), "plan", owner=house.id("otto"), by_when="2026-12-01")
    assert one.owner == house.id("otto")


def test_somebody_who_has_gone_does_nothing_any_more(house: House) -> None:
    from kb_server.holdings import HELD  # noqa: PLC0415  -- only here
    from kb_server.people import privacy, storage  # noqa: PLC0415

    with house.database.transaction() as connection:
        person = storage.person(connection, house.id("vera"))
        assert person
        privacy.erase(connection, person, HELD, "ada")
    with pytest.raises(Wrong):
        house.act("mia", house.ask("sam"), "plan", owner=house.id("vera"), by_when="2026-12-01")


def test_a_plan_may_change_and_its_answer_stays_in_time(house: House) -> None:
    one = house.plan("mia", house.ask("sam"))
    house.later(days=30)
    now = house.act("tom", one, "plan", owner="lee", by_when="2027-01-15")
    assert (now.owner, now.by_when, now.in_time) == (house.id("lee"), "2027-01-15", "yes")
    assert now.answered_at == one.answered_at
    done = house.act("tom", now, "finish")
    assert (done.state, done.owner, done.by_when) == ("done", house.id("lee"), "2027-01-15")


@pytest.mark.parametrize(("hours", "in_time"), [(31, "yes"), (32, "yes"), (33, "no"), (24 * 30, "no")])
@pytest.mark.parametrize("act", ["plan", "decline", "finish", "join"])
def test_an_answer_is_in_time_until_it_is_due(act: str, hours: int, in_time: str, house: House) -> None:
    one, other = house.ask("sam"), house.ask("otto")
    house.later(hours=hours)
    by_when = (house.now + timedelta(7)).date().isoformat()
    now = house.act("mia", one, act, words="Because", owner="tom", by_when=by_when, into=other.number)
    assert (now.in_time, now.due) == (in_time, "")
    assert house.log()[-1]["in_time"] == in_time


def test_the_clock_stands_still_while_more_is_needed_and_goes_on_with_what_was_left(house: House) -> None:
    one = house.ask("sam")
    house.later(hours=7)  # Monday, 16:00
    more = house.act("mia", one, "ask", words="Which forms?")
    assert (more.state, more.due, more.left, more.in_time) == ("more", "", 9 * 3600, "")
    house.later(days=14)
    now = house.act("nia", more, "tell", words="The one on the demo page")
    assert (now.state, now.due, now.left) == ("waiting", "2026-12-08T17:00:00Z", 9 * 3600), "an hour and a day"
    house.later(hours=24)
    assert house.act("mia", now, "finish").in_time == "yes"
    assert [line["verb"] for line in house.log()] == ["asked", "asked_more", "told_more", "finished"]


def test_asking_for_more_when_it_is_late_wins_no_time(house: House) -> None:
    one = house.ask("sam")
    house.later(days=7)
    more = house.act("mia", one, "ask", words="Which forms?")
    assert more.left == 0
    house.later(days=1)
    now = house.act("sam", more, "tell", words="All")
    assert now.due == "2026-12-01T09:00:00Z"
    house.later(seconds=1)
    assert house.plan("mia", now).in_time == "no"


def test_an_answer_while_more_is_needed_is_in_time_if_the_question_was(house: House) -> None:
    early, late = house.ask("sam"), house.ask("sam")
    early = house.act("mia", early, "ask", words="Which?")
    house.later(days=7)
    late = house.act("mia", late, "ask", words="Which?")
    house.later(days=7)
    assert house.plan("mia", early).in_time == "yes"
    assert house.plan("mia", late).in_time == "no"


def test_what_is_opened_again_is_asked_anew(house: House) -> None:
    one = house.plan("mia", house.ask("sam"))
    done = house.act("mia", one, "finish")
    house.later(days=7)
    now = house.act("nia", done, "reopen", words="It is not solved yet")
    assert (now.state, now.owner, now.by_when) == ("waiting", "", "")
    assert (now.due, now.in_time, now.answered_at, now.passed) == ("2026-12-01T17:00:00Z", "", "", "")
    assert (
        house.would(lambda c: service.act(c, house.by("nia"), done, Given("reopen", version=done.version))) == "Stale"
    )


def test_not_now_needs_a_reason_and_may_become_a_plan_later(house: House) -> None:
    one = house.act("mia", house.ask("sam"), "decline", words="Not before spring")
    assert (one.state, one.owner) == ("notnow", "")
    house.later(days=100)
    now = house.plan("tom", one)
    assert (now.state, now.in_time, now.answered_at) == ("planned", "yes", one.answered_at)


def test_what_is_taken_back_waits_for_nobody_and_may_be_asked_again_by_its_author_alone(house: House) -> None:
    one = house.act("sam", house.ask("sam"), "back")
    assert (one.state, one.due, one.in_time) == ("back", "", "")
    again = house.act("sam", one, "reopen", words="I need it after all")
    assert (again.state, again.due) == ("waiting", "2026-11-24T17:00:00Z")


# ── Two at once, and twice ────────────────────────────────────────────────


def test_of_two_who_answer_the_second_is_told_how_it_is_now_and_nothing_is_written(house: House) -> None:
    one = house.ask("sam")
    first = house.plan("mia", one)
    before = house.written()
    with pytest.raises(Stale) as refused:
        house.do(service.act, "tom", one, Given("decline", words="Not now", version=one.version))
    assert refused.value.current == house.one(first)
    assert refused.value.current.state == "planned"
    assert house.written() == before


def test_who_answers_what_was_edited_meanwhile_is_told_so(house: House) -> None:
    one = house.ask("sam")
    house.do(service.edit, "sam", one, "", Said("Something else", version=one.version))
    with pytest.raises(Stale) as refused:
        house.do(service.act, "mia", one, Given("decline", words="No", version=one.version))
    assert refused.value.current.body == "Something else"


def test_votes_labels_and_remarks_are_in_nobodys_way(house: House) -> None:
    one = house.ask("sam")
    house.vote("otto", one)
    house.say("otto", one, "Me too")
    house.do(service.label, "lee", one, ["prices"])
    assert house.do(service.act, "mia", one, Given("decline", words="No", version=one.version)).state == "notnow"


def test_an_answer_sent_twice_is_given_once(house: House) -> None:
    one = house.ask("sam")
    answer = Given("decline", words="Not now", version=one.version, key="k")
    first = house.do(service.act, "mia", one, answer)
    before = house.written()
    assert house.do(service.act, "mia", one, answer) == first
    assert house.written() == before
    assert len(house.read(reading.remarks_of, one.number)) == 1


def test_the_same_key_with_another_answer_is_another_sending(house: House) -> None:
    one = house.ask("sam")
    house.do(service.act, "mia", one, Given("ask", words="Which?", version=one.version, key="k"))
    again = house.one(one)
    other = Given("decline", words="Which?", version=again.version, key="k")
    assert house.do(service.act, "mia", again, other).state == "notnow"
    strict = Given("plan", owner="tom", by_when="2026-12-01", version=3, key="s", strict=True)
    house.do(service.act, "mia", one, strict)
    changed = Given("plan", owner="lee", by_when="2026-12-01", version=4, key="s", strict=True)
    assert house.would(lambda c: service.act(c, house.by("mia"), one, changed)) == "Invalid"


# ── What happened ─────────────────────────────────────────────────────────


def test_history_tells_what_happened_in_order_with_what_was_said(house: House) -> None:
    one = house.ask("sam")
    house.vote("otto", one)
    house.act("mia", one, "ask", words="Which?")
    house.act("sam", one, "tell", words="These")
    house.say("otto", one, "Those too")
    house.plan("mia", one)
    house.act("mia", one, "finish", words="There it is")
    told = house.read(reading.history, house.one(one))
    assert [(event.verb.removeprefix("suggestion."), said.body if said else "") for event, said in told] == [
        ("asked", ""),
        ("asked_more", "Which?"),
        ("told_more", "These"),
        ("remarked", "Those too"),
        ("planned", ""),
        ("finished", "There it is"),
    ]
