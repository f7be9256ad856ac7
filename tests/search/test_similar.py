"""Whoever asks for something sees what was asked before, while they are still typing."""

from __future__ import annotations

import time
import timeit

import pytest
from suggesting import House

from kb_server.db import Database
from kb_server.search import likeness
from kb_server.search.letters import Letters
from kb_server.search.likeness import Compared, Likeness
from kb_server.search.similar import similar
from kb_server.suggestions import service
from kb_server.suggestions.models import Suggestion
from kb_server.writing.models import Said


@pytest.fixture
def house(database: Database) -> House:
    return House(database)


@pytest.fixture
def asked(house: House) -> dict[str, Suggestion]:
    """What was asked so far, by its first word."""
    said = (
        "Reasons for turning a lead down\n\nPlease tell us why a lead was turned down, in one line.",
        "Shorter forms on the demo page\n\nNobody fills in eleven fields of a form.",
        "Campaigns announced two days ahead\n\nTell us when a campaign starts.",
        "Pricing on one slide\n\nFor the webinar we need the prices on a slide.",
    )
    return {text.split()[0]: house.ask(body=text) for text in said}


def titles(house: House, typed: str, **given: object) -> list[str]:
    return [one.title for one in similar(house.database, typed, **given)]  # type: ignore[arg-type]


@pytest.mark.usefixtures("asked")
def test_what_says_the_same_in_other_words_comes_first(house: House) -> None:
    assert titles(house, "Could you say why our leads are turned down? ")[0].startswith("Reasons")
    assert titles(house, "The form on the page for demos is too long, make it shorter ")[0].startswith("Shorter")


@pytest.mark.usefixtures("asked")
def test_nothing_is_offered_for_what_nobody_asked_or_typed(house: House) -> None:
    assert (
        titles(house, "") == titles(house, "  \n ") == titles(house, "Walruses") == titles(house, "\x00\ud800?") == []
    )


@pytest.mark.usefixtures("asked")
def test_a_word_that_is_not_finished_counts_already(house: House) -> None:
    assert titles(house, "Tell us about camp")[0].startswith("Campaigns")
    assert titles(house, "webin")[0].startswith("Pricing")


@pytest.mark.usefixtures("asked")
def test_what_was_asked_is_found_by_a_slip_of_the_finger_and_by_a_word_of_the_same_family(house: House) -> None:
    assert titles(house, "Campains? ")[0].startswith("Campaigns")
    assert titles(house, "Short? ")[0].startswith("Shorter")


@pytest.mark.usefixtures("asked")
def test_a_word_without_end_takes_no_longer_than_many_short_ones(house: House) -> None:
    titles(house, "Leads")

    def quickest(typed: str) -> float:
        return min(timeit.repeat(lambda: titles(house, typed), timer=time.process_time, number=1, repeat=5))

    assert quickest("a" * 3_999 + "!") < 4 * quickest("lead " * 800)


def test_what_is_hidden_taken_back_or_asked_of_others_is_not_in_the_way(
    house: House, asked: dict[str, Suggestion]
) -> None:
    typed = "Why was this lead turned down "
    assert titles(house, typed)
    house.do(service.hide, "lee", asked["Reasons"])
    assert not [one for one in titles(house, typed) if one.startswith("Reasons")]
    house.do(service.show, "lee", asked["Reasons"])
    assert titles(house, typed)[0].startswith("Reasons")
    house.act("sam", asked["Reasons"], "back")
    assert not [one for one in titles(house, typed) if one.startswith("Reasons")]


def test_a_hidden_one_is_not_shown_by_a_server_that_has_not_heard_of_it(
    house: House, asked: dict[str, Suggestion], monkeypatch: pytest.MonkeyPatch
) -> None:
    typed = "Why was this lead turned down "
    assert titles(house, typed)
    monkeypatch.setattr("kb_server.search.similar.Shelf.follow", lambda *_: None)
    house.do(service.hide, "lee", asked["Reasons"])
    assert not [one for one in titles(house, typed) if one.startswith("Reasons")]


