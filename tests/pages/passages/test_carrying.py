from __future__ import annotations

import random
import time
from dataclasses import replace

import pytest
from allowing import within
from pages.passages.followed import carried, lines, page

from kb_server.pages.manifest import Page, Section
from kb_server.pages.passages import CHANGED, GONE, HERE, MOVED, Carried, Carrier, Passage, again
from kb_server.pages.quotes import Quote, found

RULE = "Sales calls back within 90 days and says in the first sentence what the person asked for."
ABOVE = "A prospect is handed over once somebody has asked for a price, a trial or a visit."
BELOW = "Marketing keeps a list of everybody who asked, and looks at it together with Sales every Monday."
OTHER = "Invoices leave the house on the last working day of the month, signed by two people from finance."


BEFORE = [page("calls", ("When", lines(ABOVE, RULE, BELOW)), ("Who", OTHER)), page("home", ("News", "Nothing new."))]


def test_a_passage_stays_where_nothing_changed() -> None:
    assert carried(BEFORE, BEFORE, RULE).fate == HERE


def test_a_passage_goes_along_when_text_is_put_above_it() -> None:
    now = carried(BEFORE, [page("calls", ("When", lines("Read this first.", ABOVE, RULE, BELOW)))], RULE)
    assert (now.fate, now.quote.exact, now.quote.position) == (HERE, RULE, len("Read this first.") + len(ABOVE) + 2)


def test_some_words_stay_when_the_sentence_around_them_changes() -> None:
    after = [page("calls", ("When", lines(ABOVE, RULE.replace("says", "tells them"), BELOW)))]
    assert carried(BEFORE, after, "within 90 days").fate == HERE


def test_one_other_number_makes_it_another_text() -> None:
    now = carried(BEFORE, [page("calls", ("When", lines(ABOVE, RULE.replace("90", "180"), BELOW)))], RULE)
    assert (now.fate, now.section, now.quote.exact) == (CHANGED, "when", RULE.replace("90", "180"))


def test_the_signs_at_its_edges_are_part_of_a_passage_that_had_such_and_of_no_other() -> None:
    quoted = RULE.replace("within 90 days", "(within 90 days)")
    before = [page("calls", ("When", lines(ABOVE, quoted, BELOW)))]
    after = [page("calls", ("When", lines(ABOVE, quoted.replace("90", "180"), BELOW)))]
    assert carried(before, after, "(within 90 days)").quote.exact == "(within 180 days)"
    assert carried(before, after, "within 90 days").quote.exact == "within 180 days"
    whole = [page("calls", ("When", RULE.replace("90", "180")))]
    assert carried([page("calls", ("When", RULE))], whole, RULE).quote.exact == RULE.replace("90", "180")
    starred = [page("calls", ("When", "*Sales* calls back.")), page("calls", ("When", "*Support* calls back."))]
    assert carried(starred[:1], starred[1:], "*Sales* calls").quote.exact == "*Support* calls"


def test_a_number_by_itself_is_followed_by_what_stands_around_it() -> None:
    now = carried(BEFORE, [page("calls", ("When", lines(ABOVE, RULE.replace("90", "180"), BELOW)))], "90")
    assert (now.fate, now.quote.exact) == (CHANGED, "180")


def test_a_box_that_was_ticked_is_another_text() -> None:
    before = [page("calls", ("When", lines("[ ] Call the prospect", "[ ] Write it down")))]
    after = [page("calls", ("When", lines("[x] Call the prospect", "[ ] Write it down")))]
    now = carried(before, after, "[ ] Call the prospect")
    assert (now.fate, now.quote.exact) == (CHANGED, "[x] Call the prospect")


def test_a_section_with_another_name_has_moved() -> None:
    now = carried(BEFORE, [page("calls", ("How soon", lines(ABOVE, RULE, BELOW)))], RULE)
    assert (now.fate, now.page, now.section) == (MOVED, "calls", "how-soon")


def test_a_passage_moves_to_another_section() -> None:
    now = carried(BEFORE, [page("calls", ("When", lines(ABOVE, BELOW)), ("Who", lines(OTHER, RULE)))], RULE)
    assert (now.fate, now.section, now.quote.exact) == (MOVED, "who", RULE)


def test_a_passage_moves_to_another_page() -> None:
    after = [page("calls", ("When", lines(ABOVE, BELOW))), page("home", ("News", lines("Nothing new.", RULE)))]
    assert carried(BEFORE, after, RULE).page == "home"


