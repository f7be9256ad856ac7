"""Names of terms are found where somebody uses them, and nowhere else."""

from __future__ import annotations

import time

import pytest

from kb_server.pages.terms import Names

NAMES = Names(
    [
        ("Marketing qualified lead", "mql"),
        ("Lead", "lead"),
        ("Customer", "customer"),
        ("Sales-ready prospect", "srp"),
        ("Opportunity", "opportunity"),
        ("R&D", "rnd"),
        ("C++", "cpp"),
        ("Buyer's guide", "guide"),
        ("MQL", "mql"),
        ("SAL", "sal"),
        ("lead", "another lead"),
        (".NET", "net"),
        ("X", "x"),
    ]
)


def found(text: str) -> list[str]:
    return [f"{text[use.start : use.end]}={use.of}" for use in NAMES.found_in(text)]


@pytest.mark.parametrize(
    ("text", "uses"),
    [
        ("a marketing\nQUALIFIED Leads’ list", ["marketing\nQUALIFIED Leads=mql"]),
        (
            "sales ready prospect, Sales-ready&nbsp;prospects",
            ["sales ready prospect=srp", "Sales-ready&nbsp;prospects=srp"],
        ),
        ("opportunities, CUSTOMERS", ["opportunities=opportunity", "CUSTOMERS=customer"]),
        ("two MQLs and a SAL", ["MQLs=mql", "SAL=sal"]),
        ("the customer's lead.", ["customer=customer", "lead=lead"]),
        ("R&amp;D in C++, a buyer’s guide", ["R&amp;D=rnd", "C++=cpp", "buyer’s guide=guide"]),
        ("a marketing lead", ["lead=lead"]),
    ],
)
def test_a_name_is_found_as_people_write_it(text: str, uses: list[str]) -> None:
    assert found(text) == uses


@pytest.mark.parametrize(
    "text",
    [
        "custom leaders, leading",
        "a non-customer and a customer-facing team",
        "example.com/lead, lead.csv, lead_source, #lead, lead@example.com, team=lead",
        "Sal and her mql",
        "C and X, .NET",
        "&lead; marketing, qualified",
        "re\u0301sume\u0301 le\u0301ad, lead\u0301",
    ],
)
def test_what_only_looks_like_a_name_is_none(text: str) -> None:
    assert found(text) == []


def test_the_longest_name_counts_and_what_it_is_made_of_does_not() -> None:
    assert found("Every marketing qualified lead is a lead.") == ["marketing qualified lead=mql", "lead=lead"]


def test_there_is_nothing_to_find_without_names() -> None:
    assert not Names([])
    assert list(Names([("", "a"), ("…", "b")]).found_in("a … b")) == []


def test_a_name_has_twenty_words_at_most_lest_each_word_of_a_text_be_read_again_for_all_of_it() -> None:
    assert [use.of for use in Names([("lead " * 20, "x")]).found_in("lead " * 20)] == ["x"]
    assert not Names([("lead " * 21, "x")])


@pytest.mark.slow
@pytest.mark.alone
def test_five_hundred_names_are_sought_in_a_megabyte_in_a_time_that_grows_with_the_text() -> None:
    names = Names([(f"lead {'number ' * (at % 5)}{at}", str(at)) for at in range(500)])
    text = "Every lead of a team has number after number, and lead number number 7 is one. " * 13_000

    def took(text: str) -> float:
        started = time.process_time()
        assert {use.of for use in names.found_in(text)} == {"7"}
        return time.process_time() - started

    took(text[:1_000])
    assert took(text) < 10 * took(text[: len(text) // 4])
