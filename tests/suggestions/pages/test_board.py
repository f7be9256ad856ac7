"""Board and list: whose turn it is, what is chosen stands in the address, and it stays quick."""

from __future__ import annotations

import re
from itertools import count

import pytest
from counting import counted
from every import every
from suggesting_pages import ask
from talking import As, Person

from kb_server.db import Database

LANE = re.compile(r'<section class="kb-lane.*?</section>', re.DOTALL)


def lanes(person: Person, url: str = "/suggestions/") -> list[list[str]]:
    """The titles in both columns."""
    return [
        re.findall(r'<article class="kb-card" aria-label="([^"]*)"', lane)
        for lane in LANE.findall(person.get(url).text)
    ]


def titles(person: Person, query: str) -> list[str]:
    """What a list holds."""
    return re.findall(r'class="kb-row__title" href="/s/\d+/"><bdi>([^<]*)', person.get(f"/suggestions/?{query}").text)


@pytest.fixture
def asked(sam: Person, mia: Person, somebody: As) -> None:
    """Four suggestions between three teams, and one of somebody in none."""
    ask(sam, "Sales asks", from_team="sales", page="handing")
    ask(mia, "Marketing asks", to_team="sales", from_team="marketing")
    ask(somebody("vera"), "Success asks", to_team="sales", from_team="success")
    ask(sam, "Sales asks Success", to_team="success", from_team="sales")
    ask(somebody("otto"), "Otto asks")


@pytest.mark.usefixtures("asked")
def test_everybody_has_the_board_of_their_team(sam: Person, mia: Person, somebody: As) -> None:
    assert lanes(sam) == [["Marketing asks", "Success asks"], ["Sales asks", "Sales asks Success"]]
    assert lanes(mia) == [["Sales asks", "Otto asks"], ["Marketing asks"]]
    assert lanes(somebody("lee")) == lanes(sam)
    assert lanes(somebody("lee"), "/suggestions/?team=marketing") == lanes(mia)
    assert [len(lane) for lane in lanes(somebody("otto"))] == [5, 1]
    assert lanes(sam, "/suggestions/?with=success") == [["Success asks"], ["Sales asks Success"]]


def opened(person: Person, url: str = "/suggestions/") -> int:
    """How many are said to be open."""
    found = re.search(r">Open (\d+)</a>", person.get(url).text)
    assert found
    return int(found[1])


@pytest.mark.usefixtures("asked")
def test_what_stands_in_both_columns_is_counted_once(sam: Person, somebody: As) -> None:
    assert (opened(sam), opened(sam, "/suggestions/?with=success")) == (4, 2)
    assert opened(somebody("otto")) == 5
    ask(sam, "Sales asks itself", to_team="sales", from_team="sales")
    assert lanes(sam)[0][-1] == lanes(sam)[1][-1] == "Sales asks itself"
    assert (opened(sam), opened(sam, "/suggestions/?with=success")) == (5, 2)
    assert opened(sam, "/suggestions/?with=sales") == 1


@pytest.mark.usefixtures("asked")
def test_everybody_has_a_list_of_what_they_asked(sam: Person, somebody: As) -> None:
    assert titles(sam, "view=list&mine=1") == ["Sales asks", "Sales asks Success"]
    assert "Asked by you" in sam.get("/suggestions/?view=list&mine=1").text
    assert titles(somebody("ada"), "view=list&mine=1") == titles(somebody(), "view=list&mine=1") == []
    assert "Sales asks Success" in (taken := sam.get("/suggestions/export.csv?mine=1").text)
    assert "Otto asks" not in taken


