"""What changes the digest of a text, and what does not (`meaning`, the published table)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from markdown import markdown
from pages.rendering import digest_of, hazards_of, link

from kb_server.pages.meaning import VERSION, combine, digest, meaning_of
from kb_server.pages.sections import sections_of

CHANGES = {
    "a word": ("a qualified lead", "a qualified contact"),
    "the case of a word": ("a sales lead", "a Sales lead"),
    "a negation": ("It is valid.", "It is not valid."),
    "a number": ("within 14 days", "within 15 days"),
    "a decimal point": ("3.5 %", "35 %"),
    "a space that parts words": ("no table", "notable"),
    "a full stop": ("Stop. Now", "Stop Now"),
    "a superscript": ("10^2^ leads", "102 leads"),
    "which part is raised": ("10^25^", "10^2^5"),
    "a subscript": ("x~2~", "x2"),
    "a strike-through": ("It is ~~never~~ valid", "It is never valid"),
    "an insertion": ("It is ^^never^^ valid", "It is never valid"),
    "a list item": ("- one\n- two", "- one\n- two\n- three"),
    "the order of items": ("- one\n- two", "- two\n- one"),
    "the cut between items": ("- one two\n- three", "- one\n- two three"),
    "the kind of list": ("- one\n- two", "1. one\n2. two"),
    "the nesting of a list": ("- one\n- two", "- one\n    - two"),
    "a list or a sentence": ("- one", "one"),
    "the first number of a list": ("1. one", '<ol start="4"><li>one</li></ol>'),
    "a table cell": ("|a|b|\n|-|-|\n|1|2|", "|a|b|\n|-|-|\n|1|3|"),
    "cells changing places": ("|a|b|\n|-|-|\n|1|2|", "|a|b|\n|-|-|\n|2|1|"),
    "an empty cell": ("|a|b|\n|-|-|\n|1||", "|a|b|\n|-|-|\n||1|"),
    "a row": ("|a|b|\n|-|-|\n|1|2|", "|a|b|\n|-|-|\n|1|2|\n|||"),
    "a heading's words": ("## Definition\n\nx", "## No definition\n\nx"),
    "a heading's level": ("## A\n\n### B", "## A\n\n## B"),
    "a heading or a sentence": ("## A\n\n**B**", "## A\n\n### B"),
    "a box ticked": ("- [ ] consent", "- [x] consent"),
    "a box to tick": ("- [ ] consent", "- consent"),
    "a quotation": ("> It is so.", "It is so."),
    "what stands in a box": ("!!! note\n    a\n\nb", "!!! note\n    a\n\n    b"),
    "which tab it stands in": ('=== "A"\n    x\n\n    y\n=== "B"\n    z', '=== "A"\n    x\n=== "B"\n    y\n\n    z'),
    "where a link leads": ("see [it](mql.md)", "see [it](sql.md)"),
    "which section a link leads to": ("see [it](mql.md#a)", "see [it](mql.md#b)"),
    "a link taken away": ("see [it](mql.md)", "see it"),
    "a link that leaves the wiki": ("see [it](mql.md)", "see [it](https://example.com/mql.md)"),
    "which words are the link": ("see [it](mql.md) now", "see [it now](mql.md)"),
    "a picture": ("![a](a.png)", "![a](b.png)"),
    "a picture's description": ("![a yes](a.png)", "![a no](a.png)"),
    "code": ("`a`", "`b`"),
    "quotes in code": ("`a'b`", '`a"b`'),
    "dashes in code": ("`--a`", "`-a`"),
    "indentation of code": ("```\na\nb\n```", "```\na\n  b\n```"),
    "code or words": ("`a`", "a"),
    "an abbreviation's meaning": ("MQL\n\n*[MQL]: one thing", "MQL\n\n*[MQL]: another"),
    "a term of a list of terms": ("A\n:   b", "A\n\nb"),
    "a formula": ("$a^2$", "$a_2$"),
    "feet or inches": ("6' tall", '6" tall'),
    "a footnote": ("So[^1].\n\n[^1]: Or not.", "So[^1].\n\n[^1]: Or so."),
    "a footnote's place": ("A[^1] b.\n\n[^1]: Not.", "A b[^1].\n\n[^1]: Not."),
    "an icon": ('<svg><path d="M1"/></svg>', '<svg><path d="M2"/></svg>'),
    "a frame's source": ('<iframe src="a"></iframe>', '<iframe src="b"></iframe>'),
    "the structure of a formula": (
        "<math><msup><mi>x</mi><mn>2</mn></msup></math>",
        "<math><mi>x</mi><mn>2</mn></math>",
    ),
    "a cell spanning two": (
        "<table><tr><td>a</td></tr></table>",
        '<table><tr><td colspan="2">a</td></tr></table>',
    ),
}

SAME = {
    "white space": ("a  qualified   lead", "a qualified lead"),
    "wrapping": ("a qualified lead", "a\nqualified\nlead"),
    "a line break": ("one<br>two", "one two"),
    "paragraphs": ("One.\n\nTwo.", "One. Two."),
    "a rule between paragraphs": ("One.\n\n---\n\nTwo.", "One.\n\nTwo."),
    "a no-break space": ("14\u00a0days", "14 days"),
    "a thin space": ("14\u2009days", "14 days"),
    "bold": ("it **is** so", "it is so"),
    "italic and bold": ("it *is* so", "it **is** so"),
    "marked": ("it ==is== so", "it is so"),
    "emphasis inside a word": ("in*ter*im", "interim"),
    "typographic quotes": ("“it's”", '"it’s"'),
    "German quotes": ("„so“", '"so"'),
    "French quotes": ("«\u00a0so\u00a0»", '"so"'),
    "single or double quotes": ("'so'", '"so"'),
    "an en dash": ("2–3", "2-3"),
    "an em dash": ("so — or so", "so -- or so"),
    "a minus": ("\u22125", "-5"),
    "an ellipsis": ("and …", "and ..."),
    "where an outer link leads": ("[it](https://a.example)", "[it](https://b.example/c)"),
    "an outer link": ("[it](https://a.example)", "it"),
    "a heading's id": ("## A {#one}\n\nx", "## A {#two}\n\nx"),
    "the way a heading is written": ("A\n---\n\nx", "## A ##\n\nx"),
    "the sign of a list": ("- one\n- two", "* one\n* two"),
    "the numbers of a list": ("1. one\n2. two", "1. one\n1. two"),
    "a list with air": ("- one\n- two", "- one\n\n- two"),
    "the widths of a table": ("|a|b|\n|-|-|\n|1|2|", "| a | b |\n| :--- | ---: |\n| 1 | 2 |"),
    "a class": ("it is so\n{ .kb-lead }", "it is so"),
    "the fence of code": ("```\nx\n```", "~~~ python\nx\n~~~"),
    "spaces after code": ("```\nx\n```", "```\nx  \n```"),
    "how a box folds": ('!!! note "A"\n    b', '??? tip "A"\n    b'),
    "a comment": ("so <!-- or not -->it is", "so it is"),
    "Unicode composition": ("Mu\u0308ller", "M\u00fcller"),
    "an emoji's presentation": ("☑\ufe0f done", "☑ done"),
    "wrapped Japanese": ("日本語\n文章", "日本語文章"),
    "a footnote's name": ("So[^1].\n\n[^1]: Not.", "So[^x].\n\n[^x]: Not."),
    "an emoji or its picture": ('<img class="twemoji" alt="😄" src="https://cdn.example/1f604.svg">', "😄"),
    "how a character is written": ("a &amp; b &#233;", "a & b é"),
}


@pytest.mark.parametrize(("before", "after"), CHANGES.values(), ids=CHANGES)
def test_this_changes_the_meaning(before: str, after: str) -> None:
    assert digest_of(f"## X\n\n{before}") != digest_of(f"## X\n\n{after}")


@pytest.mark.parametrize(("before", "after"), SAME.values(), ids=SAME)
def test_this_leaves_the_meaning_alone(before: str, after: str) -> None:
    assert digest_of(f"## X\n\n{before}") == digest_of(f"## X\n\n{after}")


ATTACKS = {  # ATTACKS row 28: change the meaning, keep the digest
    "a superscript taken down": ("10<sup>6</sup> leads", "106 leads"),
    "a superscript by another tag": ("10<sup>6</sup>", '10<span style="vertical-align: super">6</span>'),
    "a zero-width space in a word": ("qualified", "quali\u200bfied"),
    "a zero-width space written as a reference": ("qualified", "quali&#8203;fied"),
    "a zero-width space written by name": ("qualified", "quali&ZeroWidthSpace;fied"),
    "a soft hyphen": ("qualified", "quali\u00adfied"),
    "a word joiner": ("a b", "a\u2060 b"),
    "a Cyrillic letter in a word": ("paypal", "p\u0430ypal"),
    "a Greek letter in a word": ("POS", "P\u039fS"),
    "a Greek letter in a number": ("100", "1\u039f0"),
    "a whole word in Cyrillic letters": ("we cope", "we \u0441\u043e\u0440\u0435"),
    "a mathematical letter": ("not so", "n\U0001d428t so"),
    "text turned round": ("100 leads", "\u202e001\u202c leads"),
    "text turned round by an element": ("100 leads", '<bdo dir="rtl">001</bdo> leads'),
    "numbers turned round by an attribute": ("5 - 3", '<span dir="rtl">5 - 3</span>'),
    "text turned round by a style": ("100", '<span style="unicode-bidi: bidi-override; direction: rtl">001</span>'),
    "an HTML comment around a word": ("not valid", "<!-- not --> valid"),
    "an HTML comment around a criterion": ("- a\n- b", "- a\n<!--\n- b\n-->"),
    "a hidden word": ("valid", "valid <span hidden>for Sales</span>"),
    "a hidden word made visible": ("<span hidden>not</span> valid", "not valid"),
    "a word hidden by style": ("not valid", '<span style="display:none">not</span> valid'),
    "a word hidden by an escaped style": ("not valid", '<span style="d\\69splay:none">not</span> valid'),
    "a word hidden by size": ("not valid", '<span style="font: 0/0 a">not</span> valid'),
    "a word hidden from those who listen": ("not valid", '<span aria-hidden="true">not</span> valid'),
    "a word in a closed dialog": ("not valid", "<dialog>not</dialog> valid"),
    "a word in a template": ("not valid", "<template>not</template> valid"),
    "a word in a video": ("not valid", "<video>not</video> valid"),
    "a style sheet": ("not valid", "<style>em{display:none}</style><em>not</em> valid"),
    "a strike-through": ("not valid", "~~not~~ valid"),
    "a strike-through by style": ("not valid", '<span style="text-decoration:line-through">not</span> valid'),
    "a strike-through that does not show": ("<s>not</s> valid", '<s style="text-decoration:none">not</s> valid'),
    "a word in the colour of the page": ("not valid", "<font color=white>not</font> valid"),
    "a word on its own colour": (
        "<table><tr><td>a</td></tr></table>",
        "<table><tr><td bgcolor=#000>a</td></tr></table>",
    ),
    "a word in another scheme's colour": ("not valid", '<span data-md-color-scheme="slate">not</span> valid'),
    "a word in a class that hides": ("not valid", '<span class="kb-hidden">not</span> valid'),
    "a word in a class of the theme's": ("not valid", "*not*{.md-overlay} valid"),
    "a word in a class of ours": ("not valid", "*not*{.kb-tip} valid"),
    "a word in a class of a tool's": ("not valid", "*not*{.giscus} valid"),
    "a word that a style sheet reads from a line number": (
        "valid",
        'valid <b class="highlight" data-linenos="not"></b>',
    ),
    "a word read from a line number of code": ("`a`", '<code><span data-linenos="not">a</span></code>'),
    "a word that a style sheet reads from an attribute": ("valid", 'valid <a class="x" data-kb-told="not"></a>'),
    "a word dressed as a permanent link": ("not valid", '<em class="headerlink">not</em> valid'),
    "a word too small to see": ("not valid", "<small><small><small>not</small></small></small> valid"),
    "a box turned into a tab nobody sees": ("!!! note\n    a", '<div class="tabbed-block"><p>Note</p><p>a</p></div>'),
    "a word moved away by style": ("not valid", '<span style="margin-left: -9999px">not</span> valid'),
    "a word painted by style": ("not valid", '<span style="color: #fff">not</span> valid'),
    "the order of words by style": ("a b", '<span style="display: flex; flex-direction: row-reverse">a b</span>'),
    "a sign in a false permanent link": ('5 <a class="headerlink">≥</a> 4', '5 <a class="headerlink">≤</a> 4'),
    "a sign in a false line number": ('5 <span class="lineno">&lt;</span> 4', '5 <span class="lineno">&gt;</span> 4'),
    "a picture for other screens": ('<img alt="a" src="a.png">', '<img alt="a" src="a.png" srcset="b.png 2x">'),
    "a picture nobody sees": ('<img alt="a" src="a.png">', '<img alt="a" src="a.png" width="1" height="1">'),
    "a part of a picture": ("![a](a.svg)", "![a](a.svg#other)"),
    "an internal link retargeted": ("[MQL](mql.md)", "[MQL](sql.md)"),
    "an internal link's section": ("[MQL](mql.md#criteria)", "[MQL](mql.md#examples)"),
    "a picture exchanged": ("![a](a.png)", "![a](b.png)"),
    "a picture that claims to be an emoji": ('<img class="twemoji" alt="👍" src="a.png">', "👍"),
    "words in a false permanent link": ("valid", 'valid <a class="headerlink" href="#x">never</a>'),
    "words in a false footnote": ("valid", '<div class="footnote"><p>never</p></div>\n\nvalid'),
    "a word in a false footnote's mark": (
        "valid[^1]\n\n[^1]: n",
        'valid<sup><a class="footnote-ref" href="#fn:1">never</a></sup>[^1]\n\n[^1]: n',
    ),
    "a number in a false footnote's mark": (
        "10[^1]\n\n[^1]: n",
        '10<sup><a class="footnote-ref" href="#fn:1">5</a></sup>[^1]\n\n[^1]: n',
    ),
    "another number in a false footnote's mark": (
        '10<sup><a class="footnote-ref" href="#fn:1">5</a></sup>[^1]\n\n[^1]: n',
        '10<sup><a class="footnote-ref" href="#fn:1">6</a></sup>[^1]\n\n[^1]: n',
    ),
    "words in a false line number": ("```\nx\n```", '<pre><span class="linenos">never</span>x</pre>'),
    "an emptied footnote": ("valid[^1]\n\n[^1]: Not in May.", "valid[^1]\n\n[^1]: In May."),
    "an exception below a deeper heading": ("a\n\n### b\n\nc", "a\n\n### b\n\nnever c"),
    "a default in a form": ("valid", 'valid <input type="text" value="never">'),
    "a control character": ("valid", "val\x05id"),
    "a control character that imitates structure": ("10<sup>6</sup>", "10&#1;sup&#2;6&#1;/sup&#2;"),
    "a character that could not be read": ("valid", "val\ufffdid"),
    "a flag's hidden message": ("🏴 us", "🏴\U000e0067\U000e0065 us"),
    "a variation selector out of place": ("valid", "val\ufe0fid"),
    "a joiner out of place": ("valid", "val\u200did"),
    "a filler that looks like a space": ("a b", "a\u3164b"),
}


SHOWN_BY_NAME = {
    "a button": '<input type="image" src="{}">',
    "a drawing's picture": '<svg><image href="{}"/></svg>',
    "a drawing's other picture": '<svg><image xlink:href="{}"/></svg>',
    "a part of another drawing": '<svg><use href="{}#a"/></svg>',
    "a picture for some screens": '<picture><source srcset="{} 2x"><img alt="a" src="x.png"></picture>',
    "a film's first picture": '<video poster="{}"></video>',
    "a thing embedded": '<embed src="{}">',
}


@pytest.mark.parametrize("markup", SHOWN_BY_NAME.values(), ids=SHOWN_BY_NAME)
def test_another_picture_of_the_same_name_is_another_meaning(markup: str) -> None:
    """However it is shown; and so it is when the digest is taken again of what was kept."""
    html = f"<p>{markup.format('a.png')}</p>"
    before, after = (
        digest(sections_of(html, link=lambda _: None, image={"a.png": name, "a.png#a": name}.get)[0].meaning)
        for name in ("one", "two")
    )
    assert before != after


@pytest.mark.parametrize(("before", "after"), ATTACKS.values(), ids=ATTACKS)
def test_a_trick_changes_the_digest_or_is_reported(before: str, after: str) -> None:
    changed = digest_of(f"## X\n\n{before}") != digest_of(f"## X\n\n{after}")
    assert changed or hazards_of(f"## X\n\n{after}")


UNSEEN = [
    name
    for name in ATTACKS
    if re.search("zero|soft|joiner|turned|hidden (word|from|by)|style|closed|colour|class|dressed|small", name)
]


@pytest.mark.parametrize("name", UNSEEN)
def test_what_a_reader_cannot_see_is_reported(name: str) -> None:
    assert any(hazards_of(text) for text in ATTACKS[name])


def test_a_snippet_is_part_of_the_meaning(tmp_path: Path) -> None:
    def rendered(words: str) -> str:
        (tmp_path / "part.md").write_text(words)
        page = '## Criteria\n\n--8<-- "part.md"\n'
        settings = {"pymdownx.snippets": {"base_path": [str(tmp_path)]}, "toc": {}}
        return markdown(page, extensions=list(settings), extension_configs=settings)

    digests = {digest(sections_of(rendered(words), link=link)[1].meaning) for words in ("All of it.", "None of it.")}
    assert len(digests) == 2


def test_a_picture_is_known_by_its_content() -> None:
    def meaning(src: str, content: str | None) -> str:
        return sections_of(f'<img alt="a" src="{src}">', link=lambda _: None, image=lambda _: content)[0].meaning

    assert meaning("a.png", "same") == meaning("moved/b.png", "same")
    assert meaning("a.png", "one") != meaning("a.png", "other")
    assert meaning("a.png", None) != meaning("b.png", None)
    assert meaning('x.png" srcset="a.png', "one") != meaning('x.png" srcset="a.png', "other")


def test_a_picture_of_the_wiki_s_own_is_no_emoji_whatever_its_name() -> None:
    html = '<img alt="≤" src="img/2264.svg">'
    meanings = {sections_of(html, link=link, image=lambda _, one=one: one)[0].meaning for one in ("≤", "≥")}  # type: ignore[misc]
    assert len(meanings) == 2


def test_a_heading_that_links_to_itself_does_not_bring_its_id_in() -> None:
    def meaning(anchor: str, target: str) -> str:
        html = f'<h2 id="{anchor}"><a class="toclink" href="#{target}">A</a></h2>'
        return sections_of(html, link=lambda href: f"page{href}")[1].meaning

    assert meaning("one", "one") == meaning("two", "two")
    assert meaning("one", "one") != meaning("one", "two")


def test_a_digest_says_which_version_made_it() -> None:
    assert digest("x").startswith(f"{VERSION}:")
    assert len(digest("x")) == len(f"{VERSION}:") + 64


def test_what_is_combined_depends_on_order_and_number() -> None:
    one, other = digest("a"), digest("b")
    assert combine([one, other]) != combine([other, one])
    assert combine([one]) not in {one, combine([one, one]), combine([])}


def test_meanings_of_several_sections_are_those_of_each() -> None:
    streams = ["a “b” ", " \x03li\x05 c \x03/li\x05", "\x0e d  e\x0f f--g"]
    together = meaning_of("\x16".join(streams)).split("\x16")
    assert [part.strip() for part in together] == [meaning_of(stream).strip() for stream in streams]
