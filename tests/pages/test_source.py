"""Where sections stand in the Markdown they came from."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pages.rendering import sections

from kb_server.pages import source


def located(text: str) -> list[tuple[str, tuple[int, int] | None]]:
    found = sections(text)
    lines = source.locate(text, [(section.level, section.title) for section in found[1:]])
    return [(section.title, at) for section, at in zip(found, lines, strict=True)]


def test_a_section_reaches_to_the_next_heading_without_blank_lines_at_its_end() -> None:
    text = "Before.\n\n## A\n\na\n\n\n## B\nb\n"
    assert located(text) == [("", (1, 1)), ("A", (3, 5)), ("B", (8, 9))]
    assert source.slice(text, (3, 5)) == "## A\n\na"


def test_front_matter_belongs_to_no_section() -> None:
    assert located("---\ntitle: x\n---\n\nBefore.\n\n## A\n") == [("", (5, 5)), ("A", (7, 7))]
    assert located("---\ntitle: x\n---\n## A\n") == [("", None), ("A", (4, 4))]


def test_front_matter_of_the_old_kind_belongs_to_no_section() -> None:
    assert source.locate("Title: x\n    and more\n\n## A\n", [(2, "A")]) == [None, (4, 4)]


@pytest.mark.parametrize("fence", ["```", "~~~", "````", "``` yaml", '``` yaml title="x"', "``` { .yaml }"])
def test_a_heading_in_code_is_none(fence: str) -> None:
    text = f"## A\n\n{fence}\n## B\n{fence.split(maxsplit=1)[0]}\n\n## B\n"
    assert located(text) == [("", None), ("A", (1, 5)), ("B", (7, 7))]


def test_a_fence_that_is_never_closed_hides_nothing() -> None:
    text = "```\n\n## A\n\nx\n"
    assert source.locate(text, [(2, "A")]) == [(1, 1), (3, 5)]


def test_a_shorter_fence_does_not_close_a_longer_one() -> None:
    text = "````\n```\n## A\n```\n````\n\n## A\n"
    assert located(text)[1:] == [("A", (7, 7))]


def test_a_longer_fence_does_not_close_a_shorter_one() -> None:
    assert source.locate("```\n````\n## A\n```\n", [(2, "A")]) == [(1, 4), None]


def test_a_fence_in_a_list_ends_with_the_list() -> None:
    assert located("- x\n\n    ```\n    a\n\n## A\n\n```\nb\n```\n")[1:] == [("A", (6, 10))]


def test_indented_code_gives_way_to_a_heading() -> None:
    assert located("x\n\n    ## A\n\n## A\n")[1:] == [("A", (5, 5))]
    assert located("## A\n\nx\n\n    ## A\n")[1:] == [("A", (1, 5))]


def test_a_fence_in_a_list_is_one() -> None:
    text = "- x\n\n    ```\n    ## A\n    ```\n\n## A\n"
    assert located(text)[1:] == [("A", (7, 7))]


def test_a_heading_in_a_comment_is_none() -> None:
    assert located("## A\n\n<!--\n## B\n-->\n\n## B\n")[2] == ("B", (7, 7))


def test_a_comment_sign_in_code_opens_no_comment() -> None:
    assert located("Write `<!--` so.\n\n## A\n\nand `-->`.\n\n## B\n")[1:] == [("A", (3, 5)), ("B", (7, 7))]


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("#channel", "channel"),
        ("## A `b` [c](d.md) ![e](f.png) ##", "A b c e"),
        ("## A {#own .wide}", "A"),
        ("## *A* **b** ~~c~~ d^2^ &amp; <b>e</b>", "A b ~~c~~ d^2 & e"),
        ("## A [b][ref] and <https://c.example>", "A b and https://c.example"),
        ("## A\\*b\\* c_d", "A*b* c_d"),
        ("## A[^1]", "A"),
        ("## [x] (y)", "[x] (y)"),
        ("A *b*\n---", "A b"),
        ("A\n===", "A"),
        ('<h2 id="x">A <em>b</em></h2>', "A b"),
        ('<h3 id="x">\nA\n</h3>', "A"),
        ("> ## A", "A"),
        ("- ## A", "A"),
        ("1. x\n\n    ### A", "A"),
    ],
)
def test_a_heading_is_found_however_it_is_written(line: str, title: str) -> None:
    text = f"## First\n\n{line}\n\ntext\n\n## Last\n\n[ref]: b.md\n[^1]: c\n"
    found = dict(located(text))
    assert title in found
    start = found[title]
    assert start is not None
    assert start[0] == 3 + line.count("\n") * ("x\n\n" in line)
    assert found["Last"] is not None


def test_a_heading_from_elsewhere_has_no_lines_and_the_rest_keep_theirs() -> None:
    text = '## A\n\n--8<-- "part.md"\n\n## C\n'
    assert source.locate(text, [(2, "A"), (2, "B, from a snippet"), (2, "C")]) == [None, (1, 3), None, (5, 5)]


def test_of_two_like_headings_each_has_its_own_lines() -> None:
    text = "## Goals\n\n### Alpha\n\n### Beta\n\n## Non-goals\n\n### Alpha\n\n### Beta\n"
    headings = [(2, "Goals"), (3, "Alpha"), (3, "Beta"), (2, "Non-goals"), (3, "Alpha"), (3, "Beta")]
    assert [at and at[0] for at in source.locate(text, headings)] == [None, 1, 3, 5, 7, 9, 11]


def test_a_heading_that_stands_there_often_does_not_outdo_two_others() -> None:
    text = "## B\n\n## C\n\n## A\n\n## A\n\n## A\n"
    assert source.locate(text, [(2, "A"), (2, "B"), (2, "C")]) == [None, None, (1, 1), (3, 9)]


def test_a_heading_whose_words_a_program_wrote_is_found_by_its_place() -> None:
    text = "## A\n\n## {{ title }}\n\n## :rocket: Launch\n\n## B\n"
    headings = [(2, "A"), (2, "Anything"), (2, "🚀 Launch"), (2, "B")]
    assert [at and at[0] for at in source.locate(text, headings)] == [None, 1, 3, 5, 7]


def test_line_numbers_are_those_of_an_editor() -> None:
    text = "a\x0cb\u2028c\x85d\r\n\r\n## A\r\n"
    assert source.locate(text, [(2, "A")]) == [(1, 1), (3, 3)]


TITLES = st.lists(
    st.tuples(st.integers(2, 4), st.sampled_from(["Goals", "Non-goals", "Alpha", "Beta *two*", "`code` C"])), max_size=8
)


@settings(max_examples=40, deadline=None)
@given(TITLES, st.lists(st.sampled_from(["text", "- item", "```\n## Goals\n```", "<!-- ## Alpha -->", ""]), min_size=8))
def test_every_heading_of_a_page_is_found_where_it_was_put(titles: list[tuple[int, str]], between: list[str]) -> None:
    lines = ["Before.", ""]
    put = []
    for (level, title), block in zip(titles, between, strict=False):
        put.append(len(lines) + 1)
        lines += ["#" * level + " " + title, "", *block.split("\n"), ""]
    assert [at[0] for _, at in located("\n".join(lines))[1:] if at] == put
