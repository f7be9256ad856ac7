"""Asking a team for something: what is taken, what is refused, what is kept when it is said better."""

from __future__ import annotations

from datetime import timedelta

import pytest
from every import every
from suggesting import House

from kb_server.errors import Invalid
from kb_server.people.limits import TooOften
from kb_server.suggestions import reading, service
from kb_server.suggestions.asking import LONGEST_TITLE
from kb_server.suggestions.faults import Stale, Wrong
from kb_server.suggestions.models import Asking, Suggestion
from kb_server.writing import pace
from kb_server.writing.marking import PassageGone
from kb_server.writing.models import MOST_BYTES, Marked, Place, Said

PLACE = Place(
    page="handing",
    title="Handing a lead to Sales",
    url="handing/",
    build="b1",
    teams=("marketing", "sales"),
    section="when",
    section_title="When we hand over",
    text="Sales calls back soon and says what the person asked for.",
    digest="1:aa",
)


def edited(house: House, one: Suggestion, body: str, title: str = "", version: int = 0) -> Suggestion:
    return house.do(service.edit, "sam", house.one(one), title, Said(body, version=version or house.one(one).version))


def test_what_is_asked_is_numbered_and_waits_for_the_team_within_its_time(house: House) -> None:
    first, second = house.ask("sam", "Name a time\n\nPeople wait."), house.ask("otto", "And a *place*", title="Where")
    assert (first.name, second.name) == ("S-1", "S-2")
    assert (first.title, second.title) == ("Name a time", "Where")
    assert (first.from_team, second.from_team, first.to_team) == ("sales", "", "marketing")
    assert (first.state, first.since, first.version, first.votes) == ("waiting", "2026-11-23T09:00:00Z", 1, 0)
    assert first.due == "2026-11-24T17:00:00Z", "two working days"
    assert house.one(first) == first


def test_it_keeps_the_place_it_is_about_and_the_words_that_were_marked(house: House) -> None:
    one = house.ask("sam", place=PLACE, marked=Marked("calls back soon"))
    assert (one.page, one.section, one.section_title) == ("handing", "when", "When we hand over")
    assert (one.build, one.digest) == ("b1", "1:aa")
    assert one.quote
    assert (one.quote.exact, one.quote.prefix) == ("calls back soon", "Sales ")
    assert house.one(one) == one
    with pytest.raises(PassageGone):
        house.ask("sam", place=PLACE, marked=Marked("never said"))


def test_the_log_has_ids_and_not_a_word_of_what_was_asked(house: House) -> None:
    house.ask("sam", "Secret canary for @mia and @marketing", title="Canary", place=PLACE)
    (line,) = house.log()
    assert line == {
        "verb": "asked",
        "subject": "S-1",
        "who": "sam",
        "at": "2026-11-23T09:00:00Z",
        "number": 1,
        "page": "handing",
        "from": "sales",
        "to": "marketing",
        "state": "waiting",
        "remark": "",
        "mentions": [house.id("mia")],
        "teams": ["marketing"],
    }


@every(
    "field, value",
    [
        ("to_team", ""),
        ("to_team", "nobody"),
        ("to_team", "marketing' OR 1=1"),
        ("to_team", "\0"),
        ("to_team", "\ud800"),
        ("from_team", "marketing"),
        ("from_team", "nobody"),
        ("title", "x" * (LONGEST_TITLE + 1)),
        ("title", "a\0b"),
        ("title", "half a \ud83d"),
    ],
)
def test_what_cannot_be_taken_is_refused_by_name_and_nothing_is_written(field: str, value: str, house: House) -> None:
    before = house.written()
    with pytest.raises(Wrong) as refused:
        house.ask("sam", **{field: value})
    assert refused.value.field == field
    assert house.written() == before


@pytest.mark.parametrize("body", ["", " \n ", "\u200b\u202e", "a\0b", "half a \ud83d", "x" * (MOST_BYTES + 1)])
def test_a_text_nobody_could_read_or_store_is_refused(body: str, house: House) -> None:
    one = house.ask("sam")
    before = house.written()
    for attempt in (
        lambda c: service.ask(c, house.by("sam"), Asking(Said(body), "marketing")),
        lambda c: service.remark(c, house.by("sam"), one, Said(body)),
        lambda c: service.edit(c, house.by("sam"), one, "", Said(body, version=1)),
    ):
        assert house.would(attempt) == "Invalid"
    assert house.written() == before


