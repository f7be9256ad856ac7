"""An edit changes its section and nothing else: seen by rendering the page as the wiki would, before and after."""

from __future__ import annotations

import random
from functools import cache
from pathlib import Path

import pytest
from markdown import Markdown
from mkdocs.config import load_config

from kb_server.pages.sections import Rendered, sections_of
from kb_server.wiki.editing.models import Edit
from kb_server.wiki.editing.refusing import Refused
from kb_server.wiki.editing.rules import check, check_page, check_path
from kb_server.wiki.editing.splicing import Changed, spliced

ROOT = Path(__file__).parents[3]
SECTION = "## Calling back\n\nSales calls back soon. See [the desk](desk.md).\n\n- first\n- second"
PAGE = f"""---
id: calls
title: Calls
---

# Calls

What HTML pages [ref] say, and a note.[^1]

[ref]: other.md

[^1]: A note.

## Example

    code

{SECTION}

## Example

```
## no heading
```

| a | b |
| - | - |
| 1 | 2 |

Last words <br> of the page with <!-- a comment -->, JSON and [more][].

[more]: more.md
"""
LINE = PAGE.split("\n").index("## Calling back") + 1
FINE = (
    SECTION.replace("soon", "within **one** working day"),
    SECTION.replace("## Calling back", "## When we call back"),
    SECTION + "\n- third\n\n1. one\n2. two\n\n> A quote\n",
    SECTION + "\n\n### In summer\n\nLater.\n\n| x | y |\n| - | - |\n| 1 | 2 |",
    SECTION
    + "\n\n```python\nprint(1)\n```\n\nA `{x}` and 2 < 3 and a_b_c, see <https://example.com> or <nia@example.com>.",
    SECTION + "\n\nWritten H<sub>2</sub>O, press <kbd>Esc</kbd>, [mail](mailto:nia@example.com).",
    SECTION + "\n\n!!! note\n\n    Said once more.",
    "## Calling back\n\nZwei Wörter — “genug”. 🙂",
)
HOSTILE = (
    "",
    "No heading any more",
    "##\n\nA heading without words",
    "## Calling back \\\n\nNo heading for Python-Markdown",
    "##Calling back\n\nNo heading for most",
    SECTION + "\n\nA &# B &# C",
    "!!! note\n-",
    SECTION,
    "# Calling back\n\nAnother title of the page",
    SECTION + "\n\n```\nnever closed",
    SECTION + "\n\n~~~~\nnever closed",
    SECTION + "\n\n<!-- never closed",
    SECTION + "\n\nclosed -->",
    SECTION + "\n\n<div>",
    SECTION + "\n\n<details><summary>x</summary>",
    SECTION + "\n\n<script>alert(1)</script>",
    SECTION + "\n\n<img src=x onerror=alert(1)>",
    SECTION + "\n\n<svg/onload=alert(1)>",
    SECTION + "\n\n<kbd onclick=alert(1)>x</kbd>",
    SECTION + "\n\n<kbd>never closed",
    SECTION + "\n\n[x](javascript:alert(1))",
    SECTION + "\n\n[x](java&#115;cript:alert(1))",
    SECTION + "\n\n[x](JaVa\tScRiPt:alert(1))".replace("\t", "&Tab;"),
    SECTION + "\n\n[x]( <javascript:alert(1)> )",
    SECTION + "\n\n<javascript:alert(1)>",
    SECTION + "\n\n[x]\n\n[x]: javascript:alert(1)",
    SECTION + "\n\n[x](data:text/html,x)",
    SECTION + "\n\n![x](https://example.com/x.png)",
    SECTION + "\n\n![x](//example.com/x.png)",
    SECTION + '\n\n--8<-- "/etc/passwd"',
    SECTION + '\n\n```\n--8<-- "/etc/passwd"\n```',
    SECTION + "\n\n{% include 'x' %}",
    SECTION + "\n\n{{ config }}",
    SECTION + "\n\n{! ../secret.md !}",
    SECTION + "\n\n::: os.system",
    SECTION + '\n\n```python exec="on"\nimport os\n```',
    SECTION + "\n\n[TOC]",
    SECTION + "\n\n[ref]: https://example.com/",
    SECTION + "\n\n[MORE]: https://example.com/",
    SECTION + "\n\n[^1]: Another note.",
    SECTION + "\n\nMore.[^new]\n\n[^new]: Of its own.",
    SECTION + "\n\n*[JSON]: Something else",
    SECTION + "\n\n## Example\n\nTakes the anchor of the one below",
    SECTION.replace("## Calling back", "## Example"),
    SECTION + "\n\nA word{ onclick=alert(1) }",
    SECTION + "\n\nA word{: style='x' }",
    SECTION.replace("## Calling back", "## Calling back { #example_1 }"),
    SECTION + "\n\nTurned \u202eround\u202c",
    SECTION + "\n\nZero\u200bwidth",
    SECTION + "\n\n" + "x" * 60_001,
    "---\nid: other\n---\n\n" + SECTION,
)