def test_a_page_with_another_name_takes_its_passages_along_even_changed_ones() -> None:
    after = [page("telephone", ("When", lines(ABOVE, RULE.replace("90", "180"), BELOW)), ("Who", OTHER)), BEFORE[1]]
    now = carried(BEFORE, after, RULE)
    assert (now.fate, now.page, now.quote.exact) == (CHANGED, "telephone", RULE.replace("90", "180"))


def test_a_few_words_of_a_page_with_another_name_are_followed_by_what_stands_around_them() -> None:
    after = [page("telephone", ("When", lines(ABOVE, RULE.replace("90", "180"), BELOW)), ("Who", OTHER)), BEFORE[1]]
    now = carried(BEFORE, after, "within 90 days")
    assert (now.fate, now.page, now.quote.exact) == (CHANGED, "telephone", "within 180 days")


def test_what_was_replaced_by_something_else_is_gone() -> None:
    assert carried(BEFORE, [page("calls", ("When", lines(ABOVE, OTHER, BELOW)))], RULE).fate == GONE
    few = "Sales writes a letter in spring to whoever the person was that moved away."
    assert carried(BEFORE, [page("calls", ("When", lines(ABOVE, few, BELOW)))], RULE).fate == GONE


def test_what_went_with_its_page_is_gone() -> None:
    assert carried(BEFORE, [BEFORE[1]], RULE).fate == GONE


def test_a_twin_that_stood_there_before_is_never_taken_for_a_passage() -> None:
    twin = RULE.replace("Sales", "Support")
    before = [*BEFORE, page("support", ("When", twin))]
    after = [page("calls", ("When", lines(ABOVE, BELOW))), page("support", ("When", twin))]
    assert carried(before, after, RULE).fate == GONE


def test_a_twin_is_none_either_when_something_beside_it_changes() -> None:
    before = [*BEFORE, page("support", ("When", lines(RULE, OTHER)))]
    after = [page("calls", ("When", lines(ABOVE, BELOW))), page("support", ("When", lines(RULE, BELOW)))]
    assert carried(before, after, RULE).fate == GONE


def test_a_twin_that_was_changed_into_the_same_words_is_none_either() -> None:
    before = [*BEFORE, page("support", ("When", RULE.replace("90", "60")))]
    after = [page("calls", ("When", lines(ABOVE, BELOW))), page("support", ("When", RULE.replace("90", "70")))]
    assert carried(before, after, RULE).fate == GONE


def test_a_line_of_a_template_is_not_sought_on_other_pages() -> None:
    form = "Which team answers for this page, and until when is it looked at again?"
    before = [page(f"p{n}", ("When", form)) for n in range(20)]
    after = [page("p0", ("When", "")), *before[1:], page("p20", ("When", form))]
    assert carried(before, after, form, on="p0").fate == GONE


def test_what_does_not_stand_where_it_is_said_to_is_gone() -> None:
    quote = found(BEFORE[0].sections[1].text, RULE)
    assert quote
    wrong = Passage("calls", "who", quote)
    pages = {one.id: one for one in BEFORE}
    assert Carrier(pages, pages).carry([wrong])[0].fate == GONE


def test_without_the_build_before_a_passage_is_found_again_by_its_own_words_alone() -> None:
    section = BEFORE[0].sections[1]
    quote = found(section.text, RULE)
    assert quote
    passage = Passage("calls", "when", quote)
    pages = {one.id: one for one in BEFORE}
    assert again(passage, section.digest, pages) == Carried(HERE, "calls", "when", quote)
    later = {"calls": page("calls", ("When", lines("More.", RULE)))}
    assert again(passage, section.digest, later).quote.position == len("More.") + 1
    twice = {"calls": page("calls", ("When", lines(RULE, RULE)))}
    assert again(passage, section.digest, twice).fate == GONE
    assert again(passage, section.digest, {}).fate == GONE


def test_the_same_comes_of_the_same() -> None:
    after = [page("calls", ("When", lines(ABOVE, RULE.replace("90", "180"), BELOW)))]
    assert carried(BEFORE, after, RULE) == carried(BEFORE, after, RULE)


WORDS = [f"word{number}" for number in range(20)]


