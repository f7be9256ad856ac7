"""Whatever somebody writes becomes HTML that may stand in any page, and quickly."""

from __future__ import annotations

import json
import time
from pathlib import Path
from urllib.parse import urlsplit

import html5lib
import pytest
from allowing import slower
from hypothesis import given, settings
from hypothesis import strategies as st

from kb_server.writing import markdown
from kb_server.writing.models import MOST_BYTES

CORPORA = Path(__file__).parents[3] / "shared" / "corpora"
WORK = pytest.mark.skipif(not CORPORA.is_dir(), reason="THE PUBLIC LISTS OF BAD INPUT ARE NOT HERE")
ALLOWED = {"a": {"href", "rel"}, "ol": {"start"}}


def assert_harmless(html: str) -> None:
    """By another parser than the one that cleaned it: no element, attribute or scheme that is not on the list."""
    tree = html5lib.parseFragment(html, namespaceHTMLElements=False)
    for element in tree.iter():
        if element is tree:
            continue
        assert element.tag in markdown.TAGS, html
        assert set(element.attrib) <= ALLOWED.get(element.tag, set()), html
        href = element.attrib.get("href", "")
        assert urlsplit(href).scheme in {"", "http", "https", "mailto"}, href
        assert not href.strip().lower().startswith(("javascript", "data", "vbscript")), href
    assert markdown.clean(html) == html


def dressed(text: str) -> list[str]:
    """A text by itself, and where Markdown gives it a meaning."""
    return [
        text,
        f"[x]({text})",
        f"[x](<{text}>)",
        f"<{text}>",
        f"[x]: {text}\n\n[x]",
        f"`{text}`",
        f"- {text}\n\n> {text}",
    ]


@pytest.mark.slow
@WORK
def test_nothing_on_the_public_lists_of_attacks_gets_through() -> None:
    attacks = (CORPORA / "xss.txt").read_text(encoding="utf-8", errors="replace").splitlines()
    attacks += json.loads((CORPORA / "naughty-strings.json").read_text(encoding="utf-8"))
    for attack in attacks:
        for text in dressed(attack):
            assert_harmless(markdown.rendered(text).html)


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](java\tscript:alert(1))",
        "[x](&#106;avascript:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "[x](vbscript:x)",
        "[x](file:///etc/passwd)",
        "[x][y]\n\n[y]: javascript:alert(1)",
        "<javascript:alert(1)>",
        "![x](https://elsewhere.example/pixel.png)",
        "<svg onload=alert(1)>",
        "```mermaid\ngraph TD\n```",
        "<style>*{display:none}</style>",
        "[x](https://a.example 'title\" onmouseover=alert(1)')",
    ],
)
def test_nothing_runs_and_nothing_is_fetched(text: str) -> None:
    html = markdown.rendered(text).html
    assert_harmless(html)
    assert "<img" not in html


def test_a_diagram_or_formula_stays_code() -> None:
    assert markdown.rendered("```mermaid\ngraph TD\n```").html == "<pre><code>graph TD\n</code></pre>\n"
    assert markdown.rendered("$$x^2$$").html == "<p>$$x^2$$</p>\n"


def test_people_write_what_they_are_used_to() -> None:
    made = markdown.rendered("**a** *b* `c` ~~d~~\ne\n\n1. f\n\n> g\n\n[h](https://i.example/) <j@k.example>")
    for piece in ("<strong>a</strong>", "<em>b</em>", "<code>c</code>", "<s>d</s><br>", "<li>f</li>", "<blockquote>"):
        assert piece in made.html
    assert 'href="https://i.example/"' in made.html
    assert 'rel="noopener noreferrer nofollow ugc"' in made.html
    assert made.text == "a b c d\ne\nf\ng\nh j@k.example"


PIECES = [
    "So",
    "a",
    "ß",
    "7",
    " ",
    "  ",
    "\n",
    "\n\n",
    "\n ",
    ".",
    "(x)",
    "’",
    "- ",
    "1. ",
    "*",
    "_",
    "&",
    "@",
    "<b>",
    "\t",
]


@settings(max_examples=300)
@given(st.lists(st.sampled_from(PIECES), max_size=10))
def test_a_text_in_which_there_is_nothing_to_do_reads_as_if_it_had_gone_the_long_way(pieces: list[str]) -> None:
    typed = f"So{''.join(pieces)}".strip()
    assert markdown.rendered(typed) == markdown.rendered(typed, {"nobody": "p_0"})


def test_a_hash_is_no_heading_of_the_page() -> None:
    assert markdown.rendered("# no\n\nneither\n---").html == "<p># no</p>\n<p>neither</p>\n<hr>\n"


def test_somebody_is_mentioned_by_id_wherever_it_is_text() -> None:
    mentions = {"sam": "p_1"}
    made = markdown.rendered("@sam, **@Sam**. `@sam` [@sam](x) a@sam @samuel @other", mentions)
    assert made.html.count("p_1") == 2
    assert made.text == "@sam, @Sam. @sam @sam a@sam @samuel @other"
    assert markdown.handles("@sam `@a` @b-c [@d](x) e@f") == ["sam", "b-c"]


def test_a_name_is_shown_as_text() -> None:
    made = markdown.rendered("@sam", {"sam": "p_1"})
    shown = markdown.named(made.html, lambda _: "<b onclick=x>")
    assert "&lt;b onclick=x&gt;" in shown


def test_nobody_can_write_the_marks_of_a_mention() -> None:
    made = markdown.rendered("\x02p_1\x02sam\x03")
    assert "kb-mention" in markdown.named(made.html, str)  # which is why such signs are refused before


PATTERNS = (
    *(
        "[",
        "![",
        "](",
        "*a",
        "**a",
        "a**_",
        "*a_",
        "_a",
        "`",
        "``a",
        "<",
        "<a",
        "&",
        "\\",
        "[a](",
        "[a][b",
        "[[]",
        "~~a",
    ),
    *(
        "[](",
        '[a](b"',
        "<http://",
        "a\n",
        ">[",
        "-[",
        "`a",
        "*",
        "_a_*b*",
        "***a",
        ">",
        "-",
        "1.",
        "[a]:b\n",
        "|",
        "|a\n",
    ),
    *("~~~\n", "```\n", "[a](<b", "@sam", "é", "(", "x"),
)


@pytest.mark.slow
@pytest.mark.parametrize("pattern", PATTERNS, ids=repr)
def test_no_text_of_the_longest_kind_takes_a_tenth_of_a_second(pattern: str) -> None:
    often = max(1, markdown.MOST_MARKS // max(1, len(markdown._MARK.findall(pattern))))
    padded = (pattern + "x" * (MOST_BYTES // often - len(pattern.encode()))) * often
    nested = "\n".join("  " * depth + pattern for depth in range(99))
    for text in (pattern * (MOST_BYTES // len(pattern.encode())), pattern * often, padded, nested):
        spent = min(_seconds(text) for _ in range(3))
        assert spent < 0.1 or spent < 0.1 * slower(), text[:60]


def _seconds(text: str) -> float:
    started = time.thread_time()
    markdown.rendered(text[:MOST_BYTES], {"sam": "p_1"})
    return time.thread_time() - started


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="[](){}<>*_`~!&#\\|:/@\"'\n\t ->+=.1aà\u200b\u202e\x0c", max_size=200))
def test_no_text_at_all_gets_through(text: str) -> None:
    assert_harmless(markdown.rendered(text, {"a": "p_1"}).html)
