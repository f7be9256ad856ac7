"""While somebody types, what was asked before stands below the box, and a click agrees with it instead."""

from __future__ import annotations

import sqlalchemy as sa
from every import every
from suggesting import House
from talking import As, Person

from kb_server.search.similar import similar

URL = "/suggestions/similar/"
ASKED = "Reasons for turning a lead down\n\nPlease tell us why a lead was turned down."


def ask(person: Person, body: str = ASKED) -> None:
    fields = {"body": body, "to_team": "marketing", "from_team": "sales"}
    assert person.post("/suggestions/", **fields).status_code == 303


def shown(person: Person, typed: str = "Why was this lead turned down? ", to: str = "") -> str:
    answer = person.client.get(URL, query_string={"q": typed, "to": to})
    assert answer.status_code == 200
    return answer.text


def test_what_was_asked_before_is_a_click_away_for_whoever_did_not_ask_it(sam: Person, mia: Person) -> None:
    ask(sam)
    for person, own in ((sam, True), (mia, False)):
        part = shown(person, to="marketing")
        assert "Reasons for turning a lead down" in part
        assert ('formaction="/s/1/vote/"' in part) is not own
    mia.post("/s/1/vote/", body="What I wrote instead")
    assert "formaction" not in shown(mia)


@every("typed", ["", "Walruses", "\x00", "x" * 6_000, "%_'\"<script>", "AND OR NEAR("])
def test_whatever_is_typed_has_an_answer(sam: Person, mia: Person, typed: str) -> None:
    ask(sam)
    assert "Reasons" not in shown(mia, typed)


def test_what_somebody_typed_is_shown_as_text(sam: Person, mia: Person) -> None:
    ask(sam, "A <script>alert(1)</script> lead was turned down")
    assert "<script>" not in shown(mia)
    assert "lead was turned down" in shown(mia)


def test_hidden_ones_do_not_appear_not_even_to_those_who_hid_them(sam: Person, mia: Person, somebody: As) -> None:
    ask(sam)
    lee = somebody("lee")
    lee.post("/s/1/hide/")
    for person in (sam, mia, lee, somebody()):
        assert "Reasons" not in shown(person)


def test_the_number_of_queries_is_the_same_however_many_are_alike(house: House) -> None:
    sent: list[str] = []

    def note(*given: object) -> None:
        sent.append(str(given[2]))

    def queries() -> int:
        sent.clear()
        assert similar(house.database, "Say by when you call back ", "marketing", viewer=house.id("mia"))
        return len(sent)

    house.ask()
    queries()
    sa.event.listen(sa.engine.Engine, "before_cursor_execute", note)
    try:
        few = queries()
        for number in range(30):
            house.ask(body=f"Say by when you call back, {number}")
        queries()  # takes in what is new
        assert queries() == few
    finally:
        sa.event.remove(sa.engine.Engine, "before_cursor_execute", note)
