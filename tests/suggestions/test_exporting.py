"""A list is taken away: whole, harmless to a spreadsheet, and as a program would have it."""

from __future__ import annotations

import csv
import io
import json
import time
import tracemalloc
from collections.abc import Iterator
from string import whitespace

import pytest
from allowing import within
from suggesting import House
from talking import As, Person

from kb_server.suggestions import exporting, service
from kb_server.suggestions.exporting import AT_ONCE, Listing, Row, Some
from kb_server.suggestions.models import Filter
from kb_server.writing.tables import FORMULA, MARK

CSV, JSON = "/suggestions/export.csv", "/suggestions/export.json"


def ask(person: Person, body: str, title: str = "") -> None:
    fields = {"body": body, "title": title, "to_team": "marketing", "from_team": "sales"}
    assert person.post("/suggestions/", **fields).status_code == 303


def table(person: Person, query: str = "") -> list[dict[str, str]]:
    found = person.get(f"{CSV}{query}")
    assert found.status_code == 200
    return list(csv.DictReader(io.StringIO(found.get_data(as_text=True).removeprefix(MARK))))


def test_a_list_is_a_table_in_words_with_all_its_columns(sam: Person, mia: Person) -> None:
    ask(sam, 'Say by when\n\nPeople "ask", you see; often', "Say when, please")
    mia.post("/s/1/vote/")
    answer = sam.get(CSV)
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="suggestions.csv"'
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.data.startswith(b"\xef\xbb\xbfSuggestion,Title,From,To,")
    (row,) = table(sam)
    assert (row["Suggestion"], row["Title"], row["From"], row["To"]) == (
        "S-1",
        "Say when, please",
        "Sales",
        "Marketing",
    )
    assert (row["Asked by"], row["State"], row["People who agree"]) == ("Sam", "Waiting for an answer", "1")
    assert row["Text"] == 'Say by when\n\nPeople "ask", you see; often'
    assert row["Answer due"].endswith("Z")
    assert row["Address"].endswith("/s/1/")


@pytest.mark.parametrize("sign", FORMULA)
def test_no_cell_is_a_formula(sign: str) -> None:
    row: Row = dict.fromkeys(exporting.COLUMNS, f"{sign}HYPERLINK(1)") | {"agree": 3}
    _, line = exporting.as_csv([row])
    (cells,) = csv.reader(io.StringIO(line, newline=""))
    assert {cell for cell in cells if cell != "3"} == {f"'{sign}HYPERLINK(1)"}


@pytest.mark.parametrize("sign", FORMULA[:4])
@pytest.mark.parametrize(
    "before", ["\u3000", "\u200b", " \ufeff", "Yes;", "Yes\n", "Yes\r\n  ", 'Yes;"', "Yes\t\u202e"]
)
def test_neither_is_one_behind_what_nobody_sees_nor_where_cells_are_parted_otherwise(before: str, sign: str) -> None:
    row: Row = dict.fromkeys(exporting.COLUMNS, f"{before}{sign}HYPERLINK(1)")
    _, line = exporting.as_csv([row])
    for parting in ",;\t":
        cells = [cell for row in csv.reader(line.splitlines(), delimiter=parting) for cell in row]
        assert cells
        assert not [cell for cell in cells if cell.strip(f"{whitespace}\u3000\u200b\ufeff\u202e").startswith(sign)]


def test_a_long_text_is_made_harmless_in_no_time() -> None:
    row: Row = dict.fromkeys(exporting.COLUMNS, "; " * 5_000)
    with within(0.1, time.process_time):
        assert list(exporting.as_csv([row]))


def test_what_somebody_typed_is_no_formula_in_what_the_server_sends(sam: Person) -> None:
    ask(sam, "@SUM(1+1) | cmd", "=1+1")
    (row,) = table(sam)
    assert (row["Title"], row["Text"]) == ("'=1+1", "'@SUM(1+1) | cmd")
    assert json.loads(sam.get(JSON).data)[0]["title"] == "=1+1"


def test_what_narrows_a_list_narrows_what_is_taken_away(sam: Person, mia: Person) -> None:
    for body in ("One", "Two"):
        ask(sam, body)
    mia.post("/s/2/", act="decline", body="No time", version="1")
    assert [row["Title"] for row in table(sam, "?view=list")] == ["One"]
    assert [row["State"] for row in table(sam, "?view=list&state=notnow")] == ["Not now"]
    assert table(sam, "?query=walrus") == []
    assert json.loads(sam.get(f"{JSON}?query=walrus").data) == []
    assert [one["name"] for one in json.loads(sam.get(JSON).data)] == ["S-1"]


def test_what_is_hidden_is_not_taken_away_and_nothing_by_somebody_outside(sam: Person, somebody: As) -> None:
    ask(sam, "One")
    somebody("lee").post("/s/1/hide/")
    assert table(sam) == []
    assert table(somebody("lee")) == []


def read_of(house: House) -> exporting.Read:
    def read(question: object) -> Some:
        with house.database.read() as connection:
            return question(connection)  # type: ignore[operator, no-any-return]

    return read


def test_all_of_a_long_list_is_taken_away_once_whatever_its_order(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "AT_ONCE", 3)
    for number in range(8):
        house.ask(body=f"Number {number}")
    house.vote("mia", 5)
    for order in ("due", "new", "votes", "age"):
        rows = Listing(house.roster, Filter(), order, "/").rows(read_of(house))
        names = [row["name"] for row in rows]
        assert sorted(map(str, names)) == [f"S-{number}" for number in range(1, 9)], order


@pytest.mark.slow
def test_a_list_of_any_length_takes_the_same_memory() -> None:
    def long(many: int) -> Iterator[Row]:
        return (dict.fromkeys(exporting.COLUMNS, "x" * 50) | {"agree": number} for number in range(many))

    def most(many: int) -> int:
        tracemalloc.start()
        for _ in exporting.as_csv(long(many)):
            pass
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return peak

    assert most(20 * AT_ONCE) < 2 * most(AT_ONCE)


def test_names_are_those_of_the_moment_and_a_label_stands_there(house: House) -> None:
    house.ask()
    house.do(service.label, "lee", house.one(1), ["phones", "autumn"])
    (row,) = Listing(house.roster, Filter(), "new", "https://wiki.example.com/").rows(read_of(house))
    assert (row["author"], row["labels"], row["address"]) == (
        "Sam",
        "autumn, phones",
        "https://wiki.example.com/s/1/",
    )
