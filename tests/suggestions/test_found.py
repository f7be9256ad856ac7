"""Suggestions in the wiki's own search: found at once as they are now, gone at once when hidden, no page's title."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from by_hand import page
from flask.testing import FlaskClient
from suggesting import House
from talking import Person, handing

from kb_server.documents import reading
from kb_server.search.titles import PageTitles
from kb_server.suggestions import service
from kb_server.writing.models import Place, Said

PLACE = Place("handing", "Handing a lead to Sales", "handing/")


@pytest.fixture
def reader(client: FlaskClient, publish: Callable[..., str]) -> Person:
    publish(page("home", url=""), handing())
    reader = Person(client)
    assert reader.post("/sign-in/", handle="otto").status_code == 303
    return reader


def test_what_is_asked_and_said_is_found_by_the_next_search(reader: Person, house: House) -> None:
    one = house.ask("sam", "Marmalade for breakfast", place=PLACE)
    said = house.say("otto", one, "With quinces")
    assert reader.finds("marmalade")[0] == "s/1/"
    assert reader.finds("quinces kind:suggestion team:sales") == [f"s/1/#{said.id}"]
    house.do(service.edit, "sam", one, "", Said("Honey for breakfast", version=1))
    assert reader.finds("honey") == ["s/1/", f"s/1/#{said.id}"], "its title stands over what was said"
    assert "s/1/" not in reader.finds("marmalade")
    house.do(service.hide, "lee", one)
    for words in ("honey", "quinces", "breakfast"):
        assert not [url for url in reader.finds(words) if url.startswith("s/")]
    house.do(service.show, "lee", one)
    assert reader.finds("honey")[0] == "s/1/"


def test_each_suggestion_stands_by_itself_with_what_was_said_about_it(reader: Person, house: House) -> None:
    for where in (None, PLACE):
        for turn in range(2):
            house.say("otto", house.ask("sam", f"Marmalade {turn}", place=where), "Marmalade, please")
    shown = reader.get("/search/?query=marmalade").text
    for number in range(1, 5):
        assert f'href="/s/{number}/"' in shown
        assert f'href="/s/{number}/#r_' in shown


def test_what_is_asked_of_another_team_is_found_under_that(reader: Person, house: House) -> None:
    one = house.ask("otto", "Marmalade", from_team="")
    house.do(service.address, "ada", one, "success", 1)
    assert reader.finds("marmalade team:success") == ["s/1/"]
    assert reader.finds("marmalade team:marketing") == []


def test_a_page_is_known_by_its_own_title_whatever_is_suggested_about_it(reader: Person, house: House) -> None:
    assert reader.finds("handing")
    house.ask("sam", "Marmalade for breakfast", place=PLACE)
    with house.database.read() as connection:
        titles = PageTitles(reading.analyser(connection))
        for change in reading.changes_after(connection, 0):
            titles.put(change)
    assert [name for name in titles.of("handing") if "marmalad" in " ".join(name)] == []
    assert titles.of("handing")
