"""Every text is a query, and means what people expect of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb_server.documents.analysis import analyser_for
from kb_server.search.grammar import LONGEST, MOST_FILTERS, MOST_TERMS, Clause, Query, parse

ENGLISH = analyser_for("en")
KNOWN = {("kind", "definition"): "definition", ("team", "sales"): "sales", ("team", "Customer Success"): "success"}


def read(text: str) -> Query:
    return parse(text, ENGLISH, lambda name, value: KNOWN.get((name, value)))


def shown(query: Query) -> list[str]:
    """The clauses as one would write them."""

    def one(clause: Clause) -> str:
        words = " ".join(clause.words)
        return f'"{words}"' if clause.quoted else words

    return [*map(one, query.wanted), *(f"-{one(clause)}" for clause in query.unwanted)]


@given(st.text(st.characters(), max_size=1_200))
def test_any_text_is_a_query(text: str) -> None:
    query = read(text)
    words = [word for clause in (*query.wanted, *query.unwanted) for word in clause.words]
    assert len(words) <= MOST_TERMS
    assert len(query.text) <= LONGEST
    query.text.encode()
    assert all(ENGLISH.words(word) == [word] for word in words)


@given(st.text('"-: kindteam in\u201c\u201d*()^~ab', max_size=40))
def test_operators_in_any_order_are_a_query(text: str) -> None:
    query = read(text)
    assert all(clause.words for clause in (*query.wanted, *query.unwanted))


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        ("qualified lead", ["qualified", "lead"]),
        ('"qualified lead" call', ['"qualified lead"', "call"]),
        ("\u201cqualified lead\u201d", ['"qualified lead"']),
        ("\u00abqualified lead\u00bb", ['"qualified lead"']),
        ("lead -cold", ["lead", "-cold"]),
        ('lead -"cold call"', ["lead", '-"cold call"']),
        ("follow-up", ["follow up"]),
        ("follow -up", ["follow", "-up"]),
        ("run kb builds --json", ["run", "kb", "builds", "json"]),
        ("it was -5 degrees", ["it", "was", "5", "degrees"]),
        ("the customer's journey", ["the", "customer", "journey"]),
        ("Café CAFE", ["cafe"]),
        ('5" screen', ["5", "screen"]),
        ('"lead', ["lead"]),
        ("C++ foo:bar a* (b) ^c NEAR", ["c", "foo bar", "a", "b", "near"]),
        ("kind:Pod team:nobody", ["kind pod", "team nobody"]),
        ("-kind:definition", ["-kind definition"]),
    ],
)
def test_a_query_means_what_people_expect(text: str, clauses: list[str]) -> None:
    assert shown(read(text)) == clauses


@pytest.mark.parametrize(
    "nothing", ["", " ", '"', '""', "-", "--", "- -", '-""', ":", "kind:", "*", "\u201c", "\x00", "!?"]
)
def test_operators_alone_are_text_or_nothing(nothing: str) -> None:
    query = read(nothing)
    assert not query.unwanted
    assert shown(query) in ([], ["kind"])


def test_the_meaning_of_a_few_filters_is_looked_up_each_once_and_the_rest_is_text() -> None:
    asked: list[str] = []

    def understood(_name: str, value: str) -> str | None:
        asked.append(value)
        return None if value == "first" else value

    values = ["first", *(f"x{number}" for number in range(80))]
    query = parse(" ".join(f"in:{value} in:{value}" for value in values), ENGLISH, understood)
    assert asked == values[:MOST_FILTERS]
    assert [value for _, value in query.filters] == values[1:MOST_FILTERS]
    assert 0 < sum(len(clause.words) for clause in query.wanted) <= MOST_TERMS


def test_filters_are_understood_by_id_and_by_name() -> None:
    query = read('lead kind:definition TEAM:"Customer Success" team:sales')
    assert shown(query) == ["lead"]
    assert query.filters == (("kind", "definition"), ("team", "success"), ("team", "sales"))


@pytest.mark.parametrize(
    ("text", "is_open"),
    [
        ("lead sc", True),
        ("lead ", False),
        ("lead.", False),
        ('"lead"', False),
        ('lead "sc', True),
        ("lead -sc", False),
        ("", False),
    ],
)
def test_only_a_word_at_the_very_end_may_go_on(text: str, is_open: bool) -> None:  # noqa: FBT001  -- a table
    assert read(text).open_end is is_open


def test_a_long_query_is_cut_not_refused() -> None:
    query = read("word " * 300_000)
    assert len(query.text) <= LONGEST
    many = read(" ".join(f"w{number}" for number in range(10_000)))
    assert len(many.wanted) == MOST_TERMS


def test_a_phrase_too_long_keeps_its_beginning() -> None:
    query = read('"' + " ".join(f"w{number}" for number in range(50)) + '" more')
    assert [len(clause.words) for clause in query.wanted] == [MOST_TERMS]
