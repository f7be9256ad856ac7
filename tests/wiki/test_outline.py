"""The anchors of headings, held against those Python-Markdown gives the same text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import markdown
import pytest

from kb_server.wiki import outline

if TYPE_CHECKING:
    from collections.abc import Iterator

EXTENSIONS = ["toc", "attr_list", "tables", "footnotes", "admonition", "def_list", "md_in_html", "pymdownx.superfences"]

CASES = {
    "plain": "# Page\n\n## One two\n\n### Three\n",
    "closed by hashes": "# Page #\n\n## One ##\n",
    "without a blank line": "Text\n## One\nText\n",
    "without a space": "#channel\n\n##other\n",
    "underlined": "Page\n====\n\nOne\n---\n\nnot one\n\n---\n",
    "equal headings": "# A\n\n## Example\n\n## Example\n\n## Example\n",
    "equal to a numbered one": "# A\n\n## Example\n\n## Example_1\n\n## Example\n",
    "an id given": "# A\n\n## One {#first}\n\n## Two { .wide #second }\n\n## Three {.wide}\n\n## First {id=third}\n",
    "an id given below": "# A\n\n## One\n\n## Other {#one}\n",
    "marks": "# A\n\n## *One* **two** `three_four` _five_ six_seven __eight__\n",
    "links and pictures": '# A\n\n## [One](two.md) ![three](four.png) [five](six.md "seven") <https://example.com/a_b>\n',
    "entities and tags": "# A\n\n## One &amp; two <br> <b>three</b> &lt;four&gt;\n",
    "escapes": "# A\n\n## One\\_two \\*three\\* four\\#\n",
    "other letters": "# Zażółć\n\n## Größe & Maß\n\n## 日本\n\n## 日本\n",
    "notes": "# A\n\n## One[^1]\n\n[^1]: Note.\n",
    "a fence": "# A\n\n```\n## no\n```\n\n~~~ md\n## no\n~~~\n\n## yes\n",
    "a comment": "# A\n\n<!--\n## no\n\n## no\n-->\n\n## yes\n",
    "a comment in code": "# A\n\nWrite `<!--`.\n\n## yes\n",
    "indented": "# A\n\n    ## no\n\n## yes\n",
    "empty": "# A\n\n##\n\n## yes\n",
    "front matter": "---\ntitle: No\n---\n\n# A\n\n## yes\n",
    "line ends of other systems": "# A\r\n\r\n## yes\r\n",
    "numbers and signs": '# A\n\n## 1. First!\n\n## 2) Second?\n\n## C++ & C#\n\n## What\'s "this"\n',
}


@pytest.mark.parametrize("source", CASES.values(), ids=CASES.keys())
def test_anchors_are_those_python_markdown_gives(source: str) -> None:
    plain = source.replace("\r\n", "\n")
    body = plain.partition("\n---\n")[2] if plain.startswith("---") else plain
    md: Any = markdown.Markdown(extensions=EXTENSIONS)
    md.convert(body)
    text = outline.read(source)
    found = [text.top, *(section.anchor for section in text.sections[1:])]
    assert [anchor for anchor in found if anchor] == list(_ids(md.toc_tokens))


def _ids(tokens: list[dict[str, Any]]) -> Iterator[str]:
    for token in tokens:
        yield token["id"]
        yield from _ids(token["children"])


def test_a_section_has_the_text_below_its_heading() -> None:
    text = outline.read("---\nid: a\n---\nBefore\n\n# Page\n\nIntro\n\nOne\n---\n\nBody\n")
    assert [(one.anchor, one.title, " ".join(one.body.split())) for one in text.sections] == [
        ("", "Page", "Before Intro"),
        ("one", "One", "Body"),
    ]
    assert text.facts == {"id": "a"}


def test_a_raw_heading_with_an_id_is_a_section_and_one_without_is_not() -> None:
    text = outline.read('# A\n\n<h2 id="one">One</h2>\n\nText\n\n<h2>Two</h2>\n\nMore\n')
    assert [one.anchor for one in text.sections] == ["", "one"]
    assert "More" in text.sections[1].body


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ("Moved to [New](new.md).", "a/new"),
        ("Moved to [New](../b/new.md#here).", "b/new"),
        ("Moved to [New](/b/new/).", "b/new"),
        ("See [New](new.md) and [Other](other.md).", ""),
        ("See [there](https://example.com/).", ""),
    ],
)
def test_the_only_page_a_text_links_to(body: str, path: str) -> None:
    assert outline.linked_path("a/old.md", body) == path
