"""Which words only one team's text has."""

from __future__ import annotations

import pytest

from kb_server.definitions.apart.contrast import marked, own

SALES = "A prospect who has told us a budget, and who has a say in the purchase."
MARKETING = "A prospect who came back to us twice in 30 days, and who has a say in the purchase."


def mine(text: str, *others: str) -> list[str]:
    return [piece for is_own, piece in own(text, others) if is_own]


def test_what_only_this_text_has_is_told_from_what_all_have() -> None:
    assert mine(MARKETING, SALES)[0] == "came back to"
    assert "twice in 30 days" in mine(MARKETING, SALES)
    assert not any("purchase" in piece for piece in mine(SALES, MARKETING))


def test_it_must_be_in_none_of_the_others() -> None:
    assert mine("a budget and a date", "a budget", "a date") == ["and"]


def test_alone_or_among_the_same_nothing_is_its_own() -> None:
    assert mine(SALES) == mine(SALES, SALES) == []


@pytest.mark.parametrize("text", [SALES, "", "one\ntwo  three", "🙂 é", "<b>&"])
def test_no_sign_is_lost(text: str) -> None:
    assert "".join(piece for _, piece in own(text, [MARKETING])) == text


def test_marks_stand_around_words_and_nothing_in_them_is_markup() -> None:
    html = marked([(False, "A & "), (True, " <b>, "), (True, ", ")], "blue")
    assert html == 'A &amp;  &lt;<mark class="kb-own kb-hue-blue">b</mark>&gt;, , '
