"""What binds of a definition is kept such that it can be shown on any page, and in years."""

from __future__ import annotations

import pytest

from kb_mkdocs.collect import Read, collected
from kb_mkdocs.links import Addresses
from kb_server.pages.manifest import Term

HTML = """<h1 id="mql">Marketing qualified lead</h1>
<h2 id="definition">Definition<a class="headerlink" href="#definition">¶</a></h2>
<p>A contact that fits our <a href="../ideal-customer-profile/#criteria">profile</a>, see
<a href="https://example.com/x">there</a> and <a href="../../facts/plan.pdf">the plan</a>.</p>
<h2 id="criteria">Criteria</h2>
<ol><li>50 employees</li><li>In 30 days<h3 id="but">But</h3></li></ol>
<h2 id="examples">Examples</h2>
<ul><li><strong>Lead A.</strong> A joinery.</li><li>Lead B.<ul><li>with a part</li></ul></li></ul>
<h2 id="counter-examples">Counter-examples</h2>
<ol><li>Lead K.</li></ol>
<h2 id="why">Why</h2><ul><li>Because.</li></ul>"""
TEXT = (
    "# Marketing qualified lead\n\n## Definition\n\nA contact …\n\n## Criteria\n\n1. 50\n2. 30\n\n## Examples\n\n- A\n"
)
PAGES = {"definitions/mql/": "mql", "definitions/ideal-customer-profile/": "ideal-customer-profile"}


def term(html: str = HTML, kind: str = "definition") -> Term | None:
    read = Read("mql", "mql.md", "definitions/mql/", "MQL", html, TEXT, {"kind": kind})
    return collected(read, Addresses(PAGES, lambda _: None)).page.term


@pytest.fixture
def kept() -> Term:
    found = term()
    assert found
    return found


def test_only_what_binds_is_kept(kept: Term) -> None:
    assert "50 employees" in kept.html
    assert "Lead A" not in kept.html
    assert "Because" not in kept.html
    assert "50 employees" in kept.text
    assert kept.source.startswith("## Definition")
    assert kept.lines == (3, 10)


def test_title_and_aliases_are_no_part_of_what_is_agreed_to_and_the_name_in_the_sentence_is() -> None:
    def binding(html: str, title: str = "MQL", **meta: object) -> str:
        read = Read("mql", "mql.md", "definitions/mql/", title, html, TEXT, {"kind": "definition", **meta})
        return collected(read, Addresses(PAGES, lambda _: None)).page.binding

    agreed = binding(HTML)
    renamed = HTML.replace(">Marketing qualified lead<", ">Lead for Sales<")
    assert binding(renamed, "Lead for Sales", aliases=["MQL", "warm lead"], review="2027-01-01", owner="lee") == agreed
    assert binding(HTML.replace("A contact that", "An MQL is a contact that")) != agreed


def test_links_into_the_wiki_last(kept: Term) -> None:
    assert '<a href="{base}p/ideal-customer-profile/criteria/">' in kept.html
    assert '<a href="{base}facts/plan.pdf">' in kept.html
    assert '<a href="https://example.com/x">' in kept.html


def test_nothing_of_the_page_s_own_decoration_is_kept(kept: Term) -> None:
    assert "headerlink" not in kept.html
    assert "id=" not in kept.html


def test_each_example_has_a_digest_of_its_own_that_emphasis_does_not_change(kept: Term) -> None:
    assert len(set(kept.examples)) == 3
    other = term(HTML.replace("<strong>Lead A.</strong>", "Lead A."))
    assert other
    assert other.examples == kept.examples
    changed = term(HTML.replace("A joinery", "A bakery"))
    assert changed
    assert [one in kept.examples for one in changed.examples] == [False, True, True]


def test_other_pages_keep_nothing() -> None:
    assert term(kind="page") is None