def test_one_that_joined_another_is_found_as_that(house: House, asked: dict[str, Suggestion]) -> None:
    other = house.ask("nia", "Let us know what became of prospects you refused")
    house.act("mia", other, "join", into=asked["Reasons"].number)
    found = titles(house, "What became of prospects that were refused? ")
    assert found[0] == asked["Reasons"].title
    assert other.title not in found


def test_an_edit_counts_at_once(house: House, asked: dict[str, Suggestion]) -> None:
    assert titles(house, "Walruses ") == []
    one = asked["Pricing"]
    house.do(service.edit, "sam", one, "Walruses", Said("Something about walruses", version=one.version))
    assert titles(house, "walruses ") == ["Walruses"]


def test_what_was_asked_of_the_same_team_comes_first(house: House) -> None:
    house.ask("mia", "Tell us which industry it is", to_team="sales", from_team="marketing")
    house.ask("sam", "Tell us which industry it is", to_team="marketing")
    assert [one.to_team for one in similar(house.database, "Tell us which industry it is ", "marketing")] == [
        "marketing",
        "sales",
    ]
    assert similar(house.database, "Tell us which industry it is ", "sales")[0].to_team == "sales"


def test_one_is_not_like_itself(house: House, asked: dict[str, Suggestion]) -> None:
    one = asked["Shorter"]
    assert one.title not in titles(house, f"{one.title}\n{one.body}", without=one.number)


def test_what_was_said_about_one_is_not_what_was_asked(house: House, asked: dict[str, Suggestion]) -> None:
    house.say("mia", asked["Pricing"], "Walruses, walruses")
    assert titles(house, "Walruses ") == []


def test_texts_that_changed_often_take_no_room_and_weigh_the_same() -> None:
    fresh, worn = Likeness(), Likeness()
    for number in range(likeness.SPARE + 1):
        worn.put(1, ["old"], [str(number)])
    for one in (fresh, worn):
        one.put(1, ["lead"], ["why", "turned", "down"])
        one.put(2, ["form"], ["shorter"])
    assert worn.is_crowded
    assert not fresh.is_crowded
    alike = [one.most_alike(Compared(["lead"], ["turned"]), 5) for one in (fresh, worn)]
    assert [key for key, _ in alike[0]] == [key for key, _ in alike[1]] == [1]


def test_a_word_itself_tells_more_than_one_that_is_written_nearly_like_it() -> None:
    texts = Likeness()
    for key, title in enumerate((["form"], ["heavili", "form"], ["heavi", "form"]), start=1):
        texts.put(key, title, [])
    assert [key for key, _ in texts.most_alike(Compared(["heavi"]), 5)] == [3, 2]


def test_no_number_is_taken_for_another_and_no_short_word_either() -> None:
    letters = Letters()
    for word in ("20261", "lead", "led", "leads"):
        letters.put(word)
    assert letters.near("2026") == letters.near("le") == letters.near("20262") == []
    assert [word for _, word in letters.near("lead")] == ["leads"]


def test_a_single_line_is_weighed_alike_whether_it_is_a_title_or_a_text() -> None:
    lines = (
        ["lead"],
        ["lead", "form", "page"],
        ["lead", "lead", "form", "page", "demo", "slide"],
        ["slide", "webinar"],
    )
    titled, said = Likeness(), Likeness()
    for key, line in enumerate(lines, start=1):
        titled.put(key, line, [])
        said.put(key, [], line)
    asked = Compared(["lead", "slide"])
    scores = [dict(one.most_alike(asked, 5)) for one in (titled, said)]
    assert {key: score / scores[0][1] for key, score in scores[0].items()} == pytest.approx(
        {key: score / scores[1][1] for key, score in scores[1].items()}
    )
