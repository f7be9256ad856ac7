"""What suggestions hold about a person: all of it when they ask, and nothing but an id once they have gone."""

from __future__ import annotations

from suggesting import House

from kb_server.holdings import HELD
from kb_server.people import privacy, storage
from kb_server.suggestions import reading, service
from kb_server.suggestions.edits import storage as edits
from kb_server.suggestions.edits.models import KeptEdit
from kb_server.suggestions.held import HOLDING
from kb_server.writing.models import Said


def leave(house: House, handle: str) -> None:
    with house.database.transaction() as connection:
        person = storage.person(connection, house.id(handle))
        assert person
        privacy.erase(connection, person, HELD, house.id(handle))


def test_whoever_asks_gets_all_they_asked_said_do_and_agree_with(house: House) -> None:
    one = house.ask("sam", "First", title="A title")
    house.do(service.edit, "sam", one, "A title", Said("Second", version=1))
    other = house.ask("otto")
    said = house.say("sam", other, "Before")
    house.do(service.edit_remark, "sam", said, Said("After", version=1))
    gone = house.say("sam", other, "Never said")
    house.do(service.delete_remark, "sam", gone)
    house.vote("sam", other)
    house.act("mia", other, "plan", owner="sam", by_when="2026-12-01")
    with house.database.read() as connection:
        person = storage.person(connection, house.id("sam"))
        assert person
        held = HOLDING.export(connection, person, house.now)
    (asked,) = held["asked"]
    assert (asked["title"], asked["text"], asked["url"]) == ("A title", "Second", "s/1/")
    assert asked["before"] == [{"at": "2026-11-23T09:00:00Z", "text": "A title\n\nFirst"}]
    (remark,) = held["said"]
    assert (remark["text"], remark["url"]) == ("After", f"s/2/#{said.id}")
    assert [old["text"] for old in remark["before"]] == ["Before"]
    assert held["does"] == [{"url": "s/2/", "by_when": "2026-12-01"}]
    assert held["agrees_with"] == [{"url": "s/2/", "at": "2026-11-23T09:00:00Z"}]


def test_of_whoever_goes_the_words_stay_and_the_name_does_not(house: House) -> None:
    one = house.ask("sam", "For @mia and @tom, by @MIA", title="Ask @mia")
    house.do(service.edit, "sam", one, "Ask @mia", Said("For @mia and @tom", version=1))
    said = house.say("sam", one, "As @mia said")
    house.do(service.edit_remark, "sam", said, Said("As @mia says", version=1))
    own = house.say("mia", one, "I did")
    house.vote("mia", one)
    by_title = house.ask("sam", "Nobody is meant", title="What @mia does; not @mia-b")
    hidden = house.ask("sam", "Hidden from @mia")
    house.do(service.hide, "lee", hidden)
    leave(house, "mia")
    now = house.one(one)
    assert (now.title, now.body) == ("Ask @somebody", "For @somebody and @tom")
    assert dict(now.mentions) == {"tom": house.id("tom")}
    assert now.version == 2, "it is no edit"
    assert house.one(by_title).title == "What @somebody does; not @mia-b"
    assert "@mia" not in repr(house.written()).replace("@mia-b", "").lower()
    assert "@mia" not in repr(house.findable()).lower()
    assert set(house.findable()) == {
        "suggestion:1",
        "suggestion:2",
        f"remark:{said.id}",
        f"remark:{own.id}",
    }, "what is hidden stays hidden"
    assert house.findable()["suggestion:1"] == "For @somebody and @tom"
    assert house.read(reading.voters, one.number) == [house.id("mia")], "an opaque id"
    found = house.read(reading.remark, own.id)
    assert found
    assert (found.author, found.body) == (house.id("mia"), "I did")


def test_whoever_goes_is_asked_for_nothing_any_more_and_what_they_do_can_be_given_to_another(house: House) -> None:
    one = house.act("mia", house.ask("sam"), "plan", owner="tom", by_when="2026-12-01")
    leave(house, "tom")
    assert house.one(one).owner == house.id("tom")
    assert house.act("mia", one, "plan", owner="lee", by_when="2026-12-08").owner == house.id("lee")


def test_the_texts_somebody_suggested_are_given_to_them_and_name_nobody_who_has_gone(house: House) -> None:
    one = house.ask("sam", "Ask somebody")
    edit = KeptEdit("docs/a.md", "Ask.", "Ask @mia.", 3, "A", page="a")
    known = KeptEdit("docs/b.md", "Of @mia.", "By @mia.", 3, "B", page="b")
    with house.database.transaction() as connection:
        edits.add(connection, one.number, 1, "2026-11-23T09:00:00Z", [edit, known])
    with house.database.read() as connection:
        person = storage.person(connection, house.id("sam"))
        assert person
        (asked,) = HOLDING.export(connection, person, house.now)["asked"]
    assert [change["text"] for change in asked["changes"]] == ["Ask @mia.", "By @mia."]
    leave(house, "mia")
    kept = house.read(edits.edits_of, one.number)
    assert [(change.before, change.after) for change in kept] == [
        ("Ask.", "Ask @somebody."),
        ("Of @mia.", "By @mia."),
    ], "what the page itself says is for the page to say"