def test_a_title_is_one_line_whatever_was_typed_and_the_first_of_the_text_where_none_was(house: House) -> None:
    assert house.ask("sam", "Text", title="  Two\r\nlines\tand more ").title == "Two lines and more"
    assert house.ask("sam", "The *first* line\nand another", title=" \u200b ").title == "The first line"


@every("blank", ["\u200b\u2060", "\u3164", "\u115f\u1160", "\u2800 \u2800", "\uffa0", "\ufe0f\u034f", "\U000e0100"])
def test_what_nobody_sees_is_no_title_and_no_text(house: House, blank: str) -> None:
    assert house.ask("sam", "Body words", title=blank).title == "Body words"
    with pytest.raises(Invalid):
        house.ask("sam", blank)


def test_names_that_look_alike_lead_to_whom_they_were_meant_for_and_to_nobody_else(house: House) -> None:
    one = house.ask("sam", "For @mia, not for @m\u0456a nor @\u202eaim")
    assert dict(one.mentions) == {"mia": house.id("mia")}


def test_what_is_sent_twice_is_asked_once_and_other_words_are_asked_too(house: House) -> None:
    first = house.ask("sam", "Once", key="k")
    assert house.ask("sam", "Once", key="k").number == first.number
    assert house.ask("sam", "Otherwise", key="k").number == first.number + 1
    assert house.ask("nia", "Once", key="k").number == first.number + 2
    assert house.ask("sam", "Once", key="k", to_team="success").number == first.number + 3
    assert house.ask("sam", "Once").number == first.number + 4
    assert len(house.log("asked")) == 5


def test_the_same_words_about_another_passage_are_another_thing(house: House) -> None:
    first = house.ask("sam", "Once", key="k", place=PLACE, marked=Marked("calls back soon"))
    again = house.ask("sam", "Once", key="k", place=PLACE, marked=Marked("calls back soon"))
    other = house.ask("sam", "Once", key="k", place=PLACE, marked=Marked("calls back"))
    assert (again.number, other.number) == (first.number, first.number + 1)
    assert other.quote is not None
    assert other.quote.exact == "calls back"


def test_a_program_that_sends_another_text_with_the_same_key_is_told_so(house: House) -> None:
    house.do(service.ask, "sam", Asking(Said("One", "k", strict=True), "marketing"))
    other = Asking(Said("Two", "k", strict=True), "marketing")
    assert house.would(lambda connection: service.ask(connection, house.by("sam"), other)) == "Invalid"


def test_who_asks_more_often_than_anybody_could_is_held_up_and_goes_on_a_minute_later(house: House) -> None:
    house.posts = 3
    one = house.ask("sam")
    house.say("sam", one, "And so on")
    house.act("mia", one, "ask", words="What?")
    house.act("sam", one, "tell", words="This")
    with pytest.raises(TooOften):
        house.ask("sam")
    with pytest.raises(TooOften):
        house.say("sam", one, "More")
    house.ask("nia")
    house.later(seconds=61)
    house.ask("sam")


def test_nobody_presses_a_button_hundreds_of_times_a_minute(house: House) -> None:
    one = house.ask("sam")
    with house.database.transaction() as connection:
        for _ in range(pace.SMALL.most - 1):
            pace.spend_small(connection, house.by("otto"))
    house.vote("otto", one)
    with pytest.raises(TooOften):
        house.vote("otto", one, does=False)
    assert house.one(one).votes == 1


# ── Saying it better ──────────────────────────────────────────────────────


def test_what_it_said_before_is_kept_and_what_it_says_now_is_found(house: House) -> None:
    one = house.ask("sam", "Call sooner", title="Sooner")
    house.later(hours=1)
    now = edited(house, one, "Call within a day", "Within a day")
    assert (now.title, now.body, now.version) == ("Within a day", "Call within a day", 2)
    assert now.edited_at == "2026-11-23T10:00:00Z"
    assert house.one(one) == now
    house.later(hours=1)
    edited(house, one, "Call within an hour", "Within a day")
    past = house.read(reading.versions_of, one.number)
    assert [(old.version, old.title, old.body, old.at) for old in past] == [
        (2, "Within a day", "Call within a day", "2026-11-23T10:00:00Z"),
        (1, "Sooner", "Call sooner", "2026-11-23T09:00:00Z"),
    ]
    assert house.findable() == {"suggestion:1": "Call within an hour"}
    assert (now.due, now.state) == (one.due, one.state), "the clock runs on"