@cache
def markdown() -> Markdown:
    config = load_config(str(ROOT / "mkdocs.yml"))
    return Markdown(extensions=config["markdown_extensions"], extension_configs=config["mdx_configs"])


def rendered(source: str) -> list[Rendered]:
    """The sections of a page, as it would be built, without its front matter."""
    converter = markdown()
    converter.reset()
    return sections_of(converter.convert(source.split("---\n", 2)[2]), link=lambda href: href)


def others(source: str, titles: tuple[str, ...]) -> list[Rendered]:
    return [one for one in rendered(source) if one.title in titles]


def edit(after: str) -> Edit:
    return Edit("docs/calls.md", SECTION, after, LINE, "Calling back")


@pytest.mark.parametrize("after", FINE)
def test_what_somebody_writes_is_taken_and_nothing_else_changes(after: str) -> None:
    page = spliced(PAGE, edit(after))
    assert after.strip("\n") in page
    titles = ("Calls", "Example")
    assert others(page, titles) == others(PAGE, titles)
    assert page.startswith(PAGE[: PAGE.index("## Calling back")])
    assert page.endswith(PAGE[PAGE.index("\n\n## Example\n\n```") :])


@pytest.mark.parametrize("after", HOSTILE)
def test_what_would_do_more_than_say_something_is_refused(after: str) -> None:
    with pytest.raises(Refused):
        spliced(PAGE, edit(after))


@pytest.mark.parametrize("after", [*FINE, *HOSTILE])
def test_without_the_rest_of_the_page_the_same_is_refused_but_for_what_lies_there(after: str) -> None:
    """A server may have no files: it knows the sections, and puts them together."""
    above, below = PAGE[: PAGE.index("## Calling back")], PAGE[PAGE.index("\n\n## Example\n\n```") :]
    taken = True
    try:
        check(SECTION, after, above, below)
    except Refused:
        taken = False
    assert taken == (after in FINE)


@pytest.mark.slow
def test_pieces_of_hostile_texts_put_together_never_reach_beyond_the_section() -> None:
    chance = random.Random(8)
    pieces = sorted({piece for text in (*HOSTILE, *FINE, PAGE) for piece in text.split("\n")})
    pieces = [piece for piece in pieces if len(piece) < 200]
    before, taken = others(PAGE, ("Calls", "Example")), 0
    for _ in range(400):
        after = "## Calling back\n\n" + "\n".join(chance.choices(pieces, k=chance.randint(1, 6)))
        try:
            page = spliced(PAGE, edit(after))
        except Refused:
            continue
        taken += 1
        assert [one for one in others(page, ("Calls", "Example")) if one in before] == before, after
    assert taken > 20


def test_line_ends_and_the_last_one_stay_as_the_file_has_them() -> None:
    windows = PAGE.replace("\n", "\r\n").rstrip("\r\n")
    page = spliced(windows, edit(FINE[0]))
    assert page == spliced(PAGE, edit(FINE[0])).replace("\n", "\r\n").rstrip("\r\n")