@pytest.mark.usefixtures("asked")
@every(
    "query, found",
    [
        ("to=sales", ["Marketing asks", "Success asks"]),
        ("view=list&from=sales&to=success", ["Sales asks Success"]),
        ("view=list&page=handing", ["Sales asks"]),
        ("view=list&query=SUCCESS", ["Success asks", "Sales asks Success"]),
        ("view=list&query=%25", []),
        ("view=list&late=1", []),
        ("view=list&age=7&order=age&from=sales", ["Sales asks", "Sales asks Success"]),
        ("view=list&order=new&from=sales", ["Sales asks Success", "Sales asks"]),
        ("view=list&state=done", []),
        ("from=sales&state=waiting", ["Sales asks", "Sales asks Success"]),
        ("in_time=yes", []),
        ("in_time=due", []),
        ("view=list&to=nobody&order=x&age=3&state=x&query=Otto%00%0a", ["Otto asks"]),
    ],
)
def test_what_is_looked_for_stands_in_the_address(query: str, found: list[str], sam: Person) -> None:
    assert titles(sam, query) == found


def test_words_to_look_for_do_not_open_the_themes_search(sam: Person) -> None:
    """Material takes a `q` in an address for its own, and covers the page with its dialog."""
    board = sam.get("/suggestions/").text
    assert 'name="query"' in board
    assert 'name="q"' not in board


def test_a_list_goes_on_where_it_ended(sam: Person) -> None:
    for number in range(53):
        ask(sam, f"Number {number}")
    first = titles(sam, "view=list&order=age")
    following = re.search(r'href="/suggestions/\?([^"]*after=\d+)"', sam.get("/suggestions/?view=list&order=age").text)
    assert following
    rest = titles(sam, following[1].replace("&amp;", "&"))
    assert [*first, *rest] == [f"Number {number}" for number in range(53)]


def test_an_empty_board_says_what_happens_next(sam: Person) -> None:
    assert "Nothing waits for us" in (board := sam.get("/suggestions/").text)
    assert "They answer in time, and say why." in board
    assert "Nothing was found" in sam.get("/suggestions/?view=list&query=nothing").text


def test_a_page_that_has_not_changed_is_not_sent_again(sam: Person, mia: Person) -> None:
    url = ask(sam, "Name a time")
    for path in ("/suggestions/", "/suggestions/?view=list", url):
        first = sam.get(path)
        assert first.headers["Cache-Control"] == "private, no-cache"
        assert "default-src" in first.headers["Content-Security-Policy"]
        # The clock goes on by the minute: at its turn the page is another one, and the next is the same again.
        again = [sam.get(path, **{"If-None-Match": sam.get(path).headers["ETag"]}).status_code for _ in range(2)]
        assert 304 in again
        assert mia.get(path, **{"If-None-Match": first.headers["ETag"]}).status_code == 200
    before = sam.get(url).headers["ETag"]
    mia.post(f"{url}vote/")
    assert sam.get(url, **{"If-None-Match": before}).status_code == 200


def test_it_takes_as_many_queries_however_many_there_are(sam: Person, mia: Person, database: Database) -> None:
    url = ask(sam, "The first", from_team="sales")
    mia.post(url, act="ask", body="Why?", version="1")

    rounds = count(1)

    def queries() -> list[int]:
        found, turn = [], next(rounds)
        for path in ("/suggestions/?", "/suggestions/?view=list&", "/suggestions/?view=list&order=votes&", f"{url}?"):
            with counted(database) as said:
                assert sam.get(f"{path}turn={turn}").status_code == 200  # not the page that was made before
            found.append(len(said))
        return found

    def grow(more: int) -> None:
        for number in range(more):
            other = ask(sam, f"One more {number}", from_team="sales")
            mia.post(f"{other}vote/")
            mia.post(other, act="ask" if number % 2 else "join", body="Why?", into="1", version="1")
            mia.post(f"{url}remarks/", body=f"A remark {number}")

    grow(2)
    queries()  # what is looked up once
    few = queries()
    grow(12)
    assert queries() == few
    # Who asks, how it stands, the rows, what stands beside them, how many there are, and what people are called.
    assert few[:3] == [6, 6, 6]
