"""What stands around the cases: links, images, headings that are none, pages that cannot be read whole."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pages.rendering import link, sections

from kb_server.pages.sections import Rendered, sections_of, with_subsections

NAUGHTY = Path(__file__).parents[2].parent / "shared" / "corpora" / "naughty-strings.json"


def read(html: str) -> list[Rendered]:
    return sections_of(html, link=link)


def test_an_empty_page_has_one_section_without_a_name() -> None:
    assert read("") == [Rendered("", "", 1, "", "", (), ())]


def test_links_are_named_once_and_in_the_order_of_the_text() -> None:
    html = '<p><a href="b.md#x">b</a> <a href="a.md">a</a> <a href="b.md">b</a> <a href="https://c.example">c</a></p>'
    assert read(html)[0].links == ("b", "a")


def test_every_link_is_asked_for_as_it_is_written() -> None:
    asked: list[str] = []
    sections_of('<a href="../x/?y=1&amp;z#q">x</a><a id="here"></a>', link=asked.append)
    assert asked == ["../x/?y=1&z#q"]


def test_every_image_is_asked_for_and_its_description_can_be_found() -> None:
    asked: list[str] = []
    (section,) = sections_of('<img src="a.png" alt="The funnel">', link=link, image=asked.append)
    assert asked == ["a.png"]
    assert section.text == "The funnel"


def test_the_titles_of_a_drawing_can_be_found_and_its_shapes_cannot() -> None:
    svg = "<svg><title>The funnel</title><desc>narrows</desc><style>a{}</style><text>12</text></svg>"
    (section,) = read(f"<p>See {svg}</p>")
    assert section.text == "See The funnel narrows"
    assert section.hazards == ()


def test_scripts_and_styles_are_no_text_and_are_reported() -> None:
    (section,) = read("<p>a</p><script>var leads = 1</script><style>p{color:red}</style>")
    assert section.text == "a"
    assert len(section.hazards) == 2


def test_a_heading_without_an_id_joins_the_section_before() -> None:
    first, second = read('<h2 id="a">A</h2><p>x</p><h2>B</h2><p>y</p>')
    assert (first.text, second.anchor, second.text) == ("", "a", "x\nB\ny")


def test_only_the_first_title_names_the_page() -> None:
    found = read('<h1 id="a">A</h1><p>x</p><h1 id="b">B</h1><p>y</p>')
    assert [(section.anchor, section.level, section.title) for section in found] == [("", 1, "A"), ("b", 1, "B")]


def test_a_page_nested_too_deep_says_that_something_is_missing() -> None:
    found = read("<blockquote>" * 300 + "lost")
    assert any("not read" in hazard for hazard in found[0].hazards)


def test_what_a_hidden_part_says_is_kept_out_of_the_text_with_its_headings() -> None:
    found = read('<div hidden><h2 id="x">No</h2><p>secret</p></div><h2 id="y">Yes</h2>')
    assert [section.anchor for section in found] == ["", "y"]
    assert "secret" not in found[0].text
    assert "No secret" in found[0].hazards[0]


def test_what_hides_several_sections_is_reported_in_each_of_them() -> None:
    found = read('<div class="md-nav"><h2 id="x">X</h2><p>a</p><h2 id="y">Y</h2><p>b</p></div><h2 id="z">Z</h2>')
    assert [len(section.hazards) for section in found] == [0, 1, 1, 0]


@pytest.mark.parametrize("name", ["kb-hue-plum", "kb-from-server", "kb-diagram", "twemoji", "grid cards"])
def test_a_class_that_only_places_or_colours_may_be_used(name: str) -> None:
    assert read(f'<div class="{name}"><p>a</p></div>')[0].hazards == ()


def test_code_may_have_numbers_before_its_lines() -> None:
    code = '<div class="highlight"><pre><code><span data-linenos="12 ">a</span></code></pre></div>'
    assert read(code)[0] == read(code.replace(' data-linenos="12 "', ""))[0]


def test_letters_written_from_right_to_left_may_say_so() -> None:
    assert read('<p dir="rtl">שלום 5 - 3</p>')[0].hazards == ()


def test_a_part_of_a_definition_reaches_to_the_next_heading_of_its_level() -> None:
    text = "## Definition\n\na\n\n## Criteria\n\nb\n\n### Except\n\n#### In May\n\n## Examples\n\n### Criteria of old\n"
    anchors = [section.anchor for section in with_subsections(sections(text), ("definition", "criteria"))]
    assert anchors == ["definition", "criteria", "except", "in-may"]


def test_what_follows_an_unclosed_element_is_still_read() -> None:
    found = read('<div><p>a<h2 id="b">B</h2></div></div></div><p>c</p><h2 id="d">D</h2>e')
    assert [(section.anchor, section.text) for section in found] == [("", "a"), ("b", "c"), ("d", "e")]


@pytest.mark.skipif(not NAUGHTY.exists(), reason="the list of naughty strings is not here")
def test_naughty_strings_are_read_as_the_text_they_are() -> None:
    for text in json.loads(NAUGHTY.read_text(encoding="utf-8")):
        escaped = text.replace("&", "&amp;").replace("<", "&lt;")
        (section,) = read(f"<p>{escaped}</p>")
        plain = [word for word in text.split() if word.isprintable()]
        assert all(word in section.text for word in plain)
