"""One letter wrong is no reason to find nothing."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from kb_server.documents.analysis import analyser_for
from kb_server.search.models import Results
from kb_server.search.spelling import Vocabulary

Put = Callable[..., None]
Ask = Callable[..., Results]


def vocabulary(*texts: str) -> Vocabulary:
    made = Vocabulary(analyser_for("en").stem)
    for number, text in enumerate(texts):
        made.put(number, text)
    return made


@pytest.mark.parametrize(
    "typed", ["marketng", "markketing", "mareting", "markering", "amrketing", "marketign", "marketings"]
)
def test_a_letter_missing_added_changed_or_swapped_is_put_right(typed: str) -> None:
    assert vocabulary("marketing sales").corrections(typed) == ["marketing"]


def test_the_word_in_most_texts_comes_first() -> None:
    assert vocabulary("lead leaf", "leaf", "least").corrections("leat") == ["leaf", "lead", "least"]


def test_a_word_is_made_of_two_that_are_more_frequent() -> None:
    known = vocabulary("hand over and", "hand over", "hand", "handover", "overhand")
    assert known.made_of("handover") == [("hand", "over")]
    for whole in ("overhandy", "hand", "handoverx", ""):
        assert known.made_of(whole) == []
    assert vocabulary("hand over handover").made_of("handover") == []


@pytest.mark.parametrize("typed", ["xx", "v1", "zzzz", "a" * 500, ""])
def test_what_is_like_no_word_stays(typed: str) -> None:
    assert vocabulary("lead v2 xy").corrections(typed) == []


def test_other_scripts_are_put_right_too() -> None:
    assert vocabulary("\u043c\u0430\u0440\u043a\u0435\u0442\u0438\u043d\u0433").corrections(
        "\u043c\u0430\u0440\u043a\u0435\u0442\u0438\u043d"
    ) == ["\u043c\u0430\u0440\u043a\u0435\u0442\u0438\u043d\u0433"]


def test_a_word_of_a_removed_text_is_known_no_more() -> None:
    words = vocabulary("lead only", "lead")
    words.put(0, "")
    assert (words.frequency("only"), words.frequency("lead"), words.documents) == (0, 1, 1)
    assert words.corrections("onlx") == []
    assert not words.begins_some("onl")


def test_following_changes_comes_to_the_same_as_starting_anew() -> None:
    source = random.Random(3)
    pool = [f"word{chr(97 + number)}" for number in range(26)]
    texts: dict[int, str] = {}
    grown = Vocabulary(str)
    for _ in range(300):
        texts[document := source.randrange(20)] = " ".join(sorted(source.sample(pool, source.randrange(5))))
        grown.put(document, texts[document])
    fresh = Vocabulary(str)
    for document, text in texts.items():
        fresh.put(document, text)
    for word in pool:
        assert grown.frequency(word) == fresh.frequency(word)
        assert grown.corrections(word + "x") == fresh.corrections(word + "x")
    assert grown.usual_length == fresh.usual_length


def test_a_misspelt_query_finds_what_was_meant_and_says_so(put: Put, ask: Ask) -> None:
    put("Qualified lead: Somebody with a need.", "Prices: On the first call.")
    results = ask("qualifed laed")
    assert (results.query, results.corrected) == ("qualifed laed", "qualified lead")
    assert [hit.url for hit in results.hits] == ["qualified-lead/"]


def test_the_correction_with_which_the_query_finds_something_wins(put: Put, ask: Ask) -> None:
    put("Lead: A lead.", "Leads: lead lead", "Load: The load test.", "Lead again: lead")
    assert ask("test lxad").corrected == "test load"


def test_what_was_typed_can_be_insisted_on(put: Put, ask: Ask) -> None:
    put("Qualified lead: Somebody.")
    results = ask("laed", exact=True)
    assert (results.corrected, results.total) == (None, 0)


def test_words_in_quotes_are_left_as_they_are(put: Put, ask: Ask) -> None:
    put("Qualified lead: Somebody.")
    assert ask('"laed"').corrected is None


def test_a_word_that_exists_is_doubted_only_when_it_stands_with_no_other(put: Put, ask: Ask) -> None:
    put(*(f"Lead {number}: scoring a lead" for number in range(8)), "Load: a load of it")
    assert ask("load scoring").corrected == "lead scoring"
    assert ask("load it").corrected is None
    assert ask("load scoring", exact=True).corrected is None
    assert ask("load scori", typing=True).corrected is None
    put(*(f"Load {number}: a load" for number in "abcd"))
    assert ask("load scoring").corrected is None
    assert ask("load").corrected is None


def test_another_ending_of_a_known_word_is_no_mistake(put: Put, ask: Ask) -> None:
    put("Lead: Somebody who calls.")
    for known in ("leads", "leading", "called"):
        assert (ask(known).corrected, ask(known).total) == (None, 1)


def test_new_words_are_known_with_the_next_search(put: Put, ask: Ask) -> None:
    put("Lead: Somebody.")
    assert ask("nurturng").total == 0
    put("Nurturing: Step by step.")
    assert ask("nurturng").corrected == "nurturing"
