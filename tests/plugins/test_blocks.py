"""Content taken apart and put together is the same, and a definition shows what binds first."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb_mkdocs import definition
from kb_mkdocs.blocks import blocks, items, parts, with_class
from kb_mkdocs.facts import Facts, split_title, with_facts, with_title

PIECES = st.sampled_from(
    [
        "<p>",
        "</p>",
        "<h2 id='a'>",
        "</h2>",
        "<br>",
        "<img alt='a > b'>",
        "<!-- <p> -->",
        "<ul><li>",
        "</ul>",
        "text",
        "<",
        ">",
        " ",
    ]
)


@given(st.lists(PIECES, max_size=15).map("".join))
def test_taking_apart_loses_nothing_but_space_at_the_end(html: str) -> None:
    assert "".join(block.html for block in blocks(html)).rstrip() == html.rstrip()


@given(st.lists(PIECES, max_size=15).map("".join))
def test_no_markup_is_too_odd_for_the_layout(html: str) -> None:
    definition.laid_out(html, definition.Term("x", Facts()))


def test_headings_gather_what_follows_them() -> None:
    found = parts(blocks('<p>0</p>\n<h2 id="a">A</h2>\n<p>1</p>\n<h3>a</h3>\n<h2>B</h2>'))
    assert [(part.anchor, part.html.strip()) for part in found] == [
        ("", "<p>0</p>"),
        ("a", "<p>1</p>\n<h3>a</h3>"),
        ("", ""),
    ]


def test_a_heading_inside_a_box_belongs_to_the_box() -> None:
    found = parts(blocks("<div><h2>in a box</h2></div><h2>real</h2>"))
    assert [part.heading.html if part.heading else None for part in found] == [None, "<h2>real</h2>"]


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>x</p>", '<p class="k">x</p>'),
        ('\n<ol start="2"><li class="z">', '\n<ol class="k" start="2"><li class="z">'),
        ('<h2 class="a" id="b">', '<h2 class="k a" id="b">'),
    ],
)
def test_a_class_is_added_to_the_element_itself(html: str, expected: str) -> None:
    assert with_class(html, "k") == expected


@pytest.mark.parametrize(
    ("html", "count"),
    [
        ("<p>none</p>", 0),
        ("<ul><li>a</li><li>b<ul><li>inside</li></ul></li></ul>", 2),
        ("<ol>\n<li>a</li>\n</ol>\n<ul><li>b</li></ul>", 2),
        ("<div><ul><li>in a box</li></ul></div>", 0),
    ],
)
def test_only_a_parts_own_items_are_counted(html: str, count: int) -> None:
    assert items(html) == count


def test_a_page_without_a_definition_keeps_its_shape() -> None:
    html = "<h2 id='meaning'>Meaning</h2><p>Text</p>"
    assert definition.laid_out(html, definition.Term("x", Facts(owner="Lee"))) == html


def test_a_title_inside_a_box_is_not_doubled() -> None:
    html = "<div><h1>Title</h1></div>"
    assert split_title(html) == ("", html)
    assert with_title(html, "Other") == html


def test_words_of_an_author_are_shown_as_words() -> None:
    shown = with_facts(with_title("", "<i>"), Facts(owner="<script>"))
    assert "<script>" not in shown
    assert "<h1>&lt;i&gt;</h1>" in shown
