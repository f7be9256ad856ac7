"""The first use of each term on a page is a link to its definition, and nothing else of the page is another."""

from __future__ import annotations

import re
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as some

from kb_mkdocs.terms import Terms
from kb_server.pages.manifest import Page, Section

WORD = re.compile(r'<a class="kb-term"[^>]*>(.*?)</a>', re.DOTALL)
KNOWS = re.compile(r' data-kb-term="[^"]*" data-kb-name="[^"]*" data-kb-says="[^"]*"')


def definition(page_id: str, title: str, says: str, *aliases: str) -> Page:
    said = Section("definition", "Definition", 2, f"{says}\nAnd more.", "", None, "")
    return Page(page_id, "definition", f"d/{page_id}/", title, f"{page_id}.md", aliases=aliases, sections=(said,))


TERMS = Terms(
    [
        definition("lead", "Lead", 'Somebody who "asked" us & waits.', "prospect"),
        definition("mql", "Marketing qualified lead", "A lead we hand over.", "MQL"),
        definition("empty", "Nothing", ""),
    ],
    for_server=True,
)
PAGE = Page("p", "page", "how/we-work/", "How we work", "p.md", links=("lead", "other"))
LEADS = {"../../d/lead/": "lead", "../../d/lead/#criteria": "lead#criteria", "../other/": "other"}


def marked(html: str, page: Page = PAGE) -> str:
    return TERMS.marked(html, page, LEADS.get)


def uses(html: str) -> list[str]:
    return WORD.findall(marked(html))


def test_a_term_is_a_link_that_knows_what_the_build_says_of_it() -> None:
    assert marked("<p>Each lead counts, every lead.</p>") == (
        '<p>Each <a class="kb-term" href="../../d/lead/" data-kb-term="lead" data-kb-name="Lead"'
        ' data-kb-says="Somebody who &quot;asked&quot; us &amp; waits.">lead</a> counts, every lead.</p>'
    )


def test_only_the_first_use_of_a_term_is_marked_whatever_it_is_called() -> None:
    assert uses("<p>An MQL</p><ul><li>A prospect, a lead, a marketing qualified lead</li></ul>") == ["MQL", "prospect"]


def test_the_name_of_a_team_is_no_use_of_a_term_that_it_begins_with() -> None:
    terms = Terms([definition("lead", "Lead", "Somebody.")], ["Lead Success"], for_server=True)
    assert WORD.findall(terms.marked("<p>Lead Success wants a lead.</p>", PAGE, LEADS.get)) == ["lead"]


def test_terms_are_marked_in_lists_and_tables_and_emphasis() -> None:
    assert uses("<table><tr><td>a <strong>lead</strong></td><td>MQLs</td></tr></table>") == ["lead", "MQLs"]


def test_headings_links_code_and_quotes_stay_as_they_are() -> None:
    quiet = (
        "<h2>Lead</h2><h4><em>Lead</em></h4><th>Lead</th><dt>lead</dt><a href='x'>a <b>lead</b></a><code>lead</code>"
        "<pre><code><i>lead</i></code></pre><blockquote><p>A lead</p><blockquote>lead</blockquote>x</blockquote>"
        "<summary>lead</summary><abbr title='x'>lead</abbr><!-- lead --><img alt='a lead' src='x'><del>lead</del>"
        '<p class="admonition-title">Lead</p><div class="x arithmatex">lead<div>lead</div>lead</div>'
    )
    assert marked(quiet) == quiet
    assert uses(f"{quiet}<p>A lead</p>") == ["lead"]


def test_a_link_of_the_authors_to_a_definition_is_a_first_use() -> None:
    html = '<p><a href="../other/">o</a> <a class="x" href="../../d/lead/">these</a>, a lead</p>'
    made = marked(html)
    assert WORD.findall(made) == []
    assert 'href="../../d/lead/" data-kb-term="lead"' in made
    assert KNOWS.sub("", made) == html


def test_a_link_into_a_definition_or_behind_its_first_use_stays_as_it_is() -> None:
    html = '<p><a href="../../d/lead/#criteria">c</a> a lead <a href="../../d/lead/">these</a></p>'
    assert len(KNOWS.findall(marked(html))) == 1
    assert uses(html) == ["lead"]


def test_a_definition_does_not_mark_itself_and_names_others() -> None:
    own = definition("mql", "Marketing qualified lead", "x")
    assert WORD.findall(marked("<p>An MQL is a lead</p>", own)) == ["lead"]


def test_a_page_may_have_its_terms_unmarked_and_a_live_page_has_none() -> None:
    html = "<p>A lead</p>"
    assert marked(html, replace(PAGE, meta={"terms": False})) == html
    assert marked(html, replace(PAGE, shell="search")) == html


def test_on_a_static_host_there_is_nobody_to_ask() -> None:
    alone = Terms([definition("lead", "Lead", "Somebody.")], for_server=False)
    assert 'data-kb-term="" data-kb-name="Lead"' in alone.marked("<p>lead</p>", PAGE, LEADS.get)


def deepest(html: str) -> int:
    """How many links stand in one another at most."""
    depths, depth = [0], 0
    for tag in re.findall(r"</?a\b", html):
        depth += 1 if tag == "<a" else -1
        depths.append(depth)
    return max(depths)


TEXT = some.sampled_from(
    [
        "lead",
        "Leads",
        "MQL",
        "marketing qualified lead",
        "a < b",
        "&amp;",
        "&lt;lead&gt;",
        " ",
        "-",
        "prospect.",
        '"',
        "’s",
    ]
)
TREE = some.recursive(
    some.lists(TEXT, max_size=5).map(" ".join),
    lambda inner: (
        some.tuples(
            some.sampled_from(["p", "em", "h2", "td", "code", "blockquote", "li", 'div class="x"', "details"]),
            inner,
            inner,
        ).map(lambda made: f"<{made[0]}>{made[1]}</{made[0].split()[0]}>{made[2]}<br/><!--lead-->")
        | inner.map(lambda made: re.sub(r"</?a\b[^>]*>", "", made)).map(
            lambda made: f'<a href="../../d/lead/">{made}</a>'
        )
    ),
    max_leaves=12,
)


@given(TREE)
def test_whatever_a_page_is_made_of_only_links_come_and_none_stands_in_another(html: str) -> None:
    made = marked(html)
    assert KNOWS.sub("", WORD.sub(r"\1", made)) == html
    assert deepest(made) <= 1
    assert len(KNOWS.findall(made)) == len(set(re.findall(r'data-kb-term="(\w+)"', made)))