def test_an_edit_that_changes_nothing_is_none(house: House) -> None:
    one = house.ask("sam", "Call sooner")
    assert edited(house, one, "Call sooner\n", "Call sooner") == one
    assert edited(house, one, "Call sooner") == one, "its first line is its title again"
    assert not house.log("edited")


def test_of_two_edits_the_second_is_refused_and_both_texts_are_there(house: House) -> None:
    one = house.ask("sam", "One")
    edited(house, one, "Two")
    before = house.written()
    with pytest.raises(Stale) as refused:
        edited(house, one, "Three", version=1)
    assert refused.value.current.body == "Two"
    assert refused.value.current == house.one(one)
    assert house.written() == before


def test_an_edit_tells_only_those_whom_it_did_not_mean_before(house: House) -> None:
    one = house.ask("sam", "For @mia")
    edited(house, one, "For @mia and @tom and @sales")
    (line,) = house.log("edited")
    assert (line["mentions"], line["teams"]) == ([house.id("tom")], ["sales"])


# ── Another team, and labels ──────────────────────────────────────────────


def test_another_team_that_is_asked_instead_has_its_own_time(house: House) -> None:
    one = house.act("mia", house.ask("sam"), "ask", words="Is it for us?")
    house.say("sam", one, "I thought so")
    house.later(days=1)
    now = house.do(service.address, "lee", one, "success", one.version)
    assert (now.to_team, now.state, now.due) == ("success", "waiting", "2026-11-25T17:00:00Z")
    assert house.one(one) == now
    (line,) = house.log("addressed")
    assert (line["to"], line["was"], line["state"]) == ("success", "marketing", "waiting")
    assert service.may_act(house.by("vera").actor, now)
    assert not service.may_act(house.by("mia").actor, now)


def test_only_what_waits_is_asked_of_another_team_and_only_of_one_there_is(house: House) -> None:
    one = house.plan("mia", house.ask("sam"))
    assert house.would(lambda c: service.address(c, house.by("mia"), one, "success", one.version)) == "Conflict"
    other = house.ask("sam")
    assert house.would(lambda c: service.address(c, house.by("mia"), other, "nobody", other.version)) == "Wrong"
    assert house.would(lambda c: service.address(c, house.by("mia"), other, "success", 7)) == "Stale"
    house.do(service.address, "mia", other, "marketing", other.version)
    assert not house.log("addressed"), "it is asked already"


def test_labels_are_small_short_and_each_there_once(house: House) -> None:
    one = house.do(service.label, "lee", house.ask("sam"), ["Prices", " prices ", "Trade  fairs", ""])
    assert one.labels == ("prices", "trade fairs")
    assert house.one(one).labels == one.labels
    assert one.version == 1, "who answers meanwhile is not in the way"
    assert house.read(reading.tally).labels == ["prices", "trade fairs"]
    house.do(service.label, "lee", one, ("prices", "trade fairs"))
    assert len(house.log("labelled")) == 1
    assert house.do(service.label, "lee", one, []).labels == ()


@every("name", ["x" * 31, "a\u202eb", "a\0b", "a\ud800", "<b>", "a,b", "=1+1", "a\nb\0"])
def test_a_label_that_would_mislead_is_refused(name: str, house: House) -> None:
    one = house.ask("sam")
    assert house.would(lambda c: service.label(c, house.by("lee"), one, [name])) == "Wrong"
    assert house.would(lambda c: service.label(c, house.by("lee"), one, [f"l{n}" for n in range(9)])) == "Wrong"


def test_time_is_counted_by_the_calendar_of_the_team_that_is_asked(house: House) -> None:
    house.now -= timedelta(days=3, hours=-7)  # Friday, 16:00
    one = house.ask("sam")
    assert one.due == "2026-11-24T16:00:00Z", "an hour on Friday, eight on Monday, seven on Tuesday"
