"""Any section, whatever stands in it already, however it is changed: no other section of its page changes."""

from __future__ import annotations

import random
import re

import pytest
from wiki.editing.test_edits import FINE, HOSTILE, markdown
from wiki.editing.test_reaching import BRINGS_IN, LET_OUT, STAYS

from kb_server.pages import source
from kb_server.pages.sections import Rendered, sections_of
from kb_server.wiki.editing.models import Edit
from kb_server.wiki.editing.refusing import Refused
from kb_server.wiki.editing.splicing import spliced

PAGE = """# Calls

What HTML [ref] say.

[ref]: other.md

## Sec

{}

## Example

Last [ref] words.

> ## In a box

<div>x</div> JSON

## Zed

The *last* words.

Example
-------

Set ext [ref].
"""
MORE = (
    *("***", "---", "===", "-", "=", "- ", "* ", "> ", ">", ": def", ":   ## Example", "1. x", "> q", "- > ## Example"),
    *(
        "    indented",
        "\tx",
        "  - x",
        "      y",
        "```",
        "````",
        "~~~",
        "``` {.py",
        "    ```",
        "> ```",
        "- ```",
        "`",
        "``",
    ),
    *(
        "|",
        "| a |",
        '=== "Tab"',
        "!!! note",
        "??? x",
        "$$",
        "^^^",
        "+++",
        "{: #x }",
        "{ .x }",
        "[^1]",
        "[ref][]",
        "\x0c",
    ),
    *(
        "<br",
        "<",
        "\\",
        "<kbd",
        "</kbd>",
        "<!--",
        "-->",
        "<p>",
        "<pre>",
        "</pre>",
        "<div markdown>",
        "</div>",
        "<details>",
    ),
    *("<h2>x</h2>", "<h3 id=example>Q</h3>", "## Example", "### Example", "Example", "Set", "## B { #b }", "", "", ""),
)
KNOWN = (*BRINGS_IN, *(text for both in (*LET_OUT, *STAYS) for text in both), *FINE, *HOSTILE)
PIECES = sorted(
    {line for text in KNOWN for line in text.split("\n") if len(line) < 200 and "<iframe" not in line}
) + 2 * [*MORE]
NOTES = re.compile(r'<div class="footnote">.*?</div>|<sup id="fnref.*?</sup>', re.DOTALL)
"""What is said at the end of the page whichever section it belongs to, and the numbers that lead there."""


def rendered(page: str) -> list[Rendered]:
    converter = markdown()
    converter.reset()
    return sections_of(NOTES.sub("", converter.convert(page)), link=lambda href: href)


def changed(text: str, chance: random.Random) -> str:
    """The text with a few lines more, fewer, or standing otherwise."""
    lines = text.split("\n")
    for _ in range(chance.randint(1, 3)):
        at, way = chance.randrange(0 if chance.random() < 0.1 else 1, len(lines) + 1), chance.random()
        if way < 0.4 or at == len(lines):
            lines.insert(at, chance.choice(PIECES))
        elif way < 0.7 and len(lines) > 1:
            lines.pop(at)
        else:
            lines[at] = chance.choice([f"    {lines[at]}", f"> {lines[at]}", f"- {lines[at]}", lines[at].lstrip()])
    return "\n".join(lines)


def tried(chance: random.Random) -> bool:
    """Whether a section of a page that anything may stand in was changed, and the others are as they were."""
    page = PAGE.format("\n".join(chance.choices(PIECES, k=chance.randint(1, 6))).rstrip("\n"))
    was = rendered(page)
    places = source.locate(page, [(one.level, one.title) for one in was[1:]])
    at = chance.choice([at for at, place in enumerate(places) if place])
    place = places[at]
    assert place
    before = source.slice(page, place)
    after = changed(before, chance)
    try:
        new = spliced(page, Edit("docs/a.md", before, after, place[0], "Sec"))
    except Refused:
        return False
    now = rendered(new)
    if not all(one.title for one in (*was[1:], *now[1:])):
        return False  # a heading without a word is no section that anybody could name
    rest = len(was) - at - 1
    assert (now[:at], now[len(now) - rest :]) == (was[:at], was[at + 1 :]), (page, before, after)
    return True


@pytest.mark.slow
def test_no_change_of_any_section_reaches_another_one() -> None:
    chance = random.Random(64)
    assert sum(tried(chance) for _ in range(600)) > 60


SETEXT = "Calls\n=====\n\nFirst.\n\nCalling\n-------\n\nSoon.\n\nLast\n----\n\nWords."


@pytest.mark.parametrize(
    "after", ["Calling\n  -------\n\nSoon.", "Calling\n> -------\n\nSoon.", "Calling\n    ---\n\nSoon."]
)
def test_a_heading_that_is_underlined_stays_underlined(after: str) -> None:
    """With a margin it is a rule or a paragraph, and the section one with that above it."""
    with pytest.raises(Refused, match="the line below it"):
        spliced(SETEXT, Edit("docs/a.md", "Calling\n-------\n\nSoon.", after, 6, "Calling"))
    assert "Called\n---\n\nNow." in spliced(
        SETEXT, Edit("docs/a.md", "Calling\n-------\n\nSoon.", "Called\n---\n\nNow.", 6, "Calling")
    )


@pytest.mark.parametrize(
    "section", ["## Sec\n\n/// note | x\n\nText", "## Sec\n\nText\n\n## Sec\n\nText", "Text\n\n## Sec"]
)
def test_a_section_that_reaches_beyond_itself_is_left_to_an_editor(section: str) -> None:
    with pytest.raises(Refused, match="reaches beyond it"):
        spliced(f"# T\n\n{section}\n\n## Z\n", Edit("docs/a.md", section, section.replace("Text", "More"), 3, "Sec"))
    closed = "## Sec\n\n/// note | x\n\nText\n\n///"
    assert "More" in spliced(f"{closed}\n", Edit("docs/a.md", closed, closed.replace("Text", "More"), 1, "Sec"))