@pytest.mark.parametrize(
    ("above", "below", "enough"),
    [
        ("kelp lotus maple", "north olive pearl", 7),
        ("kelp lotus maple", "", 9),
        ("", "north olive pearl", 9),
        ("", "", 10),
    ],
)
def test_of_a_sentence_that_was_rewritten_less_must_be_left_where_what_stands_beside_it_is(
    above: str, below: str, enough: int
) -> None:
    def fate(left: int) -> str:
        said = " ".join([*WORDS[:left], *(f"other{number}" for number in range(left, 20))])
        before, after = (f"{above} {middle} {below}".strip() for middle in (" ".join(WORDS), said))
        return carried([page("calls", ("When", before))], [page("calls", ("When", after))], " ".join(WORDS)).fate

    assert (fate(enough), fate(enough - 1)) == (CHANGED, GONE)


def test_a_few_words_left_of_a_long_passage_are_not_the_passage() -> None:
    after = [page("calls", ("When", lines(ABOVE, "Sales calls back.", BELOW)))]
    assert carried(BEFORE, after, RULE).fate == GONE


def where(before: list[Page], after: list[Page], anchor: str) -> tuple[str, str]:
    now = Carrier({one.id: one for one in before}, {one.id: one for one in after}).section("calls", anchor)
    return now.fate, now.section


def test_a_section_is_the_one_with_its_heading_or_with_most_of_its_lines() -> None:
    before = [page("calls", ("When", lines(ABOVE, RULE, BELOW)), ("Who", OTHER))]
    assert where(before, before, "when") == (HERE, "when")
    assert where(before, [page("calls", ("How soon", lines(ABOVE, RULE, BELOW)))], "when") == (HERE, "how-soon")
    assert where(before, [page("calls", ("How soon", lines(ABOVE, RULE)))], "when") == (HERE, "how-soon")
    assert where(before, [page("calls", ("How soon", ABOVE))], "when") == (GONE, "when")
    assert where(before, [page("calls", ("When", "All is new."))], "when") == (HERE, "when")
    assert where(before, [page("home", ("News", "Nothing new."))], "when") == (GONE, "when")
    assert where([], before, "when") == (HERE, "when")
    assert where(before, before, "nowhere") == (GONE, "nowhere")


def test_an_anchor_that_another_section_has_now_is_not_followed() -> None:
    before = [page("calls", ("When", lines(ABOVE, RULE, BELOW)), ("When!", OTHER))]
    after = [page("calls", ("When?", OTHER), ("When", lines(ABOVE, RULE, BELOW)))]
    renumbered = [replace(one, sections=_renumbered(one.sections)) for one in (*before, *after)]
    assert where(renumbered[:1], renumbered[1:], "when") == (HERE, "when_1")


def _renumbered(sections: tuple[Section, ...]) -> tuple[Section, ...]:
    """With the anchors that two headings of one name get."""
    first, second, third = sections
    return first, replace(second, anchor="when"), replace(third, anchor="when_1")


def test_what_stands_there_letter_by_letter_is_where_it_was_even_without_the_build_before() -> None:
    section = BEFORE[0].sections[1]
    short = Passage("calls", "when", Quote("90", "", "", section.text.index("90")))
    assert again(short, section.digest, {"calls": BEFORE[0]}).fate == HERE
    assert again(short, "another", {"calls": BEFORE[0]}).fate == GONE  # it may stand anywhere
    elsewhere = replace(short, quote=replace(short.quote, position=0))
    assert again(elsewhere, section.digest, {"calls": BEFORE[0]}).fate == GONE
    assert again(replace(short, quote=Quote("", "", "", 0)), section.digest, {"calls": BEFORE[0]}).fate == GONE


@pytest.mark.slow
def test_a_passage_in_a_section_as_long_as_a_book_is_carried_in_two_seconds() -> None:
    source = random.Random(5)
    sentences = [" ".join(f"w{int(9_000 * source.random() ** 3)}" for _ in range(12)) for _ in range(16_000)]
    edited = [f"{one} anew" if at % 3 == 0 else one for at, one in enumerate(sentences)]
    sentences[8_000], edited[8_000] = RULE, RULE.replace("90", "180")
    before, after = ([page("calls", ("When", " ".join(some)))] for some in (sentences, edited))
    assert len(before[0].sections[1].text) > 950_000
    elsewhere = [page("calls"), page("book", ("All", " ".join(edited)))]
    with within(4, time.process_time):
        assert carried(before, after, RULE).quote.exact == RULE.replace("90", "180")
        assert carried([*before, page("book")], elsewhere, RULE).fate in {CHANGED, GONE}
