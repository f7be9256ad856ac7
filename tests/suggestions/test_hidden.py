"""What was hidden or taken away: gone at once from lists, counts and search, and from what others tell of it."""

from __future__ import annotations

import pytest
from suggesting import House

from kb_server.errors import Conflict
from kb_server.suggestions import reading, service
from kb_server.suggestions.faults import StaleRemark
from kb_server.suggestions.models import ORDERS, Filter, Given, Remark
from kb_server.suggestions.tallies import OnPage
from kb_server.writing.models import Place, Said

PLACE = Place("handing", "Handing a lead to Sales", "handing/")


def test_a_hidden_suggestion_is_in_no_list_no_count_and_no_search(house: House) -> None:
    one, other = house.ask("sam", "Secret wish", place=PLACE), house.ask("otto")
    house.say("otto", one, "Secret remark")
    house.act("mia", one, "ask", words="Secret question")
    house.do(service.label, "lee", one, ["secret"])
    assert len(house.findable()) == 4
    house.do(service.hide, "lee", one)
    assert list(house.findable()) == ["suggestion:2"]
    for order in ORDERS:
        assert [each.number for each in house.read(reading.listed, Filter(), order)] == [other.number]
    assert house.read(reading.listed, Filter(author=house.id("sam"))) == []
    assert house.read(reading.listed, Filter(label="secret")) == []
    assert house.read(reading.waiting_for, ["marketing"])[0].number == other.number
    assert house.read(reading.counts, Filter()) == {"waiting": 1}
    assert house.read(reading.on_page, "handing") == OnPage(waiting=0, planned=0, improved={})
    assert house.read(reading.tally).labels == []
    assert [one.from_team for one in house.read(reading.between, "", "9")] == [""]
    assert house.one(one).hidden
    assert not service.sees(house.by("sam").actor, house.one(one))
    assert not service.sees(house.by("").actor, house.one(one))
    assert service.sees(house.by("lee").actor, house.one(one))
    house.do(service.show, "ada", one)
    assert set(house.findable()) >= {"suggestion:1", "suggestion:2"}
    assert len(house.findable()) == 4
    assert [line["verb"] for line in house.log("hidden", "shown")] == ["hidden", "shown"]


def test_nobody_does_anything_with_what_is_hidden_but_show_it(house: House) -> None:
    one = house.ask("sam")
    said = house.say("otto", one, "Me too")
    house.do(service.hide, "lee", one)
    before = house.written()
    attempts = {
        "act": lambda c, by: service.act(c, by, one, _answer(one.version)),
        "vote": lambda c, by: service.vote(c, by, one),
        "edit": lambda c, by: service.edit(c, by, one, "", Said("New", version=1)),
        "address": lambda c, by: service.address(c, by, one, "sales", 1),
        "label": lambda c, by: service.label(c, by, one, ["x"]),
        "remark": lambda c, by: service.remark(c, by, one, Said("More")),
        "edit remark": lambda c, by: service.edit_remark(c, by, said, Said("More", version=1)),
        "delete remark": lambda c, by: service.delete_remark(c, by, said),
        "hide remark": lambda c, by: service.hide_remark(c, by, said),
    }
    for who in ("sam", "otto", "mia", "lee", "ada"):
        assert service.may_act(house.by(who).actor, house.one(one)) == ()
        for attempt in attempts.values():
            assert house.would(lambda c: attempt(c, house.by(who))) == "NotFound"  # noqa: B023
    assert house.written() == before


def test_what_joined_another_is_told_of_only_while_it_is_to_be_seen(house: House) -> None:
    one, other = house.ask("sam"), house.ask("otto")
    house.act("mia", one, "join", into=other.number)
    house.do(service.hide, "lee", one)
    assert house.read(reading.joined_to, other.number) == []


