"""What an edit could do beside saying something, by ways that are not seen in a list of forbidden words."""

from __future__ import annotations

import contextlib
import time

import pytest
from wiki.editing.test_edits import rendered

from kb_server.wiki.editing.models import Edit
from kb_server.wiki.editing.refusing import Refused
from kb_server.wiki.editing.splicing import spliced

SECTION = "## Sec\n\nText."
PAGE = """---
id: calls
---

# Calls

What HTML [ref] say, JSON too, and [the
new].

[ref]: other.md

{}

## Example

Last [ref] words.

> ## In a box

<div>x</div> JSON
"""
BRINGS_IN = (
    '-8<- "secret.md"',
    "/// html | script\nalert(1)\n///",
    "/// note | never closed",
    "> ::: os.system",
    "1. ::: os.system",
    "1. /// note",
    "### ::: os.system",
    "{# never closed",
    "{--",
    '<iframe/src="//evil@x.com">',
    '<div/x="@"onmouseover=alert(1)>',
    "x <http:x onmouseover=alert(1)> y",
    "<\x02script>alert(1)</\x02script>",
    "[x](java\nscript:alert(1))",
    "[x](javascript\\:alert(1))",
    "- [ref]: https://example.com",
    "- [zz]: javascript:alert(1)\n\n[zz]",
    "`[zz]: [x](javascript:alert(1))",
    "x]([x](javascript:alert(1))",
    "> [x](java\n> script:alert(1))",
    "> ![p](\n> //example.com/x.png)",
    "x](![p](https://example.com/x.png)",
    "x\n:   [ref]: https://example.com",
    "> [the new]: https://example.com",
    "[the\nnew]: https://example.com",
    "[zz]: x\n[ref]: https://example.com",
    "[zz]: x\n*[JSON]: other",
    "[zz]: x\n[^zz]: Stands at the end.",
    "[^a[b]: Stands at the end.",
    "[^a\nb]: Stands at the end.",
    "*[JSON] : other",
    "- *[JSON]: other",
    "![p][zz]\n\n[zz]: https://example.com/x.png",
    "![p](/&bsol;example.com/x.png)",
    "![p](&#92;/example.com/x.png)",
    "![p [b] c](https://example.com/x.png)",
    "![p\nc](https://example.com/x.png)",
    "![p `[` c](https://example.com/x.png)",
    "Words\n{ .md-overlay }",
    "Words\n{: hidden }",
    "*Words*{ hidden }",
    "*Words*{ onclick=alert(1) {b }",
    "### Words {a { .md-overlay }",
    "Words\n{ x {.md-overlay {b }",
    "$\\href{javascript:alert(1)}{x}$",
    "$\\def\\x{y}$",
    "> ## Example\n> x",
    "- ## Example",
    "!!! note\n    ## Example\n    x",
    "x\n:   ## Example",
    "- > ## Example",
    "### In a box",
    "x </kbd> y <kbd> z",
    "x <kbd/> y",
    "```\nx\n```\u3000",
)
LET_OUT = (
    ("Use `<script>alert(1)</script>` never.", "Use <script>alert(1)</script> never."),
    ("Use\n` <script>alert(1)</script> `", "Use `\n` <script>alert(1)</script> `"),
    ("Use `<script>alert(1)</script>` never.", "Use `a\n\u2029\nand `<script>alert(1)</script>` never."),
    ("Use `<script>alert(1)</script>` never.", "Use ``\nand `<script>alert(1)</script>` never."),
    ("Use `<script>alert(1)</script>` never.", "Use \\``\nand `<script>alert(1)</script>` never."),
    ("- a ` b\n- ` <script>alert(1)</script> `", "a ` b\n` <script>alert(1)</script> `"),
    ("```\n<script>alert(1)</script>\n```", "<script>alert(1)</script>"),
    ("```\n::: os.system\n```", "::: os.system"),
    ("Text\n\n    <script>alert(1)</script>", "Text\n\n<script>alert(1)</script>"),
    ("Text\n\n    <script>alert(1)</script>", "- Text\n\n    <script>alert(1)</script>"),
    ("Text\n\n    <script>alert(1)</script>", "Text\n    <script>alert(1)</script>"),
    ("Text\n\n    <script>alert(1)</script>", "!!! note\n\n    <script>alert(1)</script>"),
    ("<pre>\n[x](javascript:alert(1))\n</pre>", "[x](javascript:alert(1))"),
    ("<!--\n[x](javascript:alert(1))\n-->", "<!--\n-->\n[x](javascript:alert(1))"),
    ("<div>\nx\n</div>\n\nText", "<div>\nx\n\n\nText"),
    ("<!-- x -->\n\nText", "<!-- x \n\nText"),
    ("<!-- x -->\n\nText", "<!-- x --> &#72;&#105;\n\nText"),
    ("Text\n\n[JSON]: there.md\n\n[ref]: a.md", "Text\n\n[JSON]: there.md\n\n```\n[ref]: a.md\n```"),
)
STAYS = (
    ("Use `<div>` and <br> so.", "Use `<div>` and <br> otherwise."),
    ("<div class='x' markdown>\n\nOne.\n\n</div>", "<div class='x' markdown>\n\nOther words.\n\n</div>\n\nMore."),
    ("- a\n\n    <details>\n    x\n    </details>", "- other\n\n    <details>\n    y\n    </details>"),
    ("See ![a](https://example.com/a.png).", "See it ![a](https://example.com/a.png) here."),
    ("```html\n<p>\n```\n\nText.", "Words first.\n\n```html\n<p>\n```\n\nText."),
    ("Text.[^n]\n\n[^n]: Note.", "Text, said otherwise.[^n] And as said[^n]: more.\n\n[^n]: Note."),
    ("Text.", "A ![picture](a.png) and [a link](https://example.com), `{x}`, - [x] and {y}."),
    ("Text.", '$$\nx^2\n$$\n\n=== "A"\n\n    b\n\n- [ ] todo'),
)


