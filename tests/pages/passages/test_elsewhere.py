"""A passage that is not where it was: found where its words are new and say enough, and nowhere else."""

from __future__ import annotations

import pytest
from pages.passages.followed import carried, lines, page

from kb_server.pages.manifest import Page
from kb_server.pages.passages import CHANGED, GONE, MOVED

WORDS = [f"word{number}" for number in range(20)]
SAID = " ".join(WORDS)
ABOVE, BELOW = "Amber birch cedar delta ember frost grove heron.", "Inlet juniper kelp lotus maple north olive pearl."
OTHER = "Quartz river stone thorn umber velvet willow yarrow."
CALLS = page("calls", ("When", lines(ABOVE, SAID, BELOW)), ("Who", OTHER))
HOME = page("home", ("News", "Nothing new."))
LEFT = page("calls", ("When", lines(ABOVE, BELOW)), ("Who", OTHER))


def rewritten(left: int, size: int = 20) -> str:
    """The passage with so many of its words, among others."""
    return " ".join([*WORDS[:left], *(f"other{number}" for number in range(left, size))])


def news(*some: str) -> Page:
    return page("home", ("News", lines("Nothing new.", *some)))


def test_of_two_places_on_its_own_page_and_on_another_it_is_its_own() -> None:
    here = page("calls", ("When", lines(ABOVE, BELOW)), ("Who", lines(OTHER, SAID)))
    now = carried([CALLS, HOME], [here, news(SAID)], SAID)
    assert (now.fate, now.page, now.section) == (MOVED, "calls", "who")


@pytest.mark.parametrize(("left", "section"), [(14, "when"), (13, "who")])
def test_what_is_clearly_in_its_place_is_not_sought_elsewhere(left: int, section: str) -> None:
    after = page("calls", ("When", lines(ABOVE, rewritten(left), BELOW)), ("Who", lines(OTHER, SAID)))
    assert carried([CALLS, HOME], [after, HOME], SAID).section == section


def test_of_two_other_places_it_is_neither() -> None:
    other = page("third", ("New", SAID))
    assert carried([CALLS, HOME], [LEFT, news(SAID)], SAID).page == "home"
    assert carried([CALLS, HOME], [LEFT, news(SAID), other], SAID).fate == GONE
    twice = page("calls", ("When", lines(ABOVE, BELOW)), ("Who", lines(OTHER, SAID)), ("Why", SAID))
    assert carried([CALLS, HOME], [twice, HOME], SAID).fate == GONE


def test_of_two_other_places_it_is_the_one_that_has_what_stood_around_it() -> None:
    there, other = news(ABOVE, SAID, BELOW), page("third", ("New", "word4 word5 word6 word7"))
    after = [page("calls", ("Who", OTHER)), there, other]
    assert carried([CALLS, HOME], after, "word4 word5 word6 word7").page == "home"


def test_a_few_words_are_found_with_what_stands_around_them_and_not_without() -> None:
    few = "word4 word5 word6 word7"
    assert carried([CALLS, HOME], [LEFT, news(f"They say {few} again.")], few).fate == GONE
    now = carried([CALLS, HOME], [LEFT, news(SAID)], few)
    assert (now.page, now.quote.exact) == ("home", few)
    assert carried([CALLS, HOME], [LEFT, news("word0 word1 word2 word3 " + few)], few).page == "home"
    assert carried([CALLS, HOME], [LEFT, news(few + " word8 word9 word10 word11")], few).page == "home"


def test_what_stood_on_the_other_page_before_is_not_it() -> None:
    there = news(SAID)
    assert carried([CALLS, there], [LEFT, news(SAID, "More.")], SAID).fate == GONE


def test_a_line_that_is_common_in_the_wiki_is_nobodys_in_particular() -> None:
    forms = [page(f"form{number}", ("Form", SAID)) for number in range(5)]
    assert carried([CALLS, HOME, *forms], [LEFT, news(SAID), *forms], SAID).fate == GONE


@pytest.mark.parametrize(("left", "fate"), [(14, CHANGED), (13, GONE)])
def test_on_its_own_page_seven_words_of_ten_are_it(left: int, fate: str) -> None:
    after = page("calls", ("When", lines(ABOVE, BELOW)), ("Who", lines(OTHER, rewritten(left))))
    now = carried([CALLS, HOME], [after, HOME], SAID)
    assert now.fate == fate
    assert now.section == ("who" if fate == CHANGED else "when")


@pytest.mark.parametrize(("left", "fate"), [(17, CHANGED), (16, GONE)])
def test_on_another_page_it_takes_more(left: int, fate: str) -> None:
    now = carried([CALLS, HOME], [LEFT, news(rewritten(left))], SAID)
    assert (now.fate, now.page) == (fate, "home" if fate == CHANGED else "calls")


def test_a_rewritten_text_that_would_be_two_is_neither() -> None:
    third = page("third", ("New", rewritten(18)))
    assert carried([CALLS, HOME], [LEFT, news(rewritten(18)), third], SAID).fate == GONE
    assert carried([CALLS, HOME], [LEFT, third], SAID).page == "third"


def test_few_words_that_were_rewritten_are_followed_to_no_other_page() -> None:
    few = " ".join(WORDS[:6])
    before = page("calls", ("When", lines(ABOVE, few)), ("Who", OTHER))
    after = page("calls", ("When", ABOVE), ("Who", OTHER))
    changed = " ".join([*WORDS[:5], "other"])
    assert carried([before, HOME], [after, page("third", ("New", changed))], few).fate == GONE


def test_a_sentence_that_was_there_before_and_has_one_word_more_is_not_it() -> None:
    twin = SAID.replace("word3", "other3")
    assert carried([CALLS, news(twin)], [LEFT, news(f"{twin} now")], SAID).fate == GONE


def test_of_a_text_that_has_left_its_page_as_a_whole_a_passage_is_found_where_that_is() -> None:
    there = page("third", ("Calling", lines(ABOVE, SAID, BELOW)))
    now = carried([CALLS, HOME], [page("calls", ("Who", OTHER)), HOME, there], SAID)
    assert (now.fate, now.page, now.section, now.quote.exact) == (MOVED, "third", "calling", SAID)


def test_the_same_line_further_down_on_its_page_was_there_before() -> None:
    before = page("calls", ("When", lines(ABOVE, SAID, BELOW)), ("Who", lines(OTHER, SAID)))
    after = page("calls", ("When", lines(ABOVE, BELOW)), ("Who", lines("Read this.", OTHER, SAID)))
    assert carried([before, HOME], [after, HOME], SAID).fate == GONE