def test_the_mark_of_an_encoding_stays_before_the_text() -> None:
    page = "\ufeff# Calls\n\nSoon.\n"
    assert spliced(page, Edit("docs/a.md", "# Calls\n\nSoon.", "# Calls\n\nNow.", 1)) == "\ufeff# Calls\n\nNow.\n"


def test_a_block_that_shows_how_code_is_written_may_stay_and_nobody_brings_one_in() -> None:
    shows = "````md\n```\n# code\n```\n````"
    page = f"# Writing\n\nSoon.\n\n{shows}\n\n## Z\n"
    before = page[: page.index("\n\n## Z")]
    assert "Now." in spliced(page, Edit("docs/a.md", before, before.replace("Soon", "Now"), 1))
    for after in (f"{before}\n\n{shows.replace('code', 'other')}", before.replace(shows, shows[:-1])):
        with pytest.raises(Refused):
            spliced(page, Edit("docs/a.md", before, after, 1))


def test_a_section_that_stands_elsewhere_by_now_is_found() -> None:
    moved = PAGE.replace("# Calls\n", "# Calls\n\nMore before it.\n", 1)
    assert "within **one** working day" in spliced(moved, edit(FINE[0]))


@pytest.mark.parametrize(
    ("now", "shown"),
    [
        (PAGE.replace("soon", "today"), SECTION.replace("soon", "today")),
        (PAGE.replace("- second\n", "- second\n\nAdded since.\n"), SECTION + "\n\nAdded since."),
        (PAGE.replace("## Calling back", "## Something else"), ""),
        (PAGE.replace(SECTION, ""), ""),
        (PAGE + "\n" + SECTION + "\n", None),
    ],
)
def test_a_text_that_changed_meanwhile_is_never_merged(now: str, shown: str | None) -> None:
    if shown is None:  # it stands there twice, and where it was read is where it still stands
        assert "within **one** working day" in spliced(now, edit(FINE[0]))
        now = now.replace("# Calls\n", "# Calls\n\nMore before it.\n", 1)
    with pytest.raises(Changed) as raised:
        spliced(now, edit(FINE[0]))
    assert raised.value.now == (shown or "")


@pytest.mark.parametrize("top", ["What it is.", "# Calls\n\nWhat it is."])
def test_what_stands_first_in_a_file_does_not_become_its_front_matter(top: str) -> None:
    page = f"{top}\n\n## More\n\nNothing."
    assert spliced(page, Edit("docs/a.md", top, top.replace("What", "How"), 1)).startswith(top.replace("What", "How"))
    for after in ("---\nid: x\n---\n\nText", "id: x\ntemplate: y.html\n\nText"):
        with pytest.raises(Refused):
            spliced(page, Edit("docs/a.md", top, after, 1))


@pytest.mark.parametrize("path", ["docs/a.md", "docs/roles/what-we-do.md", "docs/a_b/2026.md"])
def test_a_page_may_be_put_where_pages_are(path: str) -> None:
    assert check_path(path, "docs", {"docs/index.md"}) == path


@pytest.mark.parametrize(
    "path",
    [
        *("a.md", "docs/../a.md", "docs/.hidden.md", "docs/.git/a.md", "docs/a.txt", "docs/a.html", "docs//a.md"),
        *(
            "/docs/a.md",
            "docs/a b.md",
            "docs/A.md",
            "docs/ä.md",
            "docs/a\\b.md",
            "docs/con.md",
            "docs/.md",
            "docs/a.md\n",
        ),
        *("docs/index.md", "docs/-a.md", f"docs/{'a' * 200}.md", "docs", "docs/", "docs/a.md/", "docs/teams.yml"),
    ],
)
def test_a_page_goes_nowhere_else(path: str) -> None:
    with pytest.raises(Refused):
        check_path(path, "docs", {"docs/index.md", "docs/Index.md"})


def test_a_new_page_says_something_and_brings_in_nothing_that_acts() -> None:
    assert check_page("# Fairs\n\nWe go.\n") == "# Fairs\n\nWe go."
    for body in ("", "<script>x</script>", '--8<-- "x"', "---\nid: x\n---\n\nText"):
        with pytest.raises(Refused):
            check_page(body)