def edited(before: str, after: str) -> str:
    page = PAGE.format(before)
    return spliced(page, Edit("docs/a.md", before, after, page.split("\n").index(before.split("\n", 1)[0]) + 1, "Sec"))


@pytest.mark.parametrize("brought", BRINGS_IN)
def test_nothing_that_acts_comes_in_however_it_is_written(brought: str) -> None:
    with pytest.raises(Refused):
        edited(SECTION, f"{SECTION}\n\n{brought}")


@pytest.mark.parametrize(("before", "after"), LET_OUT)
def test_what_is_only_shown_is_not_let_out_to_act(before: str, after: str) -> None:
    with pytest.raises(Refused):
        edited(f"## Sec\n\n{before}", f"## Sec\n\n{after}")


@pytest.mark.parametrize(("before", "after"), STAYS)
def test_words_around_what_stands_there_already_may_change(before: str, after: str) -> None:
    assert after in edited(f"## Sec\n\n{before}", f"## Sec\n\n{after}")


@pytest.mark.parametrize("after", ["| a | b |\n| - | - |\n| 1 | 2 |", "1. x\n\n    y", "> quote", "- one"])
def test_a_heading_that_follows_without_a_blank_line_stays_out_of_what_is_above_it(after: str) -> None:
    page = "---\nid: x\n---\n# T\n\n## Sec\ntext\n## Next\nmore **b**\n\n## Z\nzz"
    now = spliced(page, Edit("docs/a.md", "## Sec\ntext", f"## Sec\n{after}", 6, "Sec"))
    assert rendered(now)[-2:] == rendered(page)[-2:]


@pytest.mark.parametrize("before", ["> ## A\n> text", "- ## L\n\n    in li", "    ## N\n\n    boxed"])
@pytest.mark.parametrize("leave", ["out", "## A\nx", "{}\n\nout here", "> ##\n> x", "> ##A\n> x", "- ##L\n\n    in li"])
def test_a_section_in_a_list_a_quote_or_a_box_stays_in_it(before: str, leave: str) -> None:
    page = f"# T\n\n!!! note\n\n{before}\n\n## Z\n\nend"
    with pytest.raises(Refused):
        spliced(page, Edit("docs/a.md", before, leave.format(before), 5, "A"))
    assert "more" in spliced(page, Edit("docs/a.md", before, f"{before} more", 5, "A"))


def test_every_line_keeps_the_end_it_has_in_a_file_with_two_kinds() -> None:
    page = "# T\n\nx\r\ny\n\n## Sec\n\nText.\n\n## Next\r\n"
    assert spliced(page, Edit("docs/a.md", SECTION, "## Sec\n\nOther.", 6, "Sec")) == (
        "# T\n\nx\r\ny\n\n## Sec\r\n\r\nOther.\r\n\n## Next\r\n"
    )


MANY = 59_000


@pytest.mark.slow
@pytest.mark.parametrize(
    "piece",
    [
        *("{" * MANY, "{" + "=" * MANY, "{" + " " * (MANY // 2) + "=" * (MANY // 2), "![" * (MANY // 2), "[" * MANY),
        *("```a\n" * (MANY // 5), "### " + "[" * MANY, "### " + "_a " * (MANY // 3), "### x" + "#" * MANY + "x"),
        *(
            "\\`" * (MANY // 2),
            "`a" * (MANY // 2),
            "`a\n" * (MANY // 3),
            "](" * (MANY // 2),
            " ".join("`" * n for n in range(330)),
        ),
    ],
    ids=lambda piece: piece[:8].strip(),
)
def test_the_longest_edit_is_judged_soon_whatever_it_is_made_of(piece: str) -> None:
    began = time.process_time()
    with contextlib.suppress(Refused):
        edited(SECTION, f"{SECTION}\n\n{piece}")
    assert time.process_time() - began < 3