def test_a_remark_is_changed_with_its_history_and_found_as_it_is_now(house: House) -> None:
    one = house.ask("sam")
    said = house.say("otto", one, "First, @mia")
    house.later(hours=1)
    now = house.do(service.edit_remark, "otto", said, Said("Second, @mia and @tom", version=1))
    assert (now.body, now.version, now.edited_at) == ("Second, @mia and @tom", 2, "2026-11-23T10:00:00Z")
    assert house.read(reading.remark, said.id) == now
    assert [(old.body, old.at) for old in house.read(reading.remark_versions_of, said.id)] == [
        ("First, @mia", "2026-11-23T09:00:00Z")
    ]
    assert house.findable()[f"remark:{said.id}"] == "Second, @mia and @tom"
    assert house.log("remark_edited")[0]["mentions"] == [house.id("tom")]
    assert house.do(service.edit_remark, "otto", now, Said("Second, @mia and @tom", version=9)) == now
    with pytest.raises(StaleRemark) as refused:
        house.do(service.edit_remark, "otto", said, Said("Third", version=1))
    assert refused.value.current == now


def test_of_what_is_taken_back_the_place_stays_and_not_a_word(house: House) -> None:
    one = house.ask("sam")
    said = house.say("otto", one, "Never said")
    house.do(service.edit_remark, "otto", said, Said("Hardly said", version=1))
    house.do(service.delete_remark, "otto", said)
    (left,) = house.read(reading.remarks_of, one.number)
    assert (left.id, left.state, left.body, left.html, left.author) == (said.id, "deleted", "", "", house.id("otto"))
    assert house.read(reading.remark_versions_of, said.id) == []
    assert list(house.findable()) == ["suggestion:1"]
    assert "said" not in repr(house.written())
    assert house.would(lambda c: service.edit_remark(c, house.by("otto"), left, Said("Again", version=2))) == "Conflict"
    house.do(service.delete_remark, "otto", said)
    house.do(service.hide_remark, "lee", said)
    house.do(service.show_remark, "lee", said)
    assert house.read(reading.remark, said.id).state == "deleted"
    assert [line["verb"] for line in house.log()][2:] == ["remark_edited", "remark_deleted"]


def test_what_was_said_with_an_answer_stays_with_it_and_may_be_said_better(house: House) -> None:
    one = house.act("mia", house.ask("sam"), "decline", words="No")
    (reason,) = house.read(reading.remarks_of, one.number)
    assert house.would(lambda c: service.delete_remark(c, house.by("mia"), reason)) == "Conflict"
    with pytest.raises(Conflict):
        house.do(service.delete_remark, "mia", reason)
    assert house.do(service.edit_remark, "mia", reason, Said("Not now", version=1)).act == "decline"


def test_a_hidden_remark_is_nowhere_to_be_read(house: House) -> None:
    one = house.act("mia", house.ask("sam"), "ask", words="Rude question")
    (said,) = house.read(reading.remarks_of, one.number)
    assert house.one(one).wants == said.html != ""
    house.do(service.hide_remark, "lee", said)
    assert house.read(reading.remarks_of, one.number) == []
    assert house.one(one).wants == ""
    assert _history(house, one.number) == [("asked", None), ("asked_more", None)]
    assert list(house.findable()) == ["suggestion:1"]
    house.do(service.hide, "lee", one)
    house.do(service.show, "lee", one)
    assert list(house.findable()) == ["suggestion:1"], "it stays hidden when what it is about is shown again"
    house.do(service.show_remark, "lee", said)
    assert _history(house, one.number)[1][1] == house.read(reading.remark, said.id)
    assert len(house.findable()) == 2
    assert [line["remark"] for line in house.log("hidden", "shown")] == [said.id, "", "", said.id]


def _history(house: House, number: int) -> list[tuple[str, Remark | None]]:
    told = house.read(reading.history, house.one(number))
    return [(event.verb.removeprefix("suggestion."), said) for event, said in told]


def _answer(version: int) -> Given:
    return Given("finish", version=version)
